"""Neighbourhoods: khu phố and thôn with their households and voters, and where they vote."""
