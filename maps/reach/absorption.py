"""Absorption of sound by the atmosphere, by the full formula of ISO 9613-1:1993 (clauses 6.2 to 6.4).

A pure tone of frequency f loses α dB on each metre; α follows from the temperature, the share of
water vapour and the two relaxation frequencies of oxygen and nitrogen. The tables of ISO 9613-1 and
ISO 9613-2 are computed at exact midband frequencies 1000·10^(3k/10) Hz (3981 Hz stands as "4000").
"""

import math

#: Reference pressure in kPa, reference temperature and triple point of water in kelvin (ISO 9613-1).
REFERENCE_KPA = 101.325
REFERENCE_K = 293.15
TRIPLE_POINT_K = 273.16
ZERO_CELSIUS_K = 273.15


def exact_midband(nominal_hz: float) -> float:
    """The exact midband frequency of the octave whose name is `nominal_hz`: 4000 → 3981.07 Hz."""
    return float(1000.0 * 10.0 ** (0.3 * round(math.log2(nominal_hz / 1000.0))))


def vapour_percent(temperature_c: float, humidity_percent: float, pressure_kpa: float) -> float:
    """Molar concentration h of water vapour in per cent (ISO 9613-1, annex B).

    log10(p_sat / p_r) = −6.8346·(T01 / T)^1.261 + 4.6151;  h = h_r·(p_sat / p_r) / (p_a / p_r).
    """
    kelvin = temperature_c + ZERO_CELSIUS_K
    saturation = 10.0 ** (-6.8346 * (TRIPLE_POINT_K / kelvin) ** 1.261 + 4.6151)
    return float(humidity_percent * saturation / (pressure_kpa / REFERENCE_KPA))


def relaxation_hz(kelvin: float, vapour: float, pressure: float) -> tuple[float, float]:
    """Relaxation frequencies of oxygen and nitrogen in Hz (ISO 9613-1, formulae 3 and 4).

    `vapour` is h in per cent, `pressure` is p_a / p_r.
    """
    oxygen = pressure * (24.0 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour))
    warmth = kelvin / REFERENCE_K
    nitrogen = pressure * warmth**-0.5 * (9.0 + 280.0 * vapour * math.exp(-4.170 * (warmth ** (-1 / 3) - 1)))
    return oxygen, nitrogen


def absorption_db_km(
    frequency_hz: float,
    temperature_c: float,
    humidity_percent: float,
    pressure_kpa: float = REFERENCE_KPA,
) -> float:
    """α in dB/km of a pure tone (ISO 9613-1, formula 5).

    ValueError outside of what the formula is meant for: −73 to +77 °C, 0 to 100 % of relative
    humidity, a pressure above 0 and at most 200 kPa, a frequency above 0.
    """
    within = -73.0 <= temperature_c <= 77.0 and 0.0 <= humidity_percent <= 100.0
    if not (within and 0.0 < pressure_kpa <= 200.0 and 0.0 < frequency_hz <= 1e6):
        raise ValueError("weather or frequency outside of ISO 9613-1")
    kelvin = temperature_c + ZERO_CELSIUS_K
    pressure, warmth = pressure_kpa / REFERENCE_KPA, kelvin / REFERENCE_K
    vapour = vapour_percent(temperature_c, humidity_percent, pressure_kpa)
    oxygen, nitrogen = relaxation_hz(kelvin, vapour, pressure)
    squared = frequency_hz * frequency_hz
    classical = 1.84e-11 / pressure * math.sqrt(warmth)
    vibrating = 0.01275 * math.exp(-2239.1 / kelvin) / (oxygen + squared / oxygen)
    vibrating += 0.1068 * math.exp(-3352.0 / kelvin) / (nitrogen + squared / nitrogen)
    return float(1000.0 * 8.686 * squared * (classical + warmth**-2.5 * vibrating))
