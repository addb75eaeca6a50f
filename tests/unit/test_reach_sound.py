"""Sound: FEMA's worked example, ISO 9613's tables, the ranges of domain §2.5, directivity and sums."""

import math

import numpy as np
import pytest

from maps.reach.absorption import absorption_db_km, exact_midband
from maps.reach.sound import (
    RATED_M,
    SoundModel,
    directivity,
    energy_sum,
    fema_level,
    loss,
    off_axis,
    range_m,
    source_level,
)

OCTAVES = (125, 250, 500, 1000, 2000, 4000, 8000)
#: Absorption of domain §2.5's weather (28 °C, 80 %) in its band, 2 kHz.
ALPHA = absorption_db_km(exact_midband(2000), 28, 80)


def test_femas_worked_example_is_exact() -> None:
    assert [float(fema_level(100.0, feet * 0.3048)) for feet in (100, 200, 400, 800)] == [100, 90, 80, 70]


def test_the_fema_model_begins_at_100_ft_as_the_free_field_does() -> None:
    free, fema = (loss(model, np.array([1.0, 10.0, RATED_M])) for model in (SoundModel.FREE, SoundModel.FEMA))
    assert np.allclose(free, fema)
    beyond = loss(SoundModel.FEMA, np.array([RATED_M, 2 * RATED_M, 4 * RATED_M]))
    assert np.allclose(np.diff(beyond), 10.0)


@pytest.mark.parametrize(
    ("temperature", "humidity", "table"),
    [
        # ISO 9613-2, table 2, which is computed by ISO 9613-1 in the exact midbands.
        (10, 70, (0.4, 1.0, 1.9, 3.7, 9.7, 32.8, 117.0)),
        (20, 70, (0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6)),
        (30, 70, (0.3, 1.0, 3.1, 7.4, 12.7, 23.1, 59.3)),
        (15, 20, (0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202.0)),
        (15, 50, (0.5, 1.2, 2.2, 4.2, 10.8, 36.2, 129.0)),
        (15, 80, (0.3, 1.1, 2.4, 4.1, 8.3, 23.7, 82.8)),
    ],
)
def test_the_absorption_of_isos_table(temperature: int, humidity: int, table: tuple[float, ...]) -> None:
    for frequency, expected in zip(OCTAVES, table, strict=True):
        found = absorption_db_km(exact_midband(frequency), temperature, humidity)
        assert found == pytest.approx(expected, abs=0.06 if expected < 100 else 0.6), frequency


@pytest.mark.parametrize(
    ("temperature", "humidity", "figures"),
    [(20, 70, (2.8, 5.0, 9.0, 23.1)), (28, 80, (2.9, 7.0, 12.2, 22.2)), (30, 85, (2.8, 7.4, 13.6, 23.4))],
)
def test_the_absorption_of_hot_and_wet_air(
    temperature: int, humidity: int, figures: tuple[float, ...]
) -> None:
    """Domain §2.5 F5, computed at the nominal frequencies."""
    found = [round(absorption_db_km(f, temperature, humidity), 1) for f in (500, 1000, 2000, 4000)]
    assert tuple(found) == figures


def test_absorption_outside_of_its_formula_is_refused() -> None:
    for words in ((0.0, 20.0, 70.0), (1000.0, 200.0, 70.0), (1000.0, 20.0, 101.0), (1000.0, 20.0, math.nan)):
        with pytest.raises(ValueError, match="ISO 9613-1"):
            absorption_db_km(*words)


RANGES = {
    105: (44, 62, 52, 17, 30, 17, 56),
    110: (62, 88, 88, 30, 52, 30, 100),
    115: (88, 125, 145, 52, 88, 52, 178),
    120: (125, 176, 229, 88, 145, 88, 316),
    125: (176, 249, 346, 145, 229, 145, 562),
}
COLUMNS = (
    (SoundModel.FEMA, 0, 70),
    (SoundModel.FEMA, 0, 65),
    (SoundModel.ISO, 0, 70),
    (SoundModel.ISO, 10, 70),
    (SoundModel.ISO, 10, 65),
    (SoundModel.ISO, 15, 65),
    (SoundModel.FREE, 0, 70),
)


@pytest.mark.parametrize("level", sorted(RANGES))
def test_the_table_of_ranges(level: int) -> None:
    """Every cell of the table of domain §2.5, to the metre."""
    for (model, around, target), metres in zip(COLUMNS, RANGES[level], strict=True):
        assert float(range_m(model, level - target, ALPHA, around)) == pytest.approx(metres, abs=1.0)


def test_the_open_country_range() -> None:
    assert float(range_m(SoundModel.ISO, 115 - 65, ALPHA, 0)) == pytest.approx(229, abs=1.0)


def test_source_level_of_one_horn() -> None:
    assert float(source_level(110, 30, 1, 10)) == pytest.approx(114.77, abs=0.005)
    assert float(source_level(110, 25, 1, 0)) - 110 == pytest.approx(14.0, abs=0.05)
    assert float(source_level(110, 30, 2, 10)) == pytest.approx(117.78, abs=0.005)


@pytest.mark.parametrize("watts", [0.0, -5.0, math.nan, math.inf])
def test_no_power_is_no_sound(watts: float) -> None:
    assert float(source_level(110, watts)) == -math.inf
    assert float(range_m(SoundModel.ISO, float(source_level(110, watts)) - 65)) == 0.0


def test_a_target_that_even_a_metre_misses_has_no_range() -> None:
    assert float(range_m(SoundModel.ISO, 9.0, 12, 10)) == 0.0
    assert float(range_m(SoundModel.FREE, -0.1)) == 0.0


def test_directivity_is_six_decibels_down_at_the_edge_and_never_more_than_its_floor() -> None:
    found = directivity([0, 22.5, 45, 60, 90, 180], 90)
    assert np.allclose(found, [0, -1.5, -6, -6 * (60 / 45) ** 2, -18, -18])


@pytest.mark.parametrize(
    ("azimuth", "lobes", "bearing", "expected"),
    [
        (0, 1, 350, 10),
        (350, 1, 10, 20),
        (90, 1, 270, 180),
        (90, 2, 270, 0),  # a figure of eight
        (90, 2, 0, 90),
        (45, 4, 135, 0),
        (45, 4, 90, 45),
        (math.nan, 1, 77, 0),  # nobody wrote it: all round
    ],
)
def test_the_angle_off_the_nearest_axis(azimuth: float, lobes: int, bearing: float, expected: float) -> None:
    assert float(off_axis(azimuth, lobes, bearing)) == pytest.approx(expected)


def test_sums_of_energies() -> None:
    assert energy_sum([60, 60]) == pytest.approx(63.0103, abs=1e-4)
    assert energy_sum([60, 50]) == pytest.approx(60.4139, abs=1e-4)
    assert energy_sum([-math.inf, 60]) == pytest.approx(60)
    assert energy_sum([]) == -math.inf
