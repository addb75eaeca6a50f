"""Sync: entries that phones push, decided by the rules and written by the actions of the web forms."""
