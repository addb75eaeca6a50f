"""Tables of what the city derives: columns and constraints only, no rules."""
