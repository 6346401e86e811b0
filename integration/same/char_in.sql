-- A text is compared with what a query gives of char(n) as texts are, without the blanks at its end.
CREATE TABLE t (id int, x text, v varchar(5), c char(3));
INSERT INTO t VALUES (1, '', '', ''), (2, ' ', ' ', ' '), (3, 'a', 'a', 'a'), (4, 'a ', 'a ', 'a '), (5, 'A', 'A', 'A');
SELECT ' '::text IN (SELECT max(''::text::char));
SELECT id FROM t WHERE x IN (SELECT max(''::text::char)) ORDER BY id;
SELECT id FROM t WHERE x IN (SELECT max(c) FROM t) ORDER BY id;
SELECT id FROM t WHERE x = ANY (SELECT min(c) FROM t) ORDER BY id;
SELECT id FROM t WHERE x <> ALL (SELECT min(c) FROM t) ORDER BY id;
SELECT id FROM t WHERE x IN (SELECT DISTINCT c FROM t) ORDER BY id;
SELECT id FROM t WHERE x IN (SELECT c FROM t UNION SELECT ' '::char(3)) ORDER BY id;
SELECT id FROM t WHERE x NOT IN (SELECT c FROM t GROUP BY c) ORDER BY id;
SELECT id FROM t WHERE (x, id) IN (SELECT max(c), 3 FROM t) ORDER BY id;
SELECT id FROM t WHERE v IN (SELECT min(c) FROM t) ORDER BY id;
SELECT id FROM t WHERE c IN (SELECT max(c) FROM t) ORDER BY id;
DELETE FROM t WHERE x IN (SELECT max(''::text::char));
SELECT id FROM t ORDER BY id;
