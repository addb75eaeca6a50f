"""The review queue: by ward, the oldest first; one item open beside the list."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from inventory import receipts
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.errors import BadInput
from inventory.form_steps import entry_of, open_form, put, version_of
from inventory.identity import is_id
from inventory.installations import showing, surroundings
from inventory.installations.actions import hold
from inventory.installations.manifest import of as manifests
from inventory.installations.record import changes
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import say
from inventory.photos import queries as photos
from inventory.photos.doubles import doubles
from inventory.receipts import Entry
from inventory.requests import needed_campaign
from inventory.reviews import actions, queries
from inventory.reviews.forms import Decision, GiveBack, Several
from inventory.settings import Settings

blueprint = Blueprint("reviews", __name__)

MOST_AT_ONCE = queries.PAGE


def _filters() -> dict[str, Any]:
    ward = request.values.get("ward", "")
    if ward and not (ward.isascii() and ward.isdigit() and len(ward) < 10):
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", "ward")
    return {
        "ward": int(ward) if ward else None,
        "kind": request.values.get("kind", "")[:32],
        "after": request.values.get("after", "")[:100],
    }


@blueprint.get("/reviews")
@needs(Permission.REVIEW)
def queue() -> str:
    """The queue; `item` opens that one, wherever in the queue it is; the page's first without it."""
    return _page(GiveBack())


def _page(form: GiveBack) -> str:
    campaign, chosen = needed_campaign(), _filters()
    wards = queries.wards(actor(), campaign)
    found = queries.page(actor(), campaign, chosen["ward"], chosen["kind"], chosen["after"])
    opened = _opened(campaign, found)
    several = Several()
    open_form(several)
    decision = Decision()
    if opened:
        open_form(decision, opened.version)
        if not form.is_submitted():
            open_form(form, opened.version)
    return render_template(
        "reviews/queue.html",
        wards=wards,
        page=found,
        total=_total(found, wards, chosen["ward"]),
        opened=opened,
        differences=_differences(opened),
        **_pictures(campaign, opened),
        manifests=manifests(item.id for item in found.items),
        evidence=showing.evidence_lines(opened.evidence, opened.another) if opened else (),
        own=opened is not None and opened.sent_by_id == actor().person_id,
        form=form,
        decision=decision,
        several=several,
        chosen=chosen,
        moment_now=campaign_now(),
    )


def _opened(campaign: CampaignSeen, found: queries.QueuePage) -> queries.Waiting | None:
    """The item that was asked for and no other: somebody may be pressing keys without looking up."""
    wanted = request.values.get("item", "")
    if request.endpoint == "reviews.verify_several" or not is_id(wanted):
        return found.items[0] if found.items else None
    there = next((item for item in found.items if item.id == wanted), None)
    there = there or queries.one(actor(), campaign, wanted)
    if there is None:
        flash(_("Mục này không còn chờ kiểm tra."), "warning")
    return there


def _pictures(campaign: CampaignSeen, item: queries.Waiting | None) -> dict[str, Any]:
    """The open item's photos with what to doubt of each, and other things that show the same picture."""
    if item is None:
        return {"pictures": (), "doubles": (), "role_labels": showing.ROLE_LABELS}
    settings: Settings = current_app.config["SETTINGS"]
    return {
        "pictures": photos.pictures(campaign, item.id, item.record.position),
        "doubles": doubles(actor(), campaign, item.id, item.area_id, settings.media) if item.photos else (),
        "kinds": surroundings.kinds() if item.photos else {},
        "role_labels": showing.ROLE_LABELS,
    }


def _total(found: queries.QueuePage, wards: tuple[queries.WardQueue, ...], ward: int | None) -> int:
    if found.total >= 0:
        return found.total
    return sum(one.waiting for one in wards if ward in (None, one.area_id))


def _differences(item: queries.Waiting | None) -> list[showing.Line]:
    """What changed since the office verified it last, in words."""
    if item is None or item.verified is None:
        return []
    told = changes(item.verified, item.record)
    names = showing.names_of([told])
    return [
        showing.Line(
            str(showing.FIELD_LABELS[field]),
            showing.value_words(field, old, names),
            showing.value_words(field, new, names),
        )
        for field, (old, new) in told.items()
    ]


@blueprint.post("/reviews/<installation_id>/verify")
@needs(Permission.REVIEW)
def verify(installation_id: str) -> ResponseReturnValue:
    """Verify one item and open the next."""
    form = Decision()
    entry = entry_of(form, "verify", installation_id)
    outcome = actions.verify(actor(), needed_campaign(), installation_id, version_of(form), entry)
    return _after(outcome, _("Đã xác minh."))


@blueprint.post("/reviews/<installation_id>/return")
@needs(Permission.REVIEW)
def give_back(installation_id: str) -> ResponseReturnValue:
    """Return one item with a reason and open the next."""
    form = GiveBack()
    entry = entry_of(form, "return", installation_id)
    if not form.validate():
        return _page(form), 422
    outcome = actions.give_back(
        actor(),
        needed_campaign(),
        installation_id,
        version_of(form),
        form.reason.data or "",
        " ".join((form.text.data or "").split()),
        entry,
    )
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(form), 422
    return _after(outcome, _("Đã trả lại, kèm lý do."))


@blueprint.post("/reviews/verify")
@needs(Permission.REVIEW)
def verify_several() -> ResponseReturnValue:
    """Verify the ticked items; each is decided by itself, and what was not is said."""
    form = Several()
    base = entry_of(form, "verify several")
    items = [_item(text) for text in request.form.getlist("item")]
    if len(items) > MOST_AT_ONCE:
        raise BadInput("items", "Mỗi lần chỉ xác minh được một trang.")
    done, refused = 0, []
    hold(installation_id for installation_id, _version in items)
    for installation_id, version in items:
        entry = _part(base, installation_id, version)
        outcome = actions.verify(actor(), needed_campaign(), installation_id, version, entry)
        done += isinstance(outcome, Done)
        refused += [say(problem) for problem in actions.problems_of(outcome)]
    if done:
        flash(ngettext("Đã xác minh %(num)s mục.", "Đã xác minh %(num)s mục.", done), "success")
    for sentence in dict.fromkeys(refused):
        flash(sentence, "warning")
    if not items:
        flash(_("Chưa chọn mục nào."), "warning")
    if not done:
        return _page(GiveBack(formdata=None)), 422
    return redirect(_back(), 303)


def _item(text: str) -> tuple[str, int]:
    number, _mark, version = text.partition(":")
    if not is_id(number) or not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadInput("items", "Danh sách chọn không đúng; hãy tải lại trang.")
    return number, int(version)


def _part(base: Entry, installation_id: str, version: int) -> Entry:
    """The entry of one ticked item: the same press again is the same entry."""
    number = receipts.part_id(base.id, installation_id)
    return receipts.entry_of(number, {"act": "verify", "subject": installation_id, "version": version})


def _after(outcome: Outcome, done: str) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(done, "success")
        return redirect(_back(), 303)
    for problem in actions.problems_of(outcome):
        flash(say(problem), "warning")
    return _page(GiveBack(formdata=None)), 409 if isinstance(outcome, Stale) else 422


def _back() -> str:
    chosen = {key: value for key, value in _filters().items() if value}
    item = request.form.get("next", "")
    if is_id(item):
        chosen["item"] = item
    return url_for("reviews.queue", **chosen)
