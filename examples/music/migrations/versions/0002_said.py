"""What was said with a rating, and when."""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade():
    op.add_column("ratings", sa.Column("said", sa.Text, nullable=False, server_default=""))
    op.add_column("ratings", sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False))


def downgrade():
    op.drop_column("ratings", "at")
    op.drop_column("ratings", "said")
