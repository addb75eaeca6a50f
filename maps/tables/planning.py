"""The inputs of planning: sites, zones, weights, funds, lead times."""
