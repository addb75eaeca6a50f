"""What the documents promise is there: every table, every setting, every address that stays."""

import re
from pathlib import Path

from app import create_app
from inventory import settings
from inventory.database import Base

ROOT = Path(__file__).parents[2]
ADDRESSES = (
    *("/sign-in", "/", "/places", "/places/<id>", "/places/<id>/survey", "/wards/<id>/survey"),
    *("/installations/<id>", "/reviews", "/coverage", "/coverage/runs", "/map", "/investment"),
    *("/investment.xlsx", "/investment.csv", "/standards", "/prices", "/slogans", "/people", "/trail"),
    *("/healthz", "/readyz"),
)


def test_the_data_model_names_every_table_and_column() -> None:
    text = (ROOT / "docs/data-model.md").read_text(encoding="utf-8")
    for table in Base.metadata.sorted_tables:
        assert f"**{table.name}**" in text, table.name
        for column in table.columns:
            assert f"`{column.name}`" in text, f"{table.name}.{column.name}"


def test_every_setting_is_documented_and_no_other() -> None:
    code = set(re.findall(r"TRUCQUAN_[A-Z_]+", Path(settings.__file__).read_text(encoding="utf-8")))
    readme = set(re.findall(r"TRUCQUAN_[A-Z_]+", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert readme == code


def test_addresses_that_stay(tmp_path: Path) -> None:
    app = create_app({"TRUCQUAN_DATA": str(tmp_path)})
    rules = {re.sub(r"<[^>]*>", "<id>", rule.rule) for rule in app.url_map.iter_rules()}
    assert [address for address in ADDRESSES if address not in rules] == []


def test_links_between_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", ROOT / "README.vi.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
