"""What PostgreSQL 15 can do, in the words of SQLAlchemy's suite: the same for both servers."""
from sqlalchemy.testing import exclusions
from sqlalchemy.testing.requirements import SuiteRequirements

OPEN = """
    deferrable_fks boolean_col_expressions nullsordering standalone_binds intersect except_ window_functions ctes ctes_with_update_delete
    ctes_on_dml tuple_in tuple_in_w_empty views foreign_key_constraint_name_reflection implicit_default_schema reflects_pk_names
    reflect_tables_no_columns comment_reflection view_column_reflection
    foreign_key_constraint_option_reflection_ondelete fk_constraint_option_reflection_ondelete_restrict
    foreign_key_constraint_option_reflection_onupdate fk_constraint_option_reflection_onupdate_restrict temp_table_names has_temp_table
    temporary_views check_constraint_reflection unicode_ddl datetime_timezone time_timezone timestamp_microseconds
    datetime_historic date_historic autocommit isolation_level json_type precision_numerics_enotation_small
    precision_numerics_enotation_large precision_numerics_many_significant_digits cast_precision_numerics_many_significant_digits
    precision_numerics_retains_significant_digits infinity_floats savepoints update_from delete_from mod_operator_as_percent_sign
    order_by_label_with_expression computed_columns computed_columns_stored computed_columns_reflect_persisted supports_distinct_on
    identity_columns identity_columns_standard regexp_match regexp_replace fetch_first fetch_ties fetch_no_order_by
    fetch_offset_with_options fetch_expression table_value_constructor index_reflects_included_columns indexes_with_expressions
    no_lastrowid_support empty_inserts_executemany table_ddl_if_exists index_ddl_if_exists
""".split()


class Requirements(SuiteRequirements):
    @property
    def schemas(self):
        """Closed for both: a SQLite file is one schema, and CREATE SCHEMA is refused there."""
        return exclusions.closed()

    def get_isolation_levels(self, config):
        return {"default": "READ COMMITTED",
                "supported": ["READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE", "AUTOCOMMIT"]}


for name in OPEN:
    assert hasattr(SuiteRequirements, name), name
    setattr(Requirements, name, property(lambda self: exclusions.open()))
