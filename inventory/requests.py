"""What happens around every request: mode, campaign, person, guard, cross-site check, clean end."""

import re
from contextlib import suppress

from flask import Flask, Response, abort, g, request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError

from inventory import database
from inventory.access import guard
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, current
from inventory.clock import set_campaign_day
from inventory.errors import Unseen
from inventory.people import sessions
from inventory.settings import Settings

#: What boxes for files are called; a form's other fields are words, and their readers expect words.
_FILE_BOX = re.compile(r"(?:[\w-]+-)?photo(?:-[\w-]+)?|file|boundary")
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SignedIn(UserMixin):
    """Flask-Login's view of a session: its id is the token, so ending the row ends the cookie."""

    def __init__(self, token: str, found: sessions.Found) -> None:
        self.id = token
        self.found = found

    def get_id(self) -> str:
        """The token that the cookie carries."""
        return self.id


login = LoginManager()
login.session_protection = None  # our rows are the protection; an address may change on a phone


@login.user_loader
def _load(token: str) -> SignedIn | None:
    found = sessions.load(database.db.session(), token, g.get("campaign"))
    return SignedIn(token, found) if found else None


def chosen_campaign() -> CampaignSeen | None:
    """The campaign that this request speaks of; None before there is one."""
    campaign: CampaignSeen | None = g.get("campaign")
    return campaign


def needed_campaign() -> CampaignSeen:
    """The campaign of this request, for pages that are about one; Unseen before there is any."""
    campaign = chosen_campaign()
    if campaign is None:
        raise Unseen("campaign", "")
    return campaign


def install(app: Flask, settings: Settings) -> None:
    """Hook the steps into the app, in this order."""
    # Templates get `current_actor`: an error page must not ask the database who is there.
    login.init_app(app, add_context_processor=False)

    @app.before_request
    def _open() -> None:
        # Who asks is read in a transaction that ends before the work begins, so that a slow
        # form (a picture, a hash) does not hold the writer's lock.
        database.set_writing(False)
        if request.endpoint in {"static", "care.healthz", "care.readyz"}:  # they answer whatever is wrong
            return
        g.campaign = current(database.db.session(), cookie.get("campaign"))
        set_campaign_day(g.campaign.today if g.campaign and g.campaign.pinned else None)
        g.actor = _person()
        database.release()
        _refuse_cross_site(settings)
        guard.check()
        _refuse_odd_parts()
        database.set_writing(request.method not in READING)

    @app.after_request
    def _seen(response: Response) -> Response:
        if g.get("seen_session") and response.status_code < 500:
            # A page that could be read is not lost because its reading cannot be written down.
            with suppress(OperationalError), database.aside() as session:
                sessions.touch(session, g.seen_session)
        return response

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        database.set_writing(True)
        # A thread serves many requests: the next one, or a command, shall not find this one's day.
        set_campaign_day(None)


def _person() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    found: sessions.Found = current_user.found
    g.area_name = found.area_name
    if found.stale:
        g.seen_session = found.actor.session_id
    return found.actor


def _refuse_odd_parts() -> None:
    """Refuse what no page of ours sends: a part without a name, a file where words belong."""
    if request.method in READING:
        return
    if None in request.form or not all(name and _FILE_BOX.fullmatch(name) for name in request.files):
        abort(400)


def _refuse_cross_site(settings: Settings) -> None:
    """Refuse a write that another site started; browsers say so, programs say nothing."""
    if request.method in READING:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(403)
        return
    origin = request.headers.get("Origin")
    own = settings.origin or request.host_url.rstrip("/")
    if origin is not None and origin != own:
        abort(403)
