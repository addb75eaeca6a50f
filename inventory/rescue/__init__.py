"""Rescue files: a phone's whole queue in one file, taken in at the office."""
