"""Phones: how they reach the service safely on an office network."""
