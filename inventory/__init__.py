"""Inventory: what people saw — areas, places, standards, surveys, installations, photos, reviews."""
