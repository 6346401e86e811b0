// Written by scripts/catalog-tables from PostgreSQL 15; not edited by hand.
#include "catalog/relations.hpp"

namespace crossfade::sql::catalog {

namespace {

constexpr RelationRow kInformation[] = {
    {"sql_features", 13391, 'r',
     R"(feature_id:varchar feature_name:varchar sub_feature_id:varchar sub_feature_name:varchar is_supported:varchar(3) is_verified_by:varchar comments:varchar)"},
    {"sql_implementation_info", 13396, 'r',
     R"(implementation_info_id:varchar implementation_info_name:varchar integer_value:integer character_value:varchar comments:varchar)"},
    {"sql_parts", 13401, 'r',
     R"(feature_id:varchar feature_name:varchar is_supported:varchar(3) is_verified_by:varchar comments:varchar)"},
    {"sql_sizing", 13406, 'r',
     R"(sizing_id:integer sizing_name:varchar supported_value:integer comments:varchar)"},
    {"administrable_role_authorizations", 13241, 'v',
     R"(grantee:name role_name:name is_grantable:varchar(3))"},
    {"applicable_roles", 13236, 'v',
     R"(grantee:name role_name:name is_grantable:varchar(3))"},
    {"attributes", 13245, 'v',
     R"(udt_catalog:name udt_schema:name udt_name:name attribute_name:name ordinal_position:integer attribute_default:varchar is_nullable:varchar(3) data_type:varchar )"
     R"(character_maximum_length:integer character_octet_length:integer character_set_catalog:name character_set_schema:name character_set_name:name collation_catalog:name )"
     R"(collation_schema:name collation_name:name numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer interval_type:varchar )"
     R"(interval_precision:integer attribute_udt_catalog:name attribute_udt_schema:name attribute_udt_name:name scope_catalog:name scope_schema:name scope_name:name )"
     R"(maximum_cardinality:integer dtd_identifier:name is_derived_reference_attribute:varchar(3))"},
    {"character_sets", 13250, 'v',
     R"(character_set_catalog:name character_set_schema:name character_set_name:name character_repertoire:name form_of_use:name default_collate_catalog:name default_collate_schema:name )"
     R"(default_collate_name:name)"},
    {"check_constraint_routine_usage", 13255, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name specific_catalog:name specific_schema:name specific_name:name)"},
    {"check_constraints", 13260, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name check_clause:varchar)"},
    {"collation_character_set_applicability", 13270, 'v',
     R"(collation_catalog:name collation_schema:name collation_name:name character_set_catalog:name character_set_schema:name character_set_name:name)"},
    {"collations", 13265, 'v',
     R"(collation_catalog:name collation_schema:name collation_name:name pad_attribute:varchar)"},
    {"column_column_usage", 13275, 'v',
     R"(table_catalog:name table_schema:name table_name:name column_name:name dependent_column:name)"},
    {"column_domain_usage", 13280, 'v',
     R"(domain_catalog:name domain_schema:name domain_name:name table_catalog:name table_schema:name table_name:name column_name:name)"},
    {"column_options", 13503, 'v',
     R"(table_catalog:name table_schema:name table_name:name column_name:name option_name:name option_value:varchar)"},
    {"column_privileges", 13285, 'v',
     R"(grantor:name grantee:name table_catalog:name table_schema:name table_name:name column_name:name privilege_type:varchar is_grantable:varchar(3))"},
    {"column_udt_usage", 13290, 'v',
     R"(udt_catalog:name udt_schema:name udt_name:name table_catalog:name table_schema:name table_name:name column_name:name)"},
    {"columns", 13295, 'v',
     R"(table_catalog:name table_schema:name table_name:name column_name:name ordinal_position:integer column_default:varchar is_nullable:varchar(3) data_type:varchar )"
     R"(character_maximum_length:integer character_octet_length:integer numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer )"
     R"(interval_type:varchar interval_precision:integer character_set_catalog:name character_set_schema:name character_set_name:name collation_catalog:name collation_schema:name )"
     R"(collation_name:name domain_catalog:name domain_schema:name domain_name:name udt_catalog:name udt_schema:name udt_name:name scope_catalog:name scope_schema:name scope_name:name )"
     R"(maximum_cardinality:integer dtd_identifier:name is_self_referencing:varchar(3) is_identity:varchar(3) identity_generation:varchar identity_start:varchar identity_increment:varchar )"
     R"(identity_maximum:varchar identity_minimum:varchar identity_cycle:varchar(3) is_generated:varchar generation_expression:varchar is_updatable:varchar(3))"},
    {"constraint_column_usage", 13300, 'v',
     R"(table_catalog:name table_schema:name table_name:name column_name:name constraint_catalog:name constraint_schema:name constraint_name:name)"},
    {"constraint_table_usage", 13305, 'v',
     R"(table_catalog:name table_schema:name table_name:name constraint_catalog:name constraint_schema:name constraint_name:name)"},
    {"data_type_privileges", 13488, 'v',
     R"(object_catalog:name object_schema:name object_name:name object_type:varchar dtd_identifier:name)"},
    {"domain_constraints", 13310, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name domain_catalog:name domain_schema:name domain_name:name is_deferrable:varchar(3) initially_deferred:varchar(3))"},
    {"domain_udt_usage", 13315, 'v',
     R"(udt_catalog:name udt_schema:name udt_name:name domain_catalog:name domain_schema:name domain_name:name)"},
    {"domains", 13320, 'v',
     R"(domain_catalog:name domain_schema:name domain_name:name data_type:varchar character_maximum_length:integer character_octet_length:integer character_set_catalog:name )"
     R"(character_set_schema:name character_set_name:name collation_catalog:name collation_schema:name collation_name:name numeric_precision:integer numeric_precision_radix:integer )"
     R"(numeric_scale:integer datetime_precision:integer interval_type:varchar interval_precision:integer domain_default:varchar udt_catalog:name udt_schema:name udt_name:name )"
     R"(scope_catalog:name scope_schema:name scope_name:name maximum_cardinality:integer dtd_identifier:name)"},
    {"element_types", 13493, 'v',
     R"(object_catalog:name object_schema:name object_name:name object_type:varchar collection_type_identifier:name data_type:varchar character_maximum_length:integer )"
     R"(character_octet_length:integer character_set_catalog:name character_set_schema:name character_set_name:name collation_catalog:name collation_schema:name collation_name:name )"
     R"(numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer interval_type:varchar interval_precision:integer domain_default:varchar )"
     R"(udt_catalog:name udt_schema:name udt_name:name scope_catalog:name scope_schema:name scope_name:name maximum_cardinality:integer dtd_identifier:name)"},
    {"enabled_roles", 13325, 'v',
     R"(role_name:name)"},
    {"foreign_data_wrapper_options", 13511, 'v',
     R"(foreign_data_wrapper_catalog:name foreign_data_wrapper_name:name option_name:name option_value:varchar)"},
    {"foreign_data_wrappers", 13515, 'v',
     R"(foreign_data_wrapper_catalog:name foreign_data_wrapper_name:name authorization_identifier:name library_name:varchar foreign_data_wrapper_language:varchar)"},
    {"foreign_server_options", 13524, 'v',
     R"(foreign_server_catalog:name foreign_server_name:name option_name:name option_value:varchar)"},
    {"foreign_servers", 13528, 'v',
     R"(foreign_server_catalog:name foreign_server_name:name foreign_data_wrapper_catalog:name foreign_data_wrapper_name:name foreign_server_type:varchar foreign_server_version:varchar )"
     R"(authorization_identifier:name)"},
    {"foreign_table_options", 13537, 'v',
     R"(foreign_table_catalog:name foreign_table_schema:name foreign_table_name:name option_name:name option_value:varchar)"},
    {"foreign_tables", 13541, 'v',
     R"(foreign_table_catalog:name foreign_table_schema:name foreign_table_name:name foreign_server_catalog:name foreign_server_name:name)"},
    {"information_schema_catalog_name", 13227, 'v',
     R"(catalog_name:name)"},
    {"key_column_usage", 13329, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name table_catalog:name table_schema:name table_name:name column_name:name ordinal_position:integer )"
     R"(position_in_unique_constraint:integer)"},
    {"parameters", 13334, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name ordinal_position:integer parameter_mode:varchar is_result:varchar(3) as_locator:varchar(3) parameter_name:name )"
     R"(data_type:varchar character_maximum_length:integer character_octet_length:integer character_set_catalog:name character_set_schema:name character_set_name:name )"
     R"(collation_catalog:name collation_schema:name collation_name:name numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer )"
     R"(interval_type:varchar interval_precision:integer udt_catalog:name udt_schema:name udt_name:name scope_catalog:name scope_schema:name scope_name:name maximum_cardinality:integer )"
     R"(dtd_identifier:name parameter_default:varchar)"},
    {"referential_constraints", 13339, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name unique_constraint_catalog:name unique_constraint_schema:name unique_constraint_name:name match_option:varchar )"
     R"(update_rule:varchar delete_rule:varchar)"},
    {"role_column_grants", 13344, 'v',
     R"(grantor:name grantee:name table_catalog:name table_schema:name table_name:name column_name:name privilege_type:varchar is_grantable:varchar(3))"},
    {"role_routine_grants", 13358, 'v',
     R"(grantor:name grantee:name specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name privilege_type:varchar )"
     R"(is_grantable:varchar(3))"},
    {"role_table_grants", 13421, 'v',
     R"(grantor:name grantee:name table_catalog:name table_schema:name table_name:name privilege_type:varchar is_grantable:varchar(3) with_hierarchy:varchar(3))"},
    {"role_udt_grants", 13450, 'v',
     R"(grantor:name grantee:name udt_catalog:name udt_schema:name udt_name:name privilege_type:varchar is_grantable:varchar(3))"},
    {"role_usage_grants", 13459, 'v',
     R"(grantor:name grantee:name object_catalog:name object_schema:name object_name:name object_type:varchar privilege_type:varchar is_grantable:varchar(3))"},
    {"routine_column_usage", 13348, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name table_catalog:name table_schema:name table_name:name )"
     R"(column_name:name)"},
    {"routine_privileges", 13353, 'v',
     R"(grantor:name grantee:name specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name privilege_type:varchar )"
     R"(is_grantable:varchar(3))"},
    {"routine_routine_usage", 13362, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name)"},
    {"routine_sequence_usage", 13367, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name sequence_catalog:name sequence_schema:name )"
     R"(sequence_name:name)"},
    {"routine_table_usage", 13372, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name table_catalog:name table_schema:name table_name:name)"},
    {"routines", 13377, 'v',
     R"(specific_catalog:name specific_schema:name specific_name:name routine_catalog:name routine_schema:name routine_name:name routine_type:varchar module_catalog:name )"
     R"(module_schema:name module_name:name udt_catalog:name udt_schema:name udt_name:name data_type:varchar character_maximum_length:integer character_octet_length:integer )"
     R"(character_set_catalog:name character_set_schema:name character_set_name:name collation_catalog:name collation_schema:name collation_name:name numeric_precision:integer )"
     R"(numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer interval_type:varchar interval_precision:integer type_udt_catalog:name type_udt_schema:name )"
     R"(type_udt_name:name scope_catalog:name scope_schema:name scope_name:name maximum_cardinality:integer dtd_identifier:name routine_body:varchar routine_definition:varchar )"
     R"(external_name:varchar external_language:varchar parameter_style:varchar is_deterministic:varchar(3) sql_data_access:varchar is_null_call:varchar(3) sql_path:varchar )"
     R"(schema_level_routine:varchar(3) max_dynamic_result_sets:integer is_user_defined_cast:varchar(3) is_implicitly_invocable:varchar(3) security_type:varchar )"
     R"(to_sql_specific_catalog:name to_sql_specific_schema:name to_sql_specific_name:name as_locator:varchar(3) created:timestamptz last_altered:timestamptz )"
     R"(new_savepoint_level:varchar(3) is_udt_dependent:varchar(3) result_cast_from_data_type:varchar result_cast_as_locator:varchar(3) result_cast_char_max_length:integer )"
     R"(result_cast_char_octet_length:integer result_cast_char_set_catalog:name result_cast_char_set_schema:name result_cast_char_set_name:name result_cast_collation_catalog:name )"
     R"(result_cast_collation_schema:name result_cast_collation_name:name result_cast_numeric_precision:integer result_cast_numeric_precision_radix:integer )"
     R"(result_cast_numeric_scale:integer result_cast_datetime_precision:integer result_cast_interval_type:varchar result_cast_interval_precision:integer result_cast_type_udt_catalog:name )"
     R"(result_cast_type_udt_schema:name result_cast_type_udt_name:name result_cast_scope_catalog:name result_cast_scope_schema:name result_cast_scope_name:name )"
     R"(result_cast_maximum_cardinality:integer result_cast_dtd_identifier:name)"},
    {"schemata", 13382, 'v',
     R"(catalog_name:name schema_name:name schema_owner:name default_character_set_catalog:name default_character_set_schema:name default_character_set_name:name sql_path:varchar)"},
    {"sequences", 13386, 'v',
     R"(sequence_catalog:name sequence_schema:name sequence_name:name data_type:varchar numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer start_value:varchar )"
     R"(minimum_value:varchar maximum_value:varchar increment:varchar cycle_option:varchar(3))"},
    {"table_constraints", 13411, 'v',
     R"(constraint_catalog:name constraint_schema:name constraint_name:name table_catalog:name table_schema:name table_name:name constraint_type:varchar is_deferrable:varchar(3) )"
     R"(initially_deferred:varchar(3) enforced:varchar(3) nulls_distinct:varchar(3))"},
    {"table_privileges", 13416, 'v',
     R"(grantor:name grantee:name table_catalog:name table_schema:name table_name:name privilege_type:varchar is_grantable:varchar(3) with_hierarchy:varchar(3))"},
    {"tables", 13425, 'v',
     R"(table_catalog:name table_schema:name table_name:name table_type:varchar self_referencing_column_name:name reference_generation:varchar user_defined_type_catalog:name )"
     R"(user_defined_type_schema:name user_defined_type_name:name is_insertable_into:varchar(3) is_typed:varchar(3) commit_action:varchar)"},
    {"transforms", 13430, 'v',
     R"(udt_catalog:name udt_schema:name udt_name:name specific_catalog:name specific_schema:name specific_name:name group_name:name transform_type:varchar)"},
    {"triggered_update_columns", 13435, 'v',
     R"(trigger_catalog:name trigger_schema:name trigger_name:name event_object_catalog:name event_object_schema:name event_object_table:name event_object_column:name)"},
    {"triggers", 13440, 'v',
     R"(trigger_catalog:name trigger_schema:name trigger_name:name event_manipulation:varchar event_object_catalog:name event_object_schema:name event_object_table:name )"
     R"(action_order:integer action_condition:varchar action_statement:varchar action_orientation:varchar action_timing:varchar action_reference_old_table:name )"
     R"(action_reference_new_table:name action_reference_old_row:name action_reference_new_row:name created:timestamptz)"},
    {"udt_privileges", 13445, 'v',
     R"(grantor:name grantee:name udt_catalog:name udt_schema:name udt_name:name privilege_type:varchar is_grantable:varchar(3))"},
    {"usage_privileges", 13454, 'v',
     R"(grantor:name grantee:name object_catalog:name object_schema:name object_name:name object_type:varchar privilege_type:varchar is_grantable:varchar(3))"},
    {"user_defined_types", 13463, 'v',
     R"(user_defined_type_catalog:name user_defined_type_schema:name user_defined_type_name:name user_defined_type_category:varchar is_instantiable:varchar(3) is_final:varchar(3) )"
     R"(ordering_form:varchar ordering_category:varchar ordering_routine_catalog:name ordering_routine_schema:name ordering_routine_name:name reference_type:varchar data_type:varchar )"
     R"(character_maximum_length:integer character_octet_length:integer character_set_catalog:name character_set_schema:name character_set_name:name collation_catalog:name )"
     R"(collation_schema:name collation_name:name numeric_precision:integer numeric_precision_radix:integer numeric_scale:integer datetime_precision:integer interval_type:varchar )"
     R"(interval_precision:integer source_dtd_identifier:name ref_dtd_identifier:name)"},
    {"user_mapping_options", 13550, 'v',
     R"(authorization_identifier:name foreign_server_catalog:name foreign_server_name:name option_name:name option_value:varchar)"},
    {"user_mappings", 13555, 'v',
     R"(authorization_identifier:name foreign_server_catalog:name foreign_server_name:name)"},
    {"view_column_usage", 13468, 'v',
     R"(view_catalog:name view_schema:name view_name:name table_catalog:name table_schema:name table_name:name column_name:name)"},
    {"view_routine_usage", 13473, 'v',
     R"(table_catalog:name table_schema:name table_name:name specific_catalog:name specific_schema:name specific_name:name)"},
    {"view_table_usage", 13478, 'v',
     R"(view_catalog:name view_schema:name view_name:name table_catalog:name table_schema:name table_name:name)"},
    {"views", 13483, 'v',
     R"(table_catalog:name table_schema:name table_name:name view_definition:varchar check_option:varchar is_updatable:varchar(3) is_insertable_into:varchar(3) )"
     R"(is_trigger_updatable:varchar(3) is_trigger_deletable:varchar(3) is_trigger_insertable_into:varchar(3))"},
};

}  // namespace

std::span<const RelationRow> information_rows() { return kInformation; }

}  // namespace crossfade::sql::catalog
