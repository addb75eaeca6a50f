"""Loads every table, for migrations and for the start."""

from inventory.tables.area import Area, AreaParent, AreaPredecessor, WardDeclaration
from inventory.tables.assignment import Assignment
from inventory.tables.campaign import AreaFacts, Campaign, Milestone
from inventory.tables.field import (
    ExpectedPhoto,
    FieldDevice,
    FieldEntry,
    NearAnswer,
    PositionEvidence,
    ReusedEntry,
)
from inventory.tables.field_check import FieldCheck
from inventory.tables.installation import Installation, InstallationEvent, Photo, Review
from inventory.tables.kind import Kind, KindCondition
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.person import KnownDevice, Person, PersonArea, ResetSlip, SessionRow, SignInAttempt
from inventory.tables.place import ImportBatch, Place, Venue
from inventory.tables.slogan import Slogan
from inventory.tables.standard import Requirement, Standard
from inventory.tables.survey import Answer, Survey
from inventory.tables.trail import Receipt, TrailLine
