"""Alembic's own suite for dialects."""
import pathlib
import sys

import pytest

pytest.register_assert_rewrite("sqlalchemy.testing.assertions", "alembic.testing.assertions")
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from sqlalchemy.testing.plugin.pytestplugin import *  # noqa: E402,F401,F403
from sqlalchemy.testing.plugin.pytestplugin import pytest_sessionstart as _sqla_start  # noqa: E402


def pytest_sessionstart(session):
    _sqla_start(session)
    from alembic.testing import warnings
    warnings.setup_filters()
