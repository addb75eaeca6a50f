"""Reviews: the office looks at what wards sent, verifies it or returns it with a reason."""
