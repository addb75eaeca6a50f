"""The inputs of planning.

Going down drops their tables, so it refuses while one of them holds a row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("demand_weight", "fund", "kind_supply", "plan_site", "plan_zone")


def upgrade():
    op.create_table(
        "demand_weight",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column(
            "on",
            sa.Enum(
                "place", "area", "venue_kind", "area_kind", name="weighton", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("guess", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("factor > 0", name=op.f("ck_demand_weight_factor")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_demand_weight_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_weight")),
        sa.UniqueConstraint(
            "campaign_id", "on", "subject", name=op.f("uq_demand_weight_campaign_id_on_subject")
        ),
    )
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=True),
        sa.Column("families", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kinds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("areas", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cap IS NULL OR cap >= 0", name=op.f("ck_fund_cap")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_fund_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
    )
    with op.batch_alter_table("fund", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_fund_campaign_id_fund_position"), ["campaign_id", "position"], unique=False
        )

    op.create_table(
        "kind_supply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(length=32), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("life", sa.Integer(), nullable=True),
        sa.Column(
            "life_in",
            sa.Enum("campaigns", "years", name="lifein", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("guess", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lead_days IS NULL OR lead_days >= 0", name=op.f("ck_kind_supply_lead_days")),
        sa.CheckConstraint("life IS NULL OR life > 0", name=op.f("ck_kind_supply_life")),
        sa.CheckConstraint("most IS NULL OR most >= 0", name=op.f("ck_kind_supply_most")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_kind_supply_campaign_id")),
        sa.ForeignKeyConstraint(["kind_code"], ["kind.code"], name=op.f("fk_kind_supply_kind_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kind_supply")),
        sa.UniqueConstraint("campaign_id", "kind_code", name=op.f("uq_kind_supply_campaign_id_kind_code")),
    )
    op.create_table(
        "plan_site",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("families", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kinds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "duty",
            sa.Enum("may", "must", "must_not", name="duty", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_plan_site_area_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_plan_site_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_site")),
    )
    with op.batch_alter_table("plan_site", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_site_campaign_id_plan_site_area_id"), ["campaign_id", "area_id"], unique=False
        )

    op.create_table(
        "plan_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "rule",
            sa.Enum("exclusion", "must", name="zonerule", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("boundary", sa.Text(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("families", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("kinds", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minimum >= 0", name=op.f("ck_plan_zone_minimum")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_plan_zone_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_zone")),
    )
    with op.batch_alter_table("plan_zone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_zone_campaign_id"), ["campaign_id"], unique=False)


def downgrade():
    connection = op.get_bind()
    for table in TABLES:
        if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError(f"going down would lose the rows of {table}; nothing was changed")
    for table in TABLES:
        op.drop_table(table)
