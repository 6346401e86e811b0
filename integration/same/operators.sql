-- An operator that PostgreSQL has for other types only does not exist for these (42883), and is not unique between untyped literals (42725).
SELECT 1 ^ true;
SELECT 'a'::text ^ 2;
SELECT 1 ~ 2;
SELECT true @> false;
SELECT 1 @> 2;
SELECT 1 ? 'a';
SELECT 1 && 2;
SELECT now() <-> now();
SELECT 'a' && 'b';
SELECT 'a' @> 'b';
SELECT 'a' <-> 'b';
SELECT 'a' ?| 'b';
SELECT 'a' ?# 'b';
SELECT |/ true;
SELECT ~ true;
SELECT 'a' ~<~ 'b', 'B' ~<=~ 'a', 'ä'::text ~>~ 'z', 'a '::char(3) ~>=~ 'a', 'x'::varchar ~<~ 'y'::name;
-- NULLIF's type is its first argument's as the comparison takes it.
SELECT pg_typeof(nullif(1.5::real, 2)), pg_typeof(nullif(1.5::real, 2::numeric)), pg_typeof(nullif(1::smallint, 2.5)), nullif(0::real, 0), nullif('0'::real, '0' * '3'::smallint) + NULL;
SELECT nullif(time '01:00', interval '1 hour'), nullif(time '01:00', interval '2 hours'), time '01:00' = interval '1 hour', interval '90 minutes' > time '01:00';
SELECT t IN (interval '1 hour'), t BETWEEN interval '0' AND interval '3 hours', t IS DISTINCT FROM interval '1 hour' FROM (VALUES (time '01:00'), (time '02:00'), (NULL)) v (t);
-- A NULL has its type as any value has.
SELECT coalesce(NULL::date, NULL::time);
SELECT coalesce(NULL::json, '{}'::jsonb);
SELECT greatest(NULL::uuid, NULL::bytea);
SELECT CASE WHEN true THEN NULL::int[] ELSE NULL::text[] END;
SELECT ARRAY[NULL::timestamp, NULL::time];
SELECT NULL::json::uuid;
SELECT NULL::date UNION SELECT NULL::time;
SELECT coalesce(NULL::int, NULL::numeric), coalesce(NULL::date, NULL::timestamptz), NULL::int::text::date;
-- ANY of arrays looks at the elements of all of them.
CREATE TABLE lists (a int, l int[], t text[]);
INSERT INTO lists VALUES (1, '{1,2}', '{x}'), (3, '{4}', '{}'), (NULL, NULL, NULL);
SELECT a, a = ANY (ARRAY[l]), a <> ALL (ARRAY[l]), a = ANY (ARRAY[l, l]) FROM lists ORDER BY a;
SELECT l = ANY (ARRAY[l]) FROM lists;
SELECT 1 = ANY (ARRAY[1, NULL]), 2 = ANY (ARRAY[1, NULL]), 'x' = ANY (ARRAY['x', 'y']);
DROP TABLE lists;
