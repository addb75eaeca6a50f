"""Maps: what the city derives from the inventory — gaps, maps, prices, the investment list."""
