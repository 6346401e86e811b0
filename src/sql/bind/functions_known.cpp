#include <algorithm>
#include <array>

#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

// Functions of PostgreSQL 15 (pg_proc) that applications may call and that no row of the other tables has; sorted.
constexpr std::string_view kNames[] = {
    "abbrev", "acosd", "acosh", "any_value", "area", "array_to_json", "array_to_tsvector", "asind", "asinh", "atan2d", "atand", "atanh",
    "bit_and", "bit_count", "bit_or", "bit_xor", "box", "broadcast", "center", "circle", "col_description",
    "convert", "convert_from", "convert_to", "corr", "cosd", "cosh", "cot", "cotd", "covar_pop", "covar_samp", "current_query",
    "current_schemas", "current_setting", "currval", "daterange", "daterange_canonical", "decode", "diameter",
    "encode", "family", "format", "format_type", "generate_series",
    "generate_subscripts", "get_bit", "get_byte", "get_current_ts_config", "getdatabaseencoding", "getpgusername", "grouping",
    "has_column_privilege", "has_database_privilege", "has_schema_privilege", "has_table_privilege", "height", "host",
    "hostmask", "inet_client_addr", "inet_client_port", "inet_server_addr", "inet_server_port", "is_normalized", "isempty",
    "isfinite", "json_agg", "json_array_elements", "json_array_elements_text", "json_build_array", "json_build_object",
    "json_each", "json_each_text", "json_extract_path", "json_extract_path_text", "json_object", "json_object_agg",
    "json_object_keys", "json_populate_record", "json_populate_recordset", "json_to_record", "json_to_recordset", "json_to_tsvector",
    "json_typeof", "jsonb_agg", "jsonb_array_elements", "jsonb_array_elements_text", "jsonb_build_array", "jsonb_build_object",
    "jsonb_each", "jsonb_each_text", "jsonb_extract_path", "jsonb_extract_path_text", "jsonb_insert", "jsonb_object",
    "jsonb_object_agg", "jsonb_object_keys", "jsonb_path_exists", "jsonb_path_match", "jsonb_path_query",
    "jsonb_path_query_array", "jsonb_path_query_first", "jsonb_populate_record", "jsonb_populate_recordset", "jsonb_pretty", "jsonb_set",
    "jsonb_strip_nulls", "jsonb_to_record", "jsonb_to_recordset", "jsonb_to_tsvector", "jsonb_typeof", "justify_days", "justify_hours",
    "justify_interval", "lastval", "line", "lo_create", "lower_inf", "lseg", "make_interval", "make_time",
    "make_timestamptz", "masklen", "mode", "mxid_age", "netmask", "nextval", "normalize", "notlike", "npoints",
    "num_nonnulls", "num_nulls", "numeric_inc", "numnode", "numrange", "obj_description", "overlay", "parse_ident",
    "pclose", "percentile_cont", "percentile_disc", "pg_advisory_lock", "pg_advisory_lock_shared", "pg_advisory_unlock",
    "pg_advisory_unlock_shared", "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared", "pg_available_extension_versions",
    "pg_available_extensions", "pg_backup_start", "pg_backup_stop", "pg_blocking_pids", "pg_cancel_backend",
    "pg_char_to_encoding", "pg_client_encoding", "pg_collation_actual_version", "pg_collation_for", "pg_collation_is_visible",
    "pg_column_compression", "pg_column_is_updatable", "pg_column_size", "pg_conf_load_time", "pg_config",
    "pg_control_checkpoint", "pg_control_recovery", "pg_control_system", "pg_conversion_is_visible",
    "pg_copy_logical_replication_slot", "pg_copy_physical_replication_slot", "pg_create_logical_replication_slot",
    "pg_create_physical_replication_slot", "pg_create_restore_point", "pg_current_logfile", "pg_current_snapshot",
    "pg_current_wal_flush_lsn", "pg_current_wal_insert_lsn", "pg_current_wal_lsn", "pg_current_xact_id",
    "pg_current_xact_id_if_assigned", "pg_cursor", "pg_database_collation_actual_version", "pg_database_size",
    "pg_describe_object", "pg_drop_replication_slot", "pg_encoding_max_length", "pg_encoding_to_char",
    "pg_event_trigger_ddl_commands", "pg_event_trigger_dropped_objects", "pg_event_trigger_table_rewrite_oid",
    "pg_event_trigger_table_rewrite_reason", "pg_export_snapshot", "pg_extension_config_dump", "pg_extension_update_paths",
    "pg_filenode_relation", "pg_function_is_visible", "pg_get_backend_memory_contexts", "pg_get_catalog_foreign_keys",
    "pg_get_constraintdef", "pg_get_expr", "pg_get_function_arg_default", "pg_get_function_arguments",
    "pg_get_function_identity_arguments", "pg_get_function_result", "pg_get_function_sqlbody", "pg_get_functiondef",
    "pg_get_indexdef", "pg_get_keywords", "pg_get_multixact_members", "pg_get_object_address", "pg_get_partition_constraintdef",
    "pg_get_partkeydef", "pg_get_publication_tables", "pg_get_replica_identity_index", "pg_get_replication_slots",
    "pg_get_ruledef", "pg_get_serial_sequence", "pg_get_shmem_allocations", "pg_get_statisticsobjdef",
    "pg_get_statisticsobjdef_columns", "pg_get_statisticsobjdef_expressions", "pg_get_triggerdef", "pg_get_userbyid",
    "pg_get_viewdef", "pg_get_wal_replay_pause_state", "pg_get_wal_resource_managers", "pg_has_role", "pg_ident_file_mappings",
    "pg_identify_object", "pg_identify_object_as_address", "pg_import_system_collations", "pg_index_column_has_property",
    "pg_index_has_property", "pg_indexam_has_property", "pg_indexam_progress_phasename", "pg_indexes_size",
    "pg_is_other_temp_schema", "pg_is_wal_replay_paused", "pg_jit_available", "pg_last_committed_xact",
    "pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp", "pg_listening_channels",
    "pg_lock_status", "pg_log_backend_memory_contexts", "pg_ls_archive_statusdir", "pg_ls_dir", "pg_ls_logdir",
    "pg_ls_logicalmapdir", "pg_ls_logicalsnapdir", "pg_ls_replslotdir", "pg_ls_tmpdir", "pg_ls_waldir", "pg_lsn",
    "pg_my_temp_schema", "pg_notification_queue_usage", "pg_notify", "pg_opclass_is_visible", "pg_operator_is_visible",
    "pg_opfamily_is_visible", "pg_options_to_table", "pg_partition_ancestors", "pg_partition_root", "pg_partition_tree",
    "pg_postmaster_start_time", "pg_prepared_statement", "pg_prepared_xact", "pg_promote", "pg_read_binary_file",
    "pg_read_file", "pg_relation_filenode", "pg_relation_filepath", "pg_relation_is_publishable", "pg_relation_is_updatable",
    "pg_relation_size", "pg_reload_conf", "pg_rotate_logfile", "pg_safe_snapshot_blocking_pids", "pg_sequence_last_value",
    "pg_sequence_parameters", "pg_settings_get_flags", "pg_show_all_file_settings", "pg_show_all_settings",
    "pg_show_replication_origin_status", "pg_size_bytes", "pg_size_pretty", "pg_sleep", "pg_sleep_for", "pg_sleep_until",
    "pg_snapshot_xip", "pg_snapshot_xmax", "pg_stat_clear_snapshot", "pg_stat_file", "pg_stat_force_next_flush",
    "pg_stat_have_stats", "pg_stat_reset", "pg_stat_reset_replication_slot", "pg_stat_reset_shared",
    "pg_stat_reset_single_function_counters", "pg_stat_reset_single_table_counters", "pg_stat_reset_slru",
    "pg_stat_reset_subscription_stats", "pg_statistics_obj_is_visible", "pg_stop_making_pinned_objects", "pg_switch_wal",
    "pg_table_is_visible", "pg_table_size", "pg_tablespace_databases", "pg_tablespace_location", "pg_tablespace_size",
    "pg_terminate_backend", "pg_timezone_abbrevs", "pg_timezone_names", "pg_total_relation_size", "pg_trigger_depth",
    "pg_try_advisory_lock", "pg_try_advisory_lock_shared", "pg_try_advisory_xact_lock", "pg_try_advisory_xact_lock_shared",
    "pg_ts_config_is_visible", "pg_ts_dict_is_visible", "pg_ts_parser_is_visible", "pg_ts_template_is_visible",
    "pg_type_is_visible", "pg_visible_in_snapshot", "pg_wal_lsn_diff", "pg_wal_replay_pause",
    "pg_wal_replay_resume", "pg_walfile_name", "pg_walfile_name_offset", "pg_xact_commit_timestamp", "pg_xact_status",
    "phraseto_tsquery", "plainto_tsquery", "point", "polygon", "popen", "querytree", "quote_ident", "quote_literal",
    "quote_nullable", "radius", "range_agg", "regexp_count", "regexp_instr", "regexp_like", "regexp_match", "regexp_matches",
    "regexp_replace", "regexp_split_to_array", "regexp_split_to_table", "regexp_substr", "regr_avgx", "regr_avgy", "regr_count",
    "regr_intercept", "regr_r2", "regr_slope", "regr_sxx", "regr_sxy", "regr_syy", "row_security_active", "row_to_json",
    "set_bit", "set_byte", "set_config", "set_masklen", "setseed", "setval", "setweight", "sha224", "sha256", "sha384",
    "sha512", "shobj_description", "similar_escape", "similar_to_escape", "sind", "sinh", "slope", "stddev", "stddev_pop",
    "stddev_samp", "string_to_table", "strip", "tand", "tanh", "timeofday", "to_ascii", "to_date", "to_hex",
    "to_json", "to_jsonb", "to_number", "to_regclass", "to_regcollation", "to_regnamespace", "to_regoper", "to_regoperator",
    "to_regproc", "to_regprocedure", "to_regrole", "to_regtype", "to_tsquery", "to_tsvector", "trim_scale",
    "ts_headline", "ts_rank", "ts_rank_cd", "tsquery_phrase", "tsvector_to_array", "txid_current", "txid_current_if_assigned",
    "txid_current_snapshot", "txid_snapshot_xip", "txid_snapshot_xmax", "txid_status", "txid_visible_in_snapshot", "unistr",
    "unnest", "upper_inc", "upper_inf", "uuid_generate_v4", "var_pop", "var_samp", "variance", "websearch_to_tsquery", "width",
    "xmlagg", "xmlelement", "xpath",
};
static_assert(std::ranges::is_sorted(kNames));

}  // namespace

bool is_known_function(std::string_view name) { return std::ranges::binary_search(kNames, name); }

}  // namespace crossfade::sql
