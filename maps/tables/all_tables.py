"""Loads every table of maps, for migrations and for the start."""

from maps.tables import coverage, plan, planning, prices, reach
