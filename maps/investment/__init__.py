"""Investment: gaps become priced lines, and the lines a list that adds up."""
