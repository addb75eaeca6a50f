"""Coverage: what each place and ward has against the standard, as a stored run."""
