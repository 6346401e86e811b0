-- What tools ask the catalogs for, with functions of rows inside expressions.
CREATE TABLE it_t (id serial PRIMARY KEY, a integer, b text, c integer);
CREATE INDEX it_ab ON it_t (a, b DESC);
CREATE UNIQUE INDEX it_c ON it_t (c) WHERE a > 0;
CREATE INDEX it_l ON it_t (lower(b), a);
SELECT ic.relname, k.i, k.attnum, coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.i, false)) AS column_name, i.indoption[k.i-1] & 1 = 1 AS descending
  FROM pg_class t LEFT JOIN pg_index i ON t.oid = i.indrelid LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
  CROSS JOIN LATERAL (SELECT unnest(i.indkey), generate_subscripts(i.indkey, 1) + 1) AS k(attnum, i)
  LEFT JOIN pg_attribute AS a ON i.indrelid = a.attrelid AND k.attnum = a.attnum WHERE t.relname = 'it_t' ORDER BY 1, 2;
SELECT unnest(x) AS v, generate_subscripts(x, 1) - 1 AS n FROM (SELECT ARRAY[7, 8, 9] AS x) AS y ORDER BY n;
SELECT unnest(x) || '!', generate_subscripts(x, 1) * 2 FROM (SELECT ARRAY['a', 'b'] AS x) AS y ORDER BY 1;
DROP TABLE it_t;
CREATE TABLE it_u (id serial PRIMARY KEY, a integer UNIQUE, b text);
CREATE INDEX it_b ON it_u (b);
SELECT idx.indexrelname AS index_name, idx.relname AS table_name, schemaname, CASE WHEN con.conname IS NOT NULL THEN 1 ELSE 0 END AS generated_by_constraint
  FROM pg_stat_user_indexes idx LEFT JOIN pg_constraint con ON con.conindid = idx.indexrelid WHERE idx.relname = 'it_u' AND schemaname = 'public'
  GROUP BY index_name, table_name, schemaname, generated_by_constraint ORDER BY 1;
SELECT count(*) FROM pg_stat_user_indexes WHERE schemaname <> 'public';
DROP TABLE it_u;
