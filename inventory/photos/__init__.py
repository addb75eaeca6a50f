"""Photos: bytes that were checked, turned upright and stripped, kept under their hash."""
