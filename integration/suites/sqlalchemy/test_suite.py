"""Every test of the suite, collected here."""
from sqlalchemy.testing.suite import *  # noqa: F401,F403
