"""SQLAlchemy's compliance suite for dialects, as its README.dialects asks for it."""
import pathlib
import sys

from sqlalchemy.dialects import registry  # noqa: F401
import pytest

pytest.register_assert_rewrite("sqlalchemy.testing.assertions")
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402,F401,F403
