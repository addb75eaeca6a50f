"""Planning: what a plan starts from — sites, zones, weights, funds, supply — and who is to be reached."""
