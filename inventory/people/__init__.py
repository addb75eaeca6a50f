"""People: signing in and out, accounts, sessions, reset slips."""
