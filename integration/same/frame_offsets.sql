-- a window frame's offset that is computed of small numbers
CREATE TABLE fo (id int PRIMARY KEY, a int);
INSERT INTO fo VALUES (1, 1), (2, 2), (3, 3), (4, 10);
SELECT id, sum(a) OVER (ORDER BY id ROWS BETWEEN 1 + 1 PRECEDING AND 2 - 1 FOLLOWING) FROM fo ORDER BY id;
SELECT id, sum(a) OVER (ORDER BY id RANGE BETWEEN 1 * 2 PRECEDING AND CURRENT ROW) FROM fo ORDER BY id;
SELECT id, sum(a) OVER (ORDER BY id ROWS 0 - 1 PRECEDING) FROM fo ORDER BY id;
SELECT id, sum(a) OVER (ORDER BY id GROUPS BETWEEN CURRENT ROW AND (1 + 1) * 1 FOLLOWING) FROM fo ORDER BY id;
-- The filter's comparison has a collation of its own, which was the maximum's too.
CREATE TABLE filtered (id int PRIMARY KEY, t text, j jsonb, n numeric);
INSERT INTO filtered VALUES (1, '%', '[1]', 1.0), (2, '日本', '[1]', 1), (3, 'a', '[2]', 2.5);
SELECT max(t) FILTER (WHERE '[1]'::jsonb = '[1]'::jsonb) OVER (), min(t) FILTER (WHERE j = '[1]') OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), id FROM filtered ORDER BY id;
SELECT max(t) FILTER (WHERE n < 2) OVER (), max(n) FILTER (WHERE j = '[1]' AND t < 'b') OVER (), max(j::text) FILTER (WHERE n = 1) OVER (PARTITION BY 1), id FROM filtered ORDER BY id;
