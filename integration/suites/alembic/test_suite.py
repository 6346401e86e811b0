"""Every test of the suite, collected here."""
from alembic.testing.suite import *  # noqa: F401,F403
