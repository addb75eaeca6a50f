"""Who may ask for what: every route of the service, by hand, so that a new one has to be thought about.

Letters: s ward staff, l ward lead, o culture office, d leader, a auditor, q admin, - nobody needed
(anybody may, signed in or not). A route that is missing here fails `test_routes.py`.
"""

EVERYBODY = "-"
SIGNED_IN = "sloda" + "q"
READERS = "sloda"
SURVEYORS = "slo"
OFFICE = "o"
LIST_READERS = "sloda"
PRICE_READERS = "oda"
ADMIN = "q"
AUDITOR = "a"
RUNNERS = "slod"

ROLES = {
    "s": "ward_staff",
    "l": "ward_lead",
    "o": "culture_office",
    "d": "leader",
    "a": "auditor",
    "q": "admin",
}

#: endpoint → who
WHO_MAY: dict[str, str] = {
    "static": EVERYBODY,
    "care.healthz": EVERYBODY,
    "care.readyz": EVERYBODY,
}
