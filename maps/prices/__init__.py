"""Prices: versioned books of unit prices in whole đồng; a book in force never changes."""
