"""Neighbourhoods, field checks, and requirements by reach.

Going down drops what people wrote here, so it refuses while any of it is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: What would be lost, as a condition on a table's rows.
LOST = (
    ("neighbourhood", "1 = 1"),
    ("field_check", "1 = 1"),
    ("requirement", "by_reach"),
    ("import_batch", "subject <> 'places'"),
)


def upgrade():
    # As constraints of the columns: SQLite adds them in place. Rebuilding the tables would first delete
    # their rows, and the gaps of stored runs and the places point to them.
    op.execute(
        "ALTER TABLE requirement ADD COLUMN by_reach BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_requirement_by_reach "
        "CHECK (NOT by_reach OR (within_m IS NULL AND applies_to = 'place'))"
    )
    op.execute("ALTER TABLE import_batch ADD COLUMN subject VARCHAR(16) DEFAULT 'places' NOT NULL")
    _neighbourhoods()
    _checks()


def _neighbourhoods() -> None:
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=200), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("voters", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(length=120), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_neighbourhood_position")),
        sa.CheckConstraint("households IS NULL OR households >= 0", name=op.f("ck_neighbourhood_households")),
        sa.CheckConstraint("voters IS NULL OR voters >= 0", name=op.f("ck_neighbourhood_voters")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_neighbourhood_area_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_neighbourhood_batch_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_neighbourhood_campaign_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_neighbourhood_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.UniqueConstraint(
            "campaign_id", "area_id", "code", name=op.f("uq_neighbourhood_campaign_id_area_id_code")
        ),
    )
    op.create_index(op.f("ix_neighbourhood_place_id"), "neighbourhood", ["place_id"])


def _checks() -> None:
    op.create_table(
        "field_check",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("installation_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("perceived", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("position_source", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("entry_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_field_check_position")),
        sa.CheckConstraint("channel IN ('hearing', 'reading')", name=op.f("ck_field_check_perceivable")),
        sa.CheckConstraint(
            "place_id IS NOT NULL OR installation_id IS NOT NULL", name=op.f("ck_field_check_subject")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_field_check_area_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_field_check_campaign_id")),
        sa.ForeignKeyConstraint(
            ["installation_id"], ["installation.id"], name=op.f("fk_field_check_installation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_field_check_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_field_check_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_check")),
    )
    op.create_index(
        op.f("ix_field_check_campaign_id_field_check_area_id"), "field_check", ["campaign_id", "area_id"]
    )
    op.create_index(op.f("ix_field_check_place_id"), "field_check", ["place_id"])
    op.create_index(op.f("ix_field_check_installation_id"), "field_check", ["installation_id"])


def downgrade():
    _refuse_to_lose_rows()
    op.drop_table("field_check")
    op.drop_table("neighbourhood")
    op.execute("ALTER TABLE import_batch DROP COLUMN subject")
    op.execute("ALTER TABLE requirement DROP COLUMN by_reach")


def _refuse_to_lose_rows() -> None:
    connection = op.get_bind()
    for table, which in LOST:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} WHERE {which} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError(f"going down would lose what is in {table}; nothing was changed")
