"""Assignments: who goes to which place, route sheets, QR labels and short codes."""
