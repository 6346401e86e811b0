-- What a CHECK, an index's expression and predicate look like where PostgreSQL shows them.
CREATE TABLE sc_t (t text CHECK (t IN ('a', 'b')), v varchar(20) CHECK (v IN ('a', 'it''s')), i integer CHECK (i BETWEEN 1 AND 9), b bigint CHECK (b IN (1, 2)),
  s smallint CHECK (s > 0 AND s <> 5), n numeric(10,2) CHECK (n >= 0), f double precision CHECK (f > 0), c char(3) CHECK (c <> 'x'), d date CHECK (d > '2020-01-01'),
  g boolean, CHECK (length(v) > 2), CHECK (i NOT IN (3, 4) OR b IS NULL), CHECK (NOT (i > 5 AND b < 3)), CHECK (i + s < b), CHECK (length(t) > 2 OR t = 'a'),
  CHECK (i NOT BETWEEN 20 AND 30), CHECK (v = t), CHECK (i > -5), CHECK (t IN ('z')), CHECK (i IS NOT NULL OR (t <> 'q' AND v <> 'q')));
SELECT pg_get_constraintdef(oid), pg_get_constraintdef(oid, true), pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = 'sc_t'::regclass ORDER BY 1;
CREATE INDEX sc_l ON sc_t (lower(v));
CREATE INDEX sc_p ON sc_t (i) WHERE b > 0 AND v <> 'x';
CREATE INDEX sc_n ON sc_t (b) WHERE v IS NOT NULL;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'sc_t' ORDER BY 1;
SELECT pg_get_indexdef(indexrelid, 0, true), pg_get_expr(indpred, indrelid), pg_get_expr(indexprs, indrelid) FROM pg_index WHERE indrelid = 'sc_t'::regclass ORDER BY 1;
-- COLLATE "C" of a column
CREATE TABLE sc_c (a text COLLATE "C", b varchar(5) COLLATE "C" NOT NULL DEFAULT 'x', c text);
CREATE INDEX sc_ca ON sc_c (a);
SELECT a.attname, c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation WHERE attrelid = 'sc_c'::regclass AND attnum > 0 ORDER BY 1;
SELECT column_name, collation_name FROM information_schema.columns WHERE table_name = 'sc_c' ORDER BY 1;
SELECT indcollation FROM pg_index WHERE indexrelid = 'sc_ca'::regclass;
ALTER TABLE sc_c ALTER COLUMN c TYPE text COLLATE "C";
ALTER TABLE sc_c ALTER COLUMN a TYPE text;
ALTER TABLE sc_c ADD COLUMN d text COLLATE "C";
INSERT INTO sc_c (a, c) VALUES ('b', 'B'), ('a', 'a');
SELECT * FROM sc_c ORDER BY c;
SELECT a.attname, c.collname FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation WHERE attrelid = 'sc_c'::regclass AND attnum > 0 ORDER BY 1;
DROP TABLE sc_c;
DROP TABLE sc_t;
-- what the file says otherwise: generated columns, conditions over numerics
CREATE TABLE sc_g (i integer, n numeric(10,2), v varchar(9), b integer GENERATED ALWAYS AS (i * 2 + 1) STORED, p numeric GENERATED ALWAYS AS (n * 2) STORED,
  q numeric(12,2) GENERATED ALWAYS AS (n + i) STORED, w text GENERATED ALWAYS AS (v || 'x') STORED,
  CHECK (n > 0.5 AND n < 100), CHECK (i + 1 < 50), CHECK (n BETWEEN 1 AND 9 OR i = 1));
SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = 'sc_g'::regclass ORDER BY 1;
SELECT pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = 'sc_g'::regclass ORDER BY 1;
SELECT column_name, generation_expression FROM information_schema.columns WHERE table_name = 'sc_g' ORDER BY 1;
ALTER TABLE sc_g RENAME TO sc_h;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'sc_h'::regclass ORDER BY 1;
ALTER TABLE sc_h ADD CONSTRAINT sc_h_n CHECK (n <> 7), ADD COLUMN r numeric GENERATED ALWAYS AS (n * 3) STORED;
SELECT a.attname, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = 'sc_h'::regclass ORDER BY 1;
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'sc_h'::regclass AND conname = 'sc_h_n';
INSERT INTO sc_h (i, n, v) VALUES (1, 2, 'a') RETURNING *;
DROP TABLE sc_h;
CREATE TABLE sc_parts (id int PRIMARY KEY, a int, v text);
CREATE INDEX sc_pa ON sc_parts ((a + 1), v DESC) WHERE a > 0;
CREATE INDEX sc_pb ON sc_parts ((v || 'x'), lower(v));
SELECT indexdef FROM pg_indexes WHERE tablename = 'sc_parts' ORDER BY 1;
SELECT pg_get_indexdef(indexrelid, 0, true) FROM pg_index WHERE indrelid = 'sc_parts'::regclass ORDER BY 1;
