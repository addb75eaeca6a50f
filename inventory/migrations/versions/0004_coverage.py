"""Certainty and reach in coverage runs, runs of past days, and how much of a run was counted again.

Going down drops what only newer runs know, so it refuses while any of it is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: What would be lost, as a condition on a table's rows.
LOST = (
    ("coverage_reach", "1 = 1"),
    ("coverage_gap", "sure IS NOT NULL OR possible IS NOT NULL"),
    ("coverage_run", "recomputed OR checked > 0"),
)


def upgrade():
    # SQLite adds columns in place; rebuilding the tables would first delete what points to them.
    op.execute("ALTER TABLE coverage_run ADD COLUMN recomputed BOOLEAN DEFAULT false NOT NULL")
    op.execute("ALTER TABLE coverage_run ADD COLUMN checked INTEGER DEFAULT 0 NOT NULL")
    op.execute("ALTER TABLE coverage_run ADD COLUMN said JSON")
    op.execute("ALTER TABLE coverage_gap ADD COLUMN sure INTEGER")
    op.execute("ALTER TABLE coverage_gap ADD COLUMN possible INTEGER")
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "coverage_reach",
        sa.Column("id", serial, nullable=False),
        sa.Column("run_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("located", sa.Boolean(), nullable=False),
        sa.Column("heard_reported", sa.Boolean(), nullable=False),
        sa.Column("heard_verified", sa.Boolean(), nullable=False),
        sa.Column("heard_certainty", sa.String(length=32), nullable=False),
        sa.Column("level_db", sa.Double(), nullable=True),
        sa.Column("margin_db", sa.Double(), nullable=True),
        sa.Column("source_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("source_m", sa.Double(), nullable=True),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("echo", sa.Boolean(), nullable=False),
        sa.Column("read_reported", sa.Boolean(), nullable=False),
        sa.Column("read_verified", sa.Boolean(), nullable=False),
        sa.Column("read_certainty", sa.String(length=32), nullable=False),
        sa.Column("face_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("face_m", sa.Double(), nullable=True),
        sa.Column("faces", sa.Integer(), nullable=False),
        sa.Column("seen_reported", sa.Boolean(), nullable=False),
        sa.Column("seen_verified", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_coverage_reach_{column}"))
            for column, table in (
                ("area_id", "area"),
                ("neighbourhood_id", "neighbourhood"),
                ("place_id", "place"),
                ("run_id", "coverage_run"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_reach")),
    )
    op.create_index(
        op.f("ix_coverage_reach_run_id_coverage_reach_area_id"), "coverage_reach", ["run_id", "area_id"]
    )


def downgrade():
    _refuse_to_lose_rows()
    op.drop_table("coverage_reach")
    for table, column in (
        ("coverage_gap", "possible"),
        ("coverage_gap", "sure"),
        ("coverage_run", "said"),
        ("coverage_run", "checked"),
        ("coverage_run", "recomputed"),
    ):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _refuse_to_lose_rows() -> None:
    connection = op.get_bind()
    for table, which in LOST:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} WHERE {which} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError(f"going down would lose what is in {table}; nothing was changed")
