"""A table of ratings."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade():
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("track_id", sa.BigInteger, sa.ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
        sa.Column("stars", sa.SmallInteger, sa.CheckConstraint("stars BETWEEN 1 AND 5"), nullable=False),
    )
    op.create_index("ratings_of_track", "ratings", ["track_id"])


def downgrade():
    op.drop_table("ratings")
