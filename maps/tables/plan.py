"""Plans: what was asked, what was chosen, and how far it got."""
