"""Field checks: somebody stands at a spot and says what is heard and read there."""
