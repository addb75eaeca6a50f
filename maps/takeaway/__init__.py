"""Maps to take away: the map as one HTML file that asks for nothing, and as a printed sheet."""
