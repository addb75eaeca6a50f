"""Places: venues and polling places, how they come in and how they are listed."""
