"""What the product shows to somebody outside: its commands and plain HTTP, from an empty folder."""
