-- What the untyped items become that read no column is told by the operand and by each other, whatever type the columns have.
CREATE TABLE numbers (small integer, large bigint, short varchar(3));
INSERT INTO numbers VALUES (1, 3000000000, 'a'), (2, 2, 'b');
SELECT small FROM numbers WHERE small IN ('2', large);
SELECT small FROM numbers WHERE small IN ('3000000000', large);
SELECT small FROM numbers WHERE small IN ('3000000000', '2', large);
SELECT small FROM numbers WHERE large IN (small, '3000000000');
SELECT small FROM numbers WHERE small IN (large, 'x');
SELECT small FROM numbers WHERE small NOT IN (large, NULL);
SELECT small FROM numbers WHERE short IN ('a', small::text);
PREPARE one AS SELECT small FROM numbers WHERE small IN ($1, large);
EXECUTE one ('2');
SELECT small FROM numbers WHERE small IN (1, '2', large);
SELECT small FROM numbers WHERE small IN (1.5, '2', large);
SELECT small FROM numbers WHERE large IN (1, '3000000000', small);
SELECT small FROM numbers WHERE short IN ('a', 'toolong', small::text);
SELECT small FROM numbers WHERE small IN ('x', 1, large);
