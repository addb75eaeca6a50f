"""Permissions: what each role may do. Pure; the whole table is on one screen (design §7).

An admin manages people, areas and campaigns and sees no business data; the auditor alone reads the
whole trail; a ward sees its own priced lines; leaders read and download.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from inventory.vocabulary import Role


class Permission(StrEnum):
    """One thing a view may let a person do."""

    READ = "read"  # places, installations, photos, standards, slogans, coverage, map
    SURVEY = "survey"  # record, amend, revert, photograph, finish a visit
    DECLARE = "declare"  # a ward lead's word that the ward is complete
    REVIEW = "review"  # verify and return
    ASSIGN = "assign"  # give places to people before they leave
    SETTLE = "settle"  # decide conflicts and what is held, import rescue files
    READ_SYNC = "read_sync"  # who has sent when, what waits on which phone
    RUN = "run"  # ask for a new coverage run
    READ_PRICES = "read_prices"  # price books
    READ_LIST = "read_list"  # the investment list and its files
    READ_PLANS = "read_plans"  # plans of the whole city, side by side
    PLAN = "plan"  # make, cancel, name and choose plans; mark sites and zones
    SET_STANDARDS = "set_standards"  # standards, kinds, slogans, prices, reach, weights, funds
    MANAGE_PLACES = "manage_places"  # add, change, import places
    READ_TRAIL = "read_trail"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_AREAS = "manage_areas"  # areas and campaigns
    SELF = "self"  # one's own home, password, sessions, language


_ward = frozenset({Permission.SELF, Permission.READ, Permission.SURVEY, Permission.RUN, Permission.READ_LIST})

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.WARD_STAFF: _ward,
    Role.WARD_LEAD: _ward | {Permission.DECLARE, Permission.ASSIGN, Permission.SETTLE, Permission.READ_SYNC},
    Role.CULTURE_OFFICE: frozenset(
        {
            Permission.SELF,
            Permission.READ,
            Permission.SURVEY,
            Permission.REVIEW,
            Permission.ASSIGN,
            Permission.SETTLE,
            Permission.READ_SYNC,
            Permission.RUN,
            Permission.READ_PRICES,
            Permission.READ_LIST,
            Permission.READ_PLANS,
            Permission.PLAN,
            Permission.SET_STANDARDS,
            Permission.MANAGE_PLACES,
        }
    ),
    Role.LEADER: frozenset(
        {
            Permission.SELF,
            Permission.READ,
            Permission.RUN,
            Permission.READ_PRICES,
            Permission.READ_LIST,
            Permission.READ_PLANS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.SELF,
            Permission.READ,
            Permission.READ_PRICES,
            Permission.READ_LIST,
            Permission.READ_PLANS,
            Permission.READ_TRAIL,
        }
    ),
    Role.ADMIN: frozenset({Permission.SELF, Permission.MANAGE_PEOPLE, Permission.MANAGE_AREAS}),
}


@dataclass(frozen=True)
class Actor:
    """Who asks: a person in one session, with the areas below their grants at the campaign's date.

    `granted` are the areas an admin gave; `areas` is the closure used by `sees`.
    """

    person_id: int
    username: str
    name: str
    role: Role
    session_id: int
    granted: frozenset[int]
    areas: frozenset[int]
    tree_date: date
    language: str = "vi"

    def may(self, permission: Permission) -> bool:
        """Whether the role has the permission."""
        return permission in GRANTS[self.role]
