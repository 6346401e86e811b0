#include "catalog/relations.hpp"

namespace crossfade::sql::catalog {

namespace {

constexpr ViewQuery kViewQueries[] = {
    {"pg_tables", R"(
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), t.spcname, c.relhasindex, c.relhasrules, c.relhastriggers, c.relrowsecurity
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p'))"},
    {"pg_views", R"(
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v')"},
    {"pg_matviews", R"(
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), NULL, c.relhasindex, c.relispopulated, NULL
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'm')"},
    {"pg_indexes", R"(
SELECT n.nspname, c.relname, i.relname, t.spcname, pg_catalog.pg_get_indexdef(i.oid)
FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = i.reltablespace
WHERE c.relkind IN ('r', 'm', 'p') AND i.relkind IN ('i', 'I'))"},
    {"pg_stat_all_indexes", R"(
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0::bigint, 0::bigint, 0::bigint
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index x ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 't', 'm'))"},
    {"pg_stat_user_indexes", R"(
SELECT c.oid, i.oid, n.nspname, c.relname, i.relname, 0::bigint, 0::bigint, 0::bigint
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index x ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 't', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast'))"},
    {"pg_statio_all_tables", R"(
SELECT c.oid, n.nspname, c.relname, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint
FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 't', 'm'))"},
    {"pg_sequences", R"(
SELECT n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner), s.seqtypid, s.seqstart, s.seqmin, s.seqmax, s.seqincrement, s.seqcycle, s.seqcache,
  pg_catalog.pg_sequence_last_value(c.oid)
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace)"},
    {"pg_roles", R"(
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, '********', rolvaliduntil, rolbypassrls, NULL, oid
FROM pg_catalog.pg_authid)"},
    {"pg_shadow", R"(
SELECT rolname, oid, rolcreatedb, rolsuper, rolreplication, rolbypassrls, rolpassword, rolvaliduntil, NULL FROM pg_catalog.pg_authid WHERE rolcanlogin)"},
    {"pg_user", R"(
SELECT rolname, oid, rolcreatedb, rolsuper, rolreplication, rolbypassrls, '********', rolvaliduntil, NULL FROM pg_catalog.pg_authid WHERE rolcanlogin)"},
    {"pg_group", R"(
SELECT rolname, oid, '{}'::oid[] FROM pg_catalog.pg_authid WHERE NOT rolcanlogin)"},
    {"pg_rules", R"(
SELECT n.nspname, c.relname, r.rulename, NULL FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE r.rulename <> '_RETURN')"},
};

}  // namespace

std::span<const ViewQuery> view_queries() { return kViewQueries; }

}  // namespace crossfade::sql::catalog
