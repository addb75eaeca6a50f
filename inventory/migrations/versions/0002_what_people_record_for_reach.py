"""Neighbourhoods, field checks, and requirements by reach.

Going down drops what people wrote here, so it refuses while any of it is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    # As a constraint of the column: SQLite adds it in place. Rebuilding the table would first delete
    # its rows, and the gaps of stored runs point to them.
    op.execute(
        "ALTER TABLE requirement ADD COLUMN by_reach BOOLEAN DEFAULT false NOT NULL "
        "CONSTRAINT ck_requirement_by_reach "
        "CHECK (NOT by_reach OR (within_m IS NULL AND applies_to = 'place'))"
    )


def downgrade():
    _refuse_to_lose_rows()
    op.execute("ALTER TABLE requirement DROP COLUMN by_reach")


def _refuse_to_lose_rows() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM requirement WHERE by_reach LIMIT 1")).first():
        raise RuntimeError("going down would lose by_reach of requirement; nothing was changed")
