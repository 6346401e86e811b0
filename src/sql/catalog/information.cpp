#include "catalog/relations.hpp"

namespace crossfade::sql::catalog {

namespace {

constexpr ViewQuery kInformationQueries[] = {
    {"information_schema_catalog_name", "SELECT current_database()"},
    {"schemata", R"(
SELECT current_database(), n.nspname, pg_catalog.pg_get_userbyid(n.nspowner), NULL, NULL, NULL, NULL FROM pg_catalog.pg_namespace n)"},
    {"enabled_roles", "SELECT rolname FROM pg_catalog.pg_authid"},
    {"character_sets", R"(
SELECT NULL, NULL, 'UTF8', 'UCS', 'UTF8', current_database(), 'pg_catalog', 'C')"},
    {"tables", R"(
SELECT current_database(), n.nspname, c.relname,
  CASE WHEN n.nspname LIKE 'pg\_temp%' THEN 'LOCAL TEMPORARY' WHEN c.relkind = 'r' THEN 'BASE TABLE' ELSE 'VIEW' END,
  NULL, NULL, NULL, NULL, NULL, CASE WHEN pg_catalog.pg_relation_is_updatable(c.oid, false) & 8 = 8 THEN 'YES' ELSE 'NO' END, 'NO', NULL
FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v'))"},
    {"views", R"(
SELECT current_database(), n.nspname, c.relname, pg_catalog.pg_get_viewdef(c.oid), 'NONE',
  CASE WHEN pg_catalog.pg_relation_is_updatable(c.oid, false) & 20 = 20 THEN 'YES' ELSE 'NO' END,
  CASE WHEN pg_catalog.pg_relation_is_updatable(c.oid, false) & 8 = 8 THEN 'YES' ELSE 'NO' END, 'NO', 'NO', 'NO'
FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON n.oid = c.relnamespace WHERE c.relkind = 'v')"},
    {"columns", R"(
SELECT current_database(), n.nspname, c.relname, a.attname, a.attnum,
  CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
  CASE WHEN a.attnotnull OR (y.typtype = 'd' AND y.typnotnull) THEN 'NO' ELSE 'YES' END,
  CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN tn.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL) ELSE 'USER-DEFINED' END,
  CASE WHEN t.oid IN (1042, 1043) AND greatest(a.atttypmod, y.typtypmod) <> -1 THEN greatest(a.atttypmod, y.typtypmod) - 4 END,
  CASE WHEN t.oid IN (1042, 1043) THEN CASE WHEN greatest(a.atttypmod, y.typtypmod) <> -1 THEN (greatest(a.atttypmod, y.typtypmod) - 4) * 4 ELSE 1073741824 END
    WHEN t.oid IN (25, 19) THEN 1073741824 END,
  CASE t.oid WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24 WHEN 701 THEN 53
    WHEN 1700 THEN CASE WHEN greatest(a.atttypmod, y.typtypmod) <> -1 THEN ((greatest(a.atttypmod, y.typtypmod) - 4) >> 16) & 65535 END END,
  CASE WHEN t.oid IN (21, 23, 20, 700, 701) THEN 2 WHEN t.oid = 1700 THEN 10 END,
  CASE WHEN t.oid IN (21, 23, 20) THEN 0 WHEN t.oid = 1700 AND greatest(a.atttypmod, y.typtypmod) <> -1 THEN (greatest(a.atttypmod, y.typtypmod) - 4) & 65535 END,
  CASE WHEN t.oid = 1082 THEN 0 WHEN t.oid IN (1083, 1114, 1184, 1266) THEN CASE WHEN greatest(a.atttypmod, y.typtypmod) < 0 THEN 6 ELSE greatest(a.atttypmod, y.typtypmod) END
    WHEN t.oid = 1186 THEN CASE WHEN greatest(a.atttypmod, y.typtypmod) < 0 OR (greatest(a.atttypmod, y.typtypmod) & 65535) = 65535 THEN 6 ELSE greatest(a.atttypmod, y.typtypmod) & 65535 END END,
  NULL, NULL, NULL, NULL, NULL, CASE WHEN a.attcollation = 950 THEN current_database() END, CASE WHEN a.attcollation = 950 THEN 'pg_catalog' END,
  CASE WHEN a.attcollation = 950 THEN 'C' END, CASE WHEN y.typtype = 'd' THEN current_database() END, CASE WHEN y.typtype = 'd' THEN yn.nspname END,
  CASE WHEN y.typtype = 'd' THEN y.typname END, current_database(), tn.nspname, t.typname,
  NULL, NULL, NULL, NULL, a.attnum, 'NO',
  CASE WHEN a.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END,
  CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
  CASE WHEN a.attidentity <> '' THEN '1' END, CASE WHEN a.attidentity <> '' THEN '1' END,
  CASE WHEN a.attidentity <> '' THEN CASE t.oid WHEN 21 THEN '32767' WHEN 23 THEN '2147483647' ELSE '9223372036854775807' END END,
  CASE WHEN a.attidentity <> '' THEN '1' END, 'NO',
  CASE WHEN a.attgenerated = '' THEN 'NEVER' ELSE 'ALWAYS' END,
  CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
  CASE WHEN pg_catalog.pg_column_is_updatable(c.oid, a.attnum, false) THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type y ON y.oid = a.atttypid JOIN pg_catalog.pg_namespace yn ON yn.oid = y.typnamespace
  JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN y.typtype = 'd' THEN y.typbasetype ELSE y.oid END JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v'))"},
    {"table_constraints", R"(
SELECT current_database(), n.nspname, k.conname, current_database(), n.nspname, c.relname,
  CASE k.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END,
  CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END, CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END, 'YES',
  CASE WHEN k.contype = 'u' THEN 'YES' END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('c', 'f', 'p', 'u')
UNION ALL
SELECT current_database(), n.nspname, n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null', current_database(), n.nspname,
  c.relname, 'CHECK', 'NO', 'NO', 'YES', NULL
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r')"},
    {"check_constraints", R"(
SELECT current_database(), n.nspname, k.conname, substr(pg_catalog.pg_get_constraintdef(k.oid), 7)
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace WHERE k.contype = 'c'
UNION ALL
SELECT current_database(), n.nspname, n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null', a.attname || ' IS NOT NULL'
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r')"},
    {"key_column_usage", R"(
SELECT current_database(), n.nspname, k.conname, current_database(), n.nspname, c.relname, a.attname, p.place,
  CASE WHEN k.contype = 'f' THEN array_position(x.conkey, k.confkey[p.place::int]) END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_constraint x ON k.contype = 'f' AND x.conrelid = k.confrelid AND x.conindid = k.conindid AND x.contype IN ('p', 'u'),
  unnest(k.conkey) WITH ORDINALITY AS p(attnum, place), pg_catalog.pg_attribute a
WHERE k.contype IN ('p', 'u', 'f') AND a.attrelid = k.conrelid AND a.attnum = p.attnum)"},
    {"referential_constraints", R"(
SELECT current_database(), n.nspname, k.conname, CASE WHEN x.conname IS NOT NULL THEN current_database() END, xn.nspname, x.conname, 'NONE',
  CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END,
  CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' ELSE 'NO ACTION' END
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  LEFT JOIN pg_catalog.pg_constraint x ON x.conrelid = k.confrelid AND x.conindid = k.conindid AND x.contype IN ('p', 'u')
  LEFT JOIN pg_catalog.pg_namespace xn ON xn.oid = x.connamespace
WHERE k.contype = 'f')"},
    {"constraint_column_usage", R"(
SELECT current_database(), n.nspname, c.relname, a.attname, current_database(), kn.nspname, k.conname
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE a.attnum = ANY (CASE WHEN k.contype = 'f' THEN k.confkey ELSE k.conkey END))"},
    {"constraint_table_usage", R"(
SELECT current_database(), n.nspname, c.relname, current_database(), kn.nspname, k.conname
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace kn ON kn.oid = k.connamespace
  JOIN pg_catalog.pg_class c ON c.oid = CASE WHEN k.contype = 'f' THEN k.confrelid ELSE k.conrelid END
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.contype IN ('f', 'p', 'u'))"},
    {"sequences", R"(
SELECT current_database(), n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), CASE s.seqtypid WHEN 21 THEN 16 WHEN 23 THEN 32 ELSE 64 END, 2, 0,
  s.seqstart, s.seqmin, s.seqmax, s.seqincrement, CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON n.oid = c.relnamespace JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i'))"},
    {"table_privileges", R"(
SELECT u.rolname, u.rolname, current_database(), n.nspname, c.relname, p.name, 'YES', CASE WHEN p.name = 'SELECT' THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_authid u ON u.oid = c.relowner,
  (VALUES ('INSERT'), ('SELECT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p(name) WHERE c.relkind IN ('r', 'v'))"},
    {"role_table_grants", R"(
SELECT u.rolname, u.rolname, current_database(), n.nspname, c.relname, p.name, 'YES', CASE WHEN p.name = 'SELECT' THEN 'YES' ELSE 'NO' END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_authid u ON u.oid = c.relowner,
  (VALUES ('INSERT'), ('SELECT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS p(name) WHERE c.relkind IN ('r', 'v'))"},
    {"column_privileges", R"(
SELECT u.rolname, u.rolname, current_database(), n.nspname, c.relname, a.attname, p.name, 'YES'
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_authid u ON u.oid = c.relowner
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid, (VALUES ('INSERT'), ('SELECT'), ('UPDATE'), ('REFERENCES')) AS p(name)
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v'))"},
};

}  // namespace

std::span<const ViewQuery> information_queries() { return kInformationQueries; }

}  // namespace crossfade::sql::catalog
