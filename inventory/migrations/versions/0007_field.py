"""The field: phones' entries and photos, evidence of positions, assignments.

Going down drops what people sent from phones, so it refuses while any of it is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: What would be lost, as a condition on a table's rows.
LOST = (
    ("expected_photo", "1 = 1"),
    ("position_evidence", "1 = 1"),
    ("near_answer", "1 = 1"),
    ("assignment", "1 = 1"),
    ("reused_entry", "1 = 1"),
    ("field_entry", "1 = 1"),
    ("field_device", "1 = 1"),
    ("photo", "origin IS NOT NULL OR lat IS NOT NULL"),
)


def upgrade():
    _field_device()
    _field_entry()
    _reused_entry()
    _assignment()
    _near_answer()
    _position_evidence()
    _expected_photo()
    # SQLite adds such columns in place; rebuilding the table would delete rows that others point to.
    for column in (
        sa.Column("origin", sa.String(length=32), nullable=True),
        sa.Column("origin_reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("likeness", sa.BigInteger(), nullable=True),
    ):
        op.add_column("photo", column)
    # A phone asks what happened in its ward after a line.
    op.drop_index(op.f("ix_trail_line_area_id"), "trail_line")
    op.create_index(op.f("ix_trail_line_area_id_trail_line_number"), "trail_line", ["area_id", "number"])


def _field_device() -> None:
    op.create_table(
        "field_device",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("app", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_push_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("photos_waiting", sa.Integer(), nullable=False),
        sa.Column("needs_person", sa.Integer(), nullable=False),
        sa.Column("oldest_waiting_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("persisted", sa.Boolean(), nullable=True),
        sa.Column("clock_offset_s", sa.Double(), nullable=True),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cut_off_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["cut_off_by"], ["person.id"], name=op.f("fk_field_device_cut_off_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_device_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_device")),
    )
    op.create_index(op.f("ix_field_device_person_id"), "field_device", ["person_id"])


def _field_entry() -> None:
    op.create_table(
        "field_entry",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("waits_for", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("field", sa.String(length=48), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=True),
        sa.Column("case_state", sa.String(length=32), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_how", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_field_entry_area_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_field_entry_campaign_id")),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_field_entry_imported_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_entry_person_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_field_entry_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_entry")),
    )
    op.create_index(op.f("ix_field_entry_about"), "field_entry", ["about"])
    op.create_index(
        "ix_field_entry_case",
        "field_entry",
        ["campaign_id", "area_id"],
        sqlite_where=sa.text("case_state = 'open'"),
        postgresql_where=sa.text("case_state = 'open'"),
    )
    op.create_index(
        "ix_field_entry_parked",
        "field_entry",
        ["waits_for"],
        sqlite_where=sa.text("outcome = 'parked'"),
        postgresql_where=sa.text("outcome = 'parked'"),
    )
    op.create_index(
        "ix_field_entry_refused",
        "field_entry",
        ["campaign_id", "received_at"],
        sqlite_where=sa.text("outcome = 'refused'"),
        postgresql_where=sa.text("outcome = 'refused'"),
    )
    op.create_index(op.f("ix_field_entry_person_id_field_entry_id"), "field_entry", ["person_id", "id"])


def _reused_entry() -> None:
    op.create_table(
        "reused_entry",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["field_entry.id"], name=op.f("fk_reused_entry_entry_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reused_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reused_entry")),
        sa.UniqueConstraint("entry_id", "sha256", name=op.f("uq_reused_entry_entry_id_sha256")),
    )


def _assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("fk_assignment_assigned_by")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_assignment_campaign_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_assignment_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("campaign_id", "place_id", name=op.f("uq_assignment_campaign_id_place_id")),
    )
    op.create_index(
        op.f("ix_assignment_campaign_id_assignment_person_id"), "assignment", ["campaign_id", "person_id"]
    )


def _near_answer() -> None:
    op.create_table(
        "near_answer",
        sa.Column("installation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("other_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_near_answer_installation_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["installation.id"], name=op.f("fk_near_answer_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_near_answer_person_id")),
        sa.PrimaryKeyConstraint("installation_id", "other_id", name=op.f("pk_near_answer")),
    )


def _position_evidence() -> None:
    op.create_table(
        "position_evidence",
        sa.Column("installation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("fix_lat", sa.Double(), nullable=True),
        sa.Column("fix_lon", sa.Double(), nullable=True),
        sa.Column("fix_accuracy_m", sa.Double(), nullable=True),
        sa.Column("fix_age_s", sa.Double(), nullable=True),
        sa.Column("tap_lat", sa.Double(), nullable=True),
        sa.Column("tap_lon", sa.Double(), nullable=True),
        sa.Column("apart_m", sa.Double(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(fix_lat IS NULL) = (fix_lon IS NULL)", name=op.f("ck_position_evidence_fix")),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_position_evidence_installation_id")
        ),
        sa.PrimaryKeyConstraint("installation_id", "entry_id", name=op.f("pk_position_evidence")),
    )


def _expected_photo() -> None:
    op.create_table(
        "expected_photo",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("installation_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("answer_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("origin_reason", sa.String(length=200), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("age_s", sa.Double(), nullable=True),
        sa.Column("photo_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "size > 0 AND received >= 0 AND received <= size", name=op.f("ck_expected_photo_sizes")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_expected_photo_campaign_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["field_entry.id"], name=op.f("fk_expected_photo_entry_id")),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_expected_photo_installation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expected_photo_person_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_expected_photo_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_photo")),
    )
    op.create_index(op.f("ix_expected_photo_installation_id"), "expected_photo", ["installation_id"])
    op.create_index(op.f("ix_expected_photo_answer_id"), "expected_photo", ["answer_id"])
    op.create_index(
        "ix_expected_photo_on_its_way",
        "expected_photo",
        ["person_id"],
        sqlite_where=sa.text("state = 'expected'"),
        postgresql_where=sa.text("state = 'expected'"),
    )


def downgrade():
    _refuse_to_lose_rows()
    op.drop_index(op.f("ix_trail_line_area_id_trail_line_number"), "trail_line")
    op.create_index(op.f("ix_trail_line_area_id"), "trail_line", ["area_id"])
    for column in ("likeness", "accuracy_m", "lon", "lat", "origin_reason", "origin"):
        op.execute(f"ALTER TABLE photo DROP COLUMN {column}")
    for table in (
        "expected_photo",
        "position_evidence",
        "near_answer",
        "assignment",
        "reused_entry",
        "field_entry",
        "field_device",
    ):
        op.drop_table(table)


def _refuse_to_lose_rows() -> None:
    connection = op.get_bind()
    for table, which in LOST:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} WHERE {which} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError(f"going down would lose what is in {table}; nothing was changed")
