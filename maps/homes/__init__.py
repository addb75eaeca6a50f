"""Homes: the first page of each role."""
