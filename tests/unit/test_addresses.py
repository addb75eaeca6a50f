"""Where a form may send a browser afterwards: to a plain path of this service, and to nowhere else."""

import pytest

from inventory.addresses import next_among, safe_next

PAGES = frozenset({"/", "/coverage", "/investment", "/map"})
ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/map",
    "javascript:alert(1)",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/\tmap",
    "/map\r\nSet-Cookie: a=b",
    "/%0d%0aLocation:%20evil",
    "map",
    "/bản-đồ",
    "",
    None,
    "/" + "a" * 2000,
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_no_address_leads_elsewhere(text: str | None) -> None:
    assert safe_next(text, "/coverage") == "/coverage"
    assert next_among(PAGES, text, "/coverage") == "/coverage"


@pytest.mark.parametrize(
    "text",
    ["/", "/coverage", "/coverage?place=3&figure=verified", "/investment?part=priced#lines", "/map?ward=2"],
)
def test_one_comes_back_to_the_page_as_it_was(text: str) -> None:
    assert next_among(PAGES, text, "/coverage") == text


@pytest.mark.parametrize(
    "text",
    ["/sign-out", "/investment.xlsx", "/map/places.json", "/coverage/runs", "/coverage/../people", "/mapped"],
)
def test_other_pages_of_the_service_are_not_offered(text: str) -> None:
    assert safe_next(text) == text
    assert next_among(PAGES, text, "/coverage") == "/coverage"
