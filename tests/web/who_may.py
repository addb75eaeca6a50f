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
    "people.sign_in": EVERYBODY,
    "people.reset": EVERYBODY,
    "people.language": EVERYBODY,
    "people.sign_out": SIGNED_IN,
    "people.account": SIGNED_IN,
    "people.password": SIGNED_IN,
    "people.end_session": SIGNED_IN,
    "people.end_others": SIGNED_IN,
    "homes.home": SIGNED_IN,
    "people.index": ADMIN,
    "people.person": ADMIN,
    "people.slip": ADMIN,
    "people.new": ADMIN,
    "areas.index": ADMIN,
    "areas.area": ADMIN,
    "areas.boundary": ADMIN,
    "areas.edit": ADMIN,
    "areas.move": ADMIN,
    "areas.predecessor": ADMIN,
    "areas.remove_predecessor": ADMIN,
    "areas.new": ADMIN,
    "areas.campaigns": ADMIN,
    "areas.campaign": ADMIN,
    "areas.set_milestone": ADMIN,
    "areas.remove_milestone": ADMIN,
    "areas.new_campaign": ADMIN,
    "history.page": AUDITOR,
    "history.csv": AUDITOR,
    "places.index": READERS,
    "places.page": READERS,
    "places.edit": OFFICE,
    "places.new": OFFICE,
    "places.export_csv": OFFICE,
    "places.export_xlsx": OFFICE,
    "places.import_page": OFFICE,
    "places.import_upload": OFFICE,
    "places.import_batch": OFFICE,
    "places.import_confirm": OFFICE,
    "surveys.place": SURVEYORS,
    "surveys.ward": SURVEYORS,
    "surveys.declare": "l",
    "installations.page": READERS,
    "installations.amend": SURVEYORS,
    "installations.confirm": SURVEYORS,
    "installations.revert": SURVEYORS,
    "installations.move": SURVEYORS,
    "photos.add": SURVEYORS,
    "photos.shown": READERS,
    "photos.thumbnail": READERS,
    "reviews.queue": OFFICE,
    "reviews.give_back": OFFICE,
    "reviews.verify": OFFICE,
    "reviews.verify_several": OFFICE,
    "coverage.page": READERS,
    "coverage.run": RUNNERS,
    "draw.page": READERS,
    "draw.installations_json": READERS,
    "draw.places_json": READERS,
    "draw.wards_json": READERS,
    "investment.page": LIST_READERS,
    "investment.csv": LIST_READERS,
    "investment.xlsx": LIST_READERS,
}
