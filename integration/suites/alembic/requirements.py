"""What PostgreSQL 15 can do, in the words of Alembic's suite: the same for both servers."""
from alembic.testing.requirements import SuiteRequirements
from sqlalchemy.testing import exclusions

OPEN = """
    sequences foreign_key_match foreign_key_constraint_reflection check_constraints_w_enforcement reflects_pk_names reflects_fk_options
    comments alter_column computed_columns computed_columns_api computed_reflects_normally computed_reflects_as_server_default
    autoincrement_on_composite_pk fk_ondelete_is_reflected fk_onupdate_is_reflected fk_onupdate fk_ondelete_restrict fk_onupdate_restrict
    fk_ondelete_noaction fk_initially fk_deferrable fk_deferrable_is_reflected fk_names integer_subtype_comparisons no_name_normalize
    identity_columns identity_columns_alter identity_columns_api unique_constraint_reflection autocommit_isolation
""".split()


class Requirements(SuiteRequirements):
    @property
    def schemas(self):
        """Closed for both: a SQLite file is one schema, and CREATE SCHEMA is refused there."""
        return exclusions.closed()

    @property
    def computed_doesnt_reflect_as_server_default(self):
        return exclusions.closed()

    @property
    def supports_identity_on_null(self):
        return exclusions.closed()


for name in OPEN:
    assert hasattr(SuiteRequirements, name), name
    setattr(Requirements, name, property(lambda self: exclusions.open()))
