"""The parameters of the reach models.

Going down drops their tables, so it refuses while one of them holds a row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: In the order in which they can be dropped.
TABLES = ("noise_limit", "reach_kind", "reach_area", "reach_surroundings", "reach_figure")


def upgrade():
    op.create_table(
        "reach_figure",
        *_own("reach_figure", "code"),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        *_sourced(),
    )
    op.create_table(
        "reach_surroundings",
        *_own("reach_surroundings", "code"),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("ambient", sa.Double(), nullable=False),
        sa.Column("loss", sa.Double(), nullable=False),
        *_sourced(),
    )
    op.create_table(
        "reach_area",
        *_own("reach_area", "area_id"),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("surroundings_id", sa.Integer(), nullable=False),
        *_sourced(),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_reach_area_area_id")),
        sa.ForeignKeyConstraint(
            ["surroundings_id"], ["reach_surroundings.id"], name=op.f("fk_reach_area_surroundings_id")
        ),
    )
    _kinds()
    _limits()


def _kinds():
    op.create_table(
        "reach_kind",
        *_own("reach_kind", "kind_code"),
        sa.Column("kind_code", sa.String(length=32), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("hearing", "reading", "presence", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("sensitivity", sa.Double(), nullable=True),
        sa.Column("watts", sa.Double(), nullable=True),
        sa.Column("horns", sa.Integer(), nullable=True),
        sa.Column("aimed", sa.Integer(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("letter", sa.Double(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=True),
        sa.Column("face", sa.Double(), nullable=True),
        sa.Column("sides", sa.Integer(), nullable=True),
        sa.Column("lit", sa.Boolean(), nullable=False),
        sa.Column("pitch", sa.Double(), nullable=True),
        sa.Column("radius", sa.Double(), nullable=True),
        *_sourced(),
        sa.ForeignKeyConstraint(["kind_code"], ["kind.code"], name=op.f("fk_reach_kind_kind_code")),
    )


def _limits():
    op.create_table(
        "noise_limit",
        *_own("noise_limit", "regulation", "site", "hour_from"),
        sa.Column("regulation", sa.String(length=80), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column(
            "site",
            sa.Enum("special", "ordinary", name="siteclass", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("hour_from", sa.Integer(), nullable=False),
        sa.Column("hour_until", sa.Integer(), nullable=False),
        sa.Column("limit_db", sa.Double(), nullable=True),
        *_sourced(),
        sa.CheckConstraint(
            "hour_from BETWEEN 0 AND 23 AND hour_until BETWEEN 0 AND 24", name=op.f("ck_noise_limit_hours")
        ),
    )


def _own(table, *unique):
    """What each table begins with: its id, its campaign, and what is once in a campaign."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f(f"fk_{table}_campaign_id")),
        sa.UniqueConstraint(
            "campaign_id", *unique, name=op.f("_".join(("uq", table, "campaign_id", *unique)))
        ),
    )


def _sourced():
    """Where a row's figures come from, and its version."""
    return (
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("guess", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def downgrade():
    _refuse_to_lose_rows()
    for table in TABLES:
        op.drop_table(table)


def _refuse_to_lose_rows() -> None:
    connection = op.get_bind()
    for table in TABLES:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608 -- fixed names
            raise RuntimeError(f"going down would lose the rows of {table}; nothing was changed")
