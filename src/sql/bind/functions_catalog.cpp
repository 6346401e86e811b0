#include <array>

#include "bind/functions.hpp"

namespace crossfade::sql {

namespace {

using namespace model::oid;
using enum FunctionVolatility;

constexpr model::Oid kOid = model::oid::oid, kAclArray = 1034, kNameArray = 1003, kNodeTree = 194, kNamespace = 4089, kRole = 4096, kProcedure = 2202;

/// Bytes of the pages that a relation has in the file. dbstat sums a tree's pages up only where it is asked for `aggregate` with "=".
#define CROSSFADE_PAGES(what) \
  "(SELECT coalesce(sum(d.pgsize), 0) FROM dbstat d WHERE d.aggregate = 1 AND d.name IN (SELECT value FROM json_each(crossfade_relation_names($1, '" #what "'))))"

// Whoever asks may do everything with what there is, so a privilege is the same as being there.
// A role by its name, which is not folded; public is everybody.
#define CROSSFADE_ROLE "CASE $1 WHEN 'public' THEN 0 ELSE crossfade_reg_in(crossfade_quote_ident($1), 'regrole', 0) END"

constexpr std::array kCatalogRules{
    FunctionRule{"pg_get_userbyid", {kOid}, name, "crossfade_role_name($1)", "", "", stable},
    FunctionRule{"format_type", {kOid, int4}, text, "crossfade_format_type($1, $2)", "format_type(1043, 24)", "character varying(20)", stable},
    FunctionRule{"pg_get_expr", {kNodeTree, kOid}, text, "$1", "", "", stable},
    FunctionRule{"pg_get_expr", {kNodeTree, kOid, boolean}, text, "CASE $3 WHEN 1 THEN crossfade_pretty_expression($1) WHEN 0 THEN $1 END", "", "", stable},
    FunctionRule{"pg_get_indexdef", {kOid}, text, "crossfade_indexdef($1, 0, 0)", "", "", stable},
    FunctionRule{"pg_get_indexdef", {kOid, int4, boolean}, text, "crossfade_indexdef($1, $2, $3)", "", "", stable},
    FunctionRule{"pg_get_constraintdef", {kOid}, text, "crossfade_constraintdef($1, 0)", "", "", stable},
    FunctionRule{"pg_get_constraintdef", {kOid, boolean}, text, "crossfade_constraintdef($1, $2)", "", "", stable},
    FunctionRule{"pg_describe_object", {kOid, kOid, int4}, text, "crossfade_describe($1, $2, $3)", "", "", stable},
    FunctionRule{"pg_get_viewdef", {kOid}, text, "crossfade_viewdef($1, 0)", "", "", stable},
    FunctionRule{"pg_get_viewdef", {kOid, boolean}, text, "crossfade_viewdef($1, $2)", "", "", stable},
    FunctionRule{"pg_get_viewdef", {kOid, int4}, text, "crossfade_viewdef($1, 1)", "", "", stable},
    FunctionRule{"pg_get_viewdef", {text}, text, "crossfade_viewdef(crossfade_reg_in($1, 'regclass', 0), 0)", "", "", stable},
    FunctionRule{"pg_get_viewdef", {text, boolean}, text, "CASE WHEN $2 IS NOT NULL THEN crossfade_viewdef(crossfade_reg_in($1, 'regclass', 0), $2) END", "", "", stable},
    FunctionRule{"pg_get_ruledef", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_ruledef", {kOid, boolean}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_triggerdef", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_triggerdef", {kOid, boolean}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_partkeydef", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_partition_constraintdef", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_statisticsobjdef", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_statisticsobjdef_columns", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_serial_sequence", {text, text}, text, "CASE WHEN $2 IS NOT NULL THEN crossfade_serial_sequence(crossfade_reg_in($1, 'regclass', 0), $2) END", "", "", stable},
    FunctionRule{"pg_get_function_result", {kOid}, text, "crossfade_function_result($1)", "", "", stable},
    FunctionRule{"pg_get_function_arguments", {kOid}, text, "crossfade_function_types($1)", "", "", stable},
    FunctionRule{"pg_get_function_identity_arguments", {kOid}, text, "crossfade_function_types($1)", "", "", stable},
    FunctionRule{"pg_get_functiondef", {kOid}, text,
                 "CASE WHEN $1 < 16384 THEN crossfade_fail('0A000', 'pg_get_functiondef of a function of PostgreSQL is not supported on SQLite') END", "", "", stable},
    FunctionRule{"pg_get_function_sqlbody", {kOid}, text, "NULL", "", "", stable},
    FunctionRule{"pg_get_replica_identity_index", {regclass}, regclass, "NULL", "", "", stable},
    FunctionRule{"obj_description", {kOid, name}, text, "crossfade_description($1, 0, $2)", "", "", stable},
    FunctionRule{"obj_description", {kOid}, text, "crossfade_description($1, 0, '')", "", "", stable},
    FunctionRule{"col_description", {kOid, int4}, text, "crossfade_description($1, $2, 'pg_class')", "", "", stable},
    FunctionRule{"shobj_description", {kOid, name}, text, "CASE $2 WHEN 'pg_database' THEN crossfade_shared_description($1) END", "", "", stable},
    FunctionRule{"pg_table_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_class', 'relnamespace')", "", "", stable},
    FunctionRule{"pg_type_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_type', 'typnamespace')", "", "", stable},
    FunctionRule{"pg_function_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_proc', 'pronamespace')", "", "", stable},
    FunctionRule{"pg_operator_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_operator', 'oprnamespace')", "", "", stable},
    FunctionRule{"pg_opclass_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_opclass', 'opcnamespace')", "", "", stable},
    FunctionRule{"pg_opfamily_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_opfamily', 'opfnamespace')", "", "", stable},
    FunctionRule{"pg_collation_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_collation', 'collnamespace')", "", "", stable},
    FunctionRule{"pg_conversion_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_conversion', 'connamespace')", "", "", stable},
    FunctionRule{"pg_ts_config_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_ts_config', 'cfgnamespace')", "", "", stable},
    FunctionRule{"pg_ts_dict_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_ts_dict', 'dictnamespace')", "", "", stable},
    FunctionRule{"pg_ts_parser_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_ts_parser', 'prsnamespace')", "", "", stable},
    FunctionRule{"pg_ts_template_is_visible", {kOid}, boolean, "crossfade_visible($1, 'pg_ts_template', 'tmplnamespace')", "", "", stable},
    FunctionRule{"pg_statistics_obj_is_visible", {kOid}, boolean, "NULL", "", "", stable},
    FunctionRule{"pg_relation_is_publishable", {regclass}, boolean, "crossfade_is_kind($1, 'r')", "", "", stable},
    FunctionRule{"pg_relation_is_updatable", {regclass, boolean}, int4, "crossfade_changes($1, 0)", "", "", stable},
    FunctionRule{"pg_column_is_updatable", {regclass, int2, boolean}, boolean, "crossfade_changes($1, $2)", "", "", stable},
    FunctionRule{"pg_my_temp_schema", {}, kOid, "0", "", "", stable},
    FunctionRule{"pg_is_other_temp_schema", {kOid}, boolean, "0", "", "", stable},
    FunctionRule{"current_schemas", {boolean}, kNameArray, "crossfade_schemas($1)",
                 "current_schemas(true)", "{pg_catalog,public}", stable},
    FunctionRule{"acldefault", {char_, kOid}, kAclArray, "crossfade_acldefault($1, $2)", "", "", stable},
    FunctionRule{"pg_size_pretty", {numeric}, text,
                 "crossfade_size_pretty_numeric($1)", "pg_size_pretty(123456::numeric)", "121 kB"},
    FunctionRule{"pg_size_pretty", {int8}, text, "crossfade_size_pretty($1)", "pg_size_pretty(123456::bigint)", "121 kB"},
    FunctionRule{"pg_table_size", {regclass}, int8, CROSSFADE_PAGES(table), "", "", volatile_},
    FunctionRule{"pg_relation_size", {regclass}, int8, CROSSFADE_PAGES(table), "", "", volatile_},
    FunctionRule{"pg_relation_size", {regclass, text}, int8, "CASE WHEN $2 = 'main' THEN " CROSSFADE_PAGES(table) " ELSE 0 END", "", "", volatile_},
    FunctionRule{"pg_indexes_size", {regclass}, int8, CROSSFADE_PAGES(indexes), "", "", volatile_},
    FunctionRule{"pg_total_relation_size", {regclass}, int8, CROSSFADE_PAGES(total), "", "", volatile_},
    FunctionRule{"pg_tablespace_size", {kOid}, int8, "(SELECT p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s)", "", "", volatile_},
    FunctionRule{"pg_tablespace_size", {name}, int8, "(SELECT p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s)", "", "", volatile_},
    FunctionRule{"pg_database_size", {name}, int8, "(SELECT p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s)", "", "", volatile_},
    FunctionRule{"pg_database_size", {kOid}, int8, "(SELECT p.page_count * s.page_size FROM pragma_page_count p, pragma_page_size s)", "", "", volatile_},
    FunctionRule{"pg_tablespace_location", {kOid}, text, "''", "pg_tablespace_location(1663)", "", stable},
    FunctionRule{"pg_encoding_to_char", {int4}, name,
                 "CASE $1 "
                 "WHEN 0 THEN 'SQL_ASCII' WHEN 1 THEN 'EUC_JP' WHEN 2 THEN 'EUC_CN' WHEN 3 THEN 'EUC_KR' WHEN 4 THEN 'EUC_TW' "
                 "WHEN 5 THEN 'EUC_JIS_2004' WHEN 6 THEN 'UTF8' WHEN 7 THEN 'MULE_INTERNAL' WHEN 8 THEN 'LATIN1' WHEN 9 THEN 'LATIN2' "
                 "WHEN 10 THEN 'LATIN3' WHEN 11 THEN 'LATIN4' WHEN 12 THEN 'LATIN5' WHEN 13 THEN 'LATIN6' WHEN 14 THEN 'LATIN7' "
                 "WHEN 15 THEN 'LATIN8' WHEN 16 THEN 'LATIN9' WHEN 17 THEN 'LATIN10' WHEN 18 THEN 'WIN1256' WHEN 19 THEN 'WIN1258' "
                 "WHEN 20 THEN 'WIN866' WHEN 21 THEN 'WIN874' WHEN 22 THEN 'KOI8R' WHEN 23 THEN 'WIN1251' WHEN 24 THEN 'WIN1252' "
                 "WHEN 25 THEN 'ISO_8859_5' WHEN 26 THEN 'ISO_8859_6' WHEN 27 THEN 'ISO_8859_7' WHEN 28 THEN 'ISO_8859_8' WHEN 29 THEN 'WIN1250' "
                 "WHEN 30 THEN 'WIN1253' WHEN 31 THEN 'WIN1254' WHEN 32 THEN 'WIN1255' WHEN 33 THEN 'WIN1257' WHEN 34 THEN 'KOI8U' "
                 "WHEN 35 THEN 'SJIS' WHEN 36 THEN 'BIG5' WHEN 37 THEN 'GBK' WHEN 38 THEN 'UHC' WHEN 39 THEN 'GB18030' WHEN 40 THEN 'JOHAB' "
                 "WHEN 41 THEN 'SHIFT_JIS_2004' ELSE iif($1 IS NULL, NULL, '') END", "pg_encoding_to_char(6)", "UTF8", stable},
    FunctionRule{"pg_char_to_encoding", {name}, int4, "CASE WHEN upper($1) IN ('UTF8', 'UTF-8') THEN 6 ELSE -1 END", "pg_char_to_encoding('utf8')", "6", stable},
    FunctionRule{"getdatabaseencoding", {}, name, "'UTF8'", "getdatabaseencoding()", "UTF8", stable},
    FunctionRule{"pg_client_encoding", {}, name, "'UTF8'", "pg_client_encoding()", "UTF8", stable},
    FunctionRule{"quote_ident", {text}, text, "crossfade_quote_ident($1)", "quote_ident('a b')", "\"a b\""},
    FunctionRule{"pg_sequence_last_value", {regclass}, int8, "crossfade_sequence_last_value($1)", "", "", volatile_},
    FunctionRule{"to_regclass", {text}, regclass, "crossfade_reg_in($1, 'regclass', 1)", "", "", stable},
    FunctionRule{"to_regtype", {text}, regtype, "crossfade_reg_in($1, 'regtype', 1)", "", "", stable},
    FunctionRule{"to_regproc", {text}, regproc, "crossfade_reg_in($1, 'regproc', 1)", "", "", stable},
    FunctionRule{"to_regprocedure", {text}, kProcedure, "crossfade_reg_in($1, 'regprocedure', 1)", "", "", stable},
    FunctionRule{"to_regnamespace", {text}, kNamespace, "crossfade_reg_in($1, 'regnamespace', 1)", "", "", stable},
    FunctionRule{"to_regrole", {text}, kRole, "crossfade_reg_in($1, 'regrole', 1)", "", "", stable},
    FunctionRule{"pg_has_role", {name, text}, boolean, "1", "", "", stable},
    FunctionRule{"pg_has_role", {kOid, text}, boolean, "1", "", "", stable},
    FunctionRule{"pg_has_role", {name, name, text}, boolean, "1", "", "", stable},
    FunctionRule{"pg_has_role", {name, kOid, text}, boolean, "1", "", "", stable},
    FunctionRule{"has_table_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_class'), 'table', $2)", "", "", stable},
    FunctionRule{"has_table_privilege", {text, text}, boolean, "crossfade_may(1, crossfade_exists(crossfade_reg_in($1, 'regclass', 0), 'pg_class'), 'table', $2)", "", "", stable},
    FunctionRule{"has_table_privilege", {text, kOid, text}, boolean, "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists($2, 'pg_class'), 'table', $3)", "", "", stable},
    FunctionRule{"has_table_privilege", {kOid, kOid, text}, boolean, "crossfade_may($1, crossfade_exists($2, 'pg_class'), 'table', $3)", "", "", stable},
    FunctionRule{"has_table_privilege", {text, text, text}, boolean,
                 "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists(crossfade_reg_in($2, 'regclass', 0), 'pg_class'), 'table', $3)", "", "", stable},
    FunctionRule{"has_any_column_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_class'), 'column', $2)", "", "", stable},
    FunctionRule{"has_column_privilege", {kOid, int2, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_class'), 'column', $3)", "", "", stable},
    FunctionRule{"has_column_privilege", {kOid, text, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_class'), 'column', $3)", "", "", stable},
    FunctionRule{"has_sequence_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_class'), 'sequence', $2)", "", "", stable},
    FunctionRule{"has_sequence_privilege", {text, text}, boolean, "crossfade_may(1, crossfade_exists(crossfade_reg_in($1, 'regclass', 0), 'pg_class'), 'sequence', $2)", "", "", stable},
    FunctionRule{"has_schema_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_namespace'), 'schema', $2)", "", "", stable},
    FunctionRule{"has_schema_privilege", {text, text}, boolean, "crossfade_may(1, crossfade_exists(crossfade_reg_in($1, 'regnamespace', 0), 'pg_namespace'), 'schema', $2)", "", "", stable},
    FunctionRule{"has_schema_privilege", {text, kOid, text}, boolean, "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists($2, 'pg_namespace'), 'schema', $3)", "", "", stable},
    FunctionRule{"has_schema_privilege", {text, text, text}, boolean,
                 "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists(crossfade_reg_in($2, 'regnamespace', 0), 'pg_namespace'), 'schema', $3)", "", "", stable},
    FunctionRule{"has_database_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_database'), 'database', $2)", "", "", stable},
    FunctionRule{"has_database_privilege", {text, text}, boolean, "crossfade_may(1, 1, 'database', $2)", "", "", stable},
    FunctionRule{"has_database_privilege", {text, text, text}, boolean, "crossfade_may(" CROSSFADE_ROLE ", 1, 'database', $3)", "", "", stable},
    FunctionRule{"has_type_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_type'), 'type', $2)", "", "", stable},
    FunctionRule{"has_type_privilege", {text, text}, boolean, "crossfade_may(1, crossfade_exists(crossfade_reg_in($1, 'regtype', 0), 'pg_type'), 'type', $2)", "", "", stable},
    FunctionRule{"has_type_privilege", {text, kOid, text}, boolean, "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists($2, 'pg_type'), 'type', $3)", "", "", stable},
    FunctionRule{"has_type_privilege", {text, text, text}, boolean,
                 "crossfade_may(" CROSSFADE_ROLE ", crossfade_exists(crossfade_reg_in($2, 'regtype', 0), 'pg_type'), 'type', $3)", "", "", stable},
    FunctionRule{"has_function_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_proc'), 'function', $2)", "", "", stable},
    FunctionRule{"has_language_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_language'), 'language', $2)", "", "", stable},
    FunctionRule{"has_tablespace_privilege", {kOid, text}, boolean, "crossfade_may(1, crossfade_exists($1, 'pg_tablespace'), 'tablespace', $2)", "", "", stable},
};

}  // namespace

std::span<const FunctionRule> catalog_function_rules() { return kCatalogRules; }

}  // namespace crossfade::sql
