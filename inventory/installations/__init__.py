"""Installations: what stands where, how it is changed, and every earlier day of it."""
