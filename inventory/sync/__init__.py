"""Sync: entries that phones push, decided by the same rules and applied by the same actions as the web form."""
