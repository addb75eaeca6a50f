"""History: the auditor's page of the whole trail, its check and its file."""
