"""Lighthouse on the field app: `make lighthouse`."""
