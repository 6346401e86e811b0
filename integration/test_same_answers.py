"""One script of an ordinary application's statements, run on SQLite through Crossfade and on PostgreSQL 15 itself:
the same columns, type OIDs, rows, row counts and SQLSTATEs, statement by statement. A refusal (0A000) must be listed below."""
import psycopg2
import psycopg2.extensions
import pytest

FIXTURE = """
CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR(40) NOT NULL UNIQUE, name TEXT, age INTEGER CHECK (age >= 0),
                    balance NUMERIC(12,2) NOT NULL DEFAULT 0, active BOOLEAN NOT NULL DEFAULT true,
                    created TIMESTAMP NOT NULL DEFAULT '2024-01-01 00:00:00', seen TIMESTAMPTZ, born DATE, score DOUBLE PRECISION,
                    token UUID, extra JSONB, avatar BYTEA, visits BIGINT NOT NULL DEFAULT 0);
CREATE TABLE posts (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE, title TEXT NOT NULL,
                    body TEXT, published TIMESTAMP, rating NUMERIC, UNIQUE (user_id, title));
CREATE TABLE tags (post_id INTEGER REFERENCES posts(id), tag TEXT NOT NULL, PRIMARY KEY (post_id, tag));
CREATE INDEX posts_published ON posts (published DESC);
CREATE INDEX users_active ON users (email) WHERE active;
INSERT INTO users (email, name, age, balance, active, created, seen, born, score, token, extra, avatar, visits) VALUES
  ('ann@x.org', 'Ann', 31, 10.50, true, '2024-02-29 12:00:00', '2024-03-01 10:00:00+02', '1993-05-17', 1.5, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1, "tags": ["x", "y"]}', '\\x00ff', 9007199254740993),
  ('bob@x.org', 'bob', 17, 0.10, false, '2024-02-28 23:59:59.5', NULL, '2007-12-31', -0.25, NULL, '{"a": 2}', '\\x', 1),
  ('cyd@x.org', NULL, NULL, -3.00, true, '2023-12-31 00:00:00', '1999-12-31 23:59:59.999999+00', NULL, NULL, NULL, NULL, NULL, 0),
  ('DAN@x.org', 'Dän_%', 99, 12345678.90, true, '2025-01-01 00:00:00', NULL, '1925-01-01', 1e10, NULL, '[]', '\\xdeadbeef', -5);
INSERT INTO posts (user_id, title, body, published, rating) VALUES (1, 'First', 'hello', '2024-03-01 08:00:00', 4.50),
  (1, 'Second', NULL, NULL, 3.333), (2, 'First', 'x', '2024-03-02 08:00:00', NULL), (4, 'Ünï', 'long text here', '2024-01-15 00:00:00', 5);
INSERT INTO tags VALUES (1, 'a'), (1, 'b'), (2, 'a'), (4, 'c');
"""

STATEMENTS = [line for line in r"""
SELECT * FROM users ORDER BY id
SELECT id, email FROM users WHERE active ORDER BY email
SELECT id, email FROM users WHERE NOT active
SELECT email FROM users ORDER BY name
SELECT email FROM users ORDER BY name DESC, id
SELECT email FROM users ORDER BY age NULLS FIRST LIMIT 2 OFFSET 1
SELECT count(*), count(age), sum(age), avg(age), min(email), max(created) FROM users
SELECT sum(balance), avg(balance), min(balance), max(balance) FROM users
SELECT sum(visits), avg(score), max(score), min(seen) FROM users
SELECT active, count(*) AS n, sum(balance) FROM users GROUP BY active HAVING count(*) > 0 ORDER BY active
SELECT u.email, p.title FROM users u JOIN posts p ON p.user_id = u.id ORDER BY p.id
SELECT u.email, p.title FROM users u LEFT JOIN posts p ON p.user_id = u.id AND p.rating > 4 ORDER BY u.id, p.id
SELECT u.email, count(p.id) FROM users u LEFT JOIN posts p ON p.user_id = u.id GROUP BY u.id, u.email ORDER BY count(p.id) DESC, u.email
SELECT email FROM users WHERE id IN (SELECT user_id FROM posts WHERE rating IS NOT NULL) ORDER BY id
SELECT email FROM users u WHERE EXISTS (SELECT 1 FROM posts p WHERE p.user_id = u.id AND p.title = 'First') ORDER BY id
SELECT email, (SELECT count(*) FROM posts p WHERE p.user_id = u.id) AS posts FROM users u ORDER BY id
WITH x AS (SELECT user_id, count(*) AS n FROM posts GROUP BY user_id) SELECT u.email, x.n FROM users u JOIN x ON x.user_id = u.id ORDER BY u.id
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n, n * n FROM t ORDER BY n
SELECT 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7.0 / 2, 1 / 3.0
SELECT 1 / 0
SELECT age / 0 FROM users WHERE id = 1
SELECT 2147483647 + 1
SELECT 9223372036854775807 + 1
SELECT age + 2147483647 FROM users WHERE id = 1
SELECT balance * 3, balance / 3, balance + 1, balance - 0.005 FROM users ORDER BY id
SELECT round(balance / 3, 2), round(2.5), round(-2.5), round(1234.567, -2), trunc(1.99, 1), ceil(1.1), floor(-1.1), abs(-3) FROM users WHERE id = 1
SELECT email FROM users WHERE balance > 0.1 ORDER BY id
SELECT email FROM users WHERE balance = 10.5
SELECT email FROM users WHERE balance BETWEEN 0.1 AND 11 ORDER BY balance
SELECT email, balance FROM users ORDER BY balance
SELECT email FROM users WHERE name LIKE 'A%'
SELECT email FROM users WHERE name LIKE 'a%'
SELECT email FROM users WHERE name ILIKE 'b%' OR name LIKE '%\_\%'
SELECT email FROM users WHERE email LIKE '%@x.org' ORDER BY email
SELECT email FROM users WHERE created > '2024-01-01' ORDER BY created
SELECT email FROM users WHERE created >= '2024-02-28 23:59:59.5' AND created < '2024-12-31' ORDER BY created
SELECT email FROM users WHERE seen = '2024-03-01 08:00:00+00'
SELECT email, born + 1, born - '2000-01-01'::date, created + interval '1 month', created - interval '90 minutes' FROM users ORDER BY id
SELECT date_trunc('month', created), extract(year FROM created), extract(dow FROM created), created::date FROM users ORDER BY id
SELECT '2024-03-31'::date + interval '1 month', '2024-01-31 10:00'::timestamp + interval '1 month 1 day 01:00'
SELECT '2024-03-01'::timestamp - '2024-02-28 12:00'::timestamp
SELECT created::text, seen::text, born::text, balance::text, active::text, score::text, visits::text FROM users ORDER BY id
SELECT '42'::int, 42::text, '1.5'::numeric, 1.5::int, 2.5::int, '2024-02-29'::date, 't'::boolean, 1::boolean, true::int
SELECT 'abc'::int
SELECT '2024-02-30'::date
SELECT 300000::smallint
SELECT NULL = NULL, NULL IS NULL, 1 = 1, 1 <> 1, NULL AND false, NULL OR true, 1 IS DISTINCT FROM NULL
SELECT coalesce(name, email), nullif(age, 17), greatest(age, 20), least(age, 20) FROM users ORDER BY id
SELECT CASE WHEN age < 18 THEN 'minor' WHEN age IS NULL THEN 'unknown' ELSE 'adult' END AS class FROM users ORDER BY id
SELECT CASE active WHEN true THEN 1 ELSE 0 END FROM users ORDER BY id
SELECT lower(name), upper(name), length(name), char_length(email), octet_length(name) FROM users ORDER BY id
SELECT substr(email, 2, 3), substring(email FROM 1 FOR 3), left(email, 3), right(email, 3), position('@' IN email), strpos(email, 'x') FROM users ORDER BY id
SELECT trim('  x '), ltrim('xxay', 'x'), rtrim('a  '), btrim('xyax', 'xy'), replace('aXbX', 'X', '-'), repeat('ab', 3), reverse('abc')
SELECT lpad('7', 3, '0'), rpad('ab', 4, '.'), split_part('a,b,c', ',', 2), initcap('hello world'), concat('a', NULL, 1, true), concat_ws('-', 'a', NULL, 'b')
SELECT 'a' || 'b', 'n=' || 5, NULL || 'x', email || ' <' || coalesce(name, '?') || '>' FROM users ORDER BY id
SELECT md5('abc'), ascii('a'), chr(65), sign(-2.5), power(2, 10), sqrt(2.0::float8), mod(10, 3)
SELECT DISTINCT title FROM posts ORDER BY title
SELECT title FROM posts UNION SELECT tag FROM tags ORDER BY 1
SELECT title FROM posts UNION ALL SELECT tag FROM tags ORDER BY 1
SELECT user_id FROM posts INTERSECT SELECT id FROM users WHERE active ORDER BY 1
SELECT id FROM users EXCEPT SELECT user_id FROM posts ORDER BY id
SELECT email, row_number() OVER (ORDER BY email), rank() OVER (PARTITION BY active ORDER BY age) FROM users ORDER BY email
SELECT title, sum(rating) OVER (ORDER BY id), lag(title) OVER (ORDER BY id) FROM posts ORDER BY id
SELECT extra->'a', extra->>'a', extra->'tags'->>0 FROM users ORDER BY id
SELECT string_agg(tag, ',' ORDER BY tag) FROM tags
SELECT bool_and(active), bool_or(active), count(DISTINCT active), count(*) FILTER (WHERE active) FROM users
SELECT email = 'x', email < 'b', 'B' < 'a', 'a' < 'b' FROM users ORDER BY id
SELECT id FROM users WHERE email = 5
SELECT id FROM users WHERE age = 'abc'
SELECT id FROM users WHERE age = '31'
SELECT nope FROM users
SELECT * FROM nope
SELECT nofunction(1)
SELECT id FROM users, posts
SELECT u.id, p.id FROM users u, posts p WHERE u.id = p.user_id ORDER BY 1, 2
SELECT email, count(*) FROM users
SELECT email FROM users WHERE age
SELEC 1
SELECT 1 FROM users WHERE
SELECT (VALUES (1)), * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, t) ORDER BY n
VALUES (1, 'x'), (2, NULL)
SELECT * FROM users WHERE id = ANY(ARRAY[1, 2]) ORDER BY id
SELECT 1 AS "Quoted", 2 AS plain, 'x' AS "sp ace"
SELECT "id", "users"."email" FROM "users" WHERE "users"."id" = 1
SELECT generate_series(1, 3)
SELECT * FROM generate_series(1, 3) AS g(n)
SELECT current_database() IS NOT NULL, current_schema(), now() = now(), now() IS NOT NULL
SELECT pg_typeof(1), pg_typeof(1.5), pg_typeof('x'), pg_typeof(balance), pg_typeof(created) FROM users WHERE id = 1
INSERT INTO users (email, name) VALUES ('eve@x.org', 'Eve') RETURNING id, email, balance, active, created, visits
INSERT INTO users (email) VALUES ('ann@x.org')
INSERT INTO users (email) VALUES (NULL)
INSERT INTO users (name) VALUES ('no mail')
INSERT INTO users (email, age) VALUES ('neg@x.org', -1)
INSERT INTO users (email) VALUES ('this address is far longer than forty characters@x.org')
INSERT INTO users (email, age) VALUES ('big@x.org', 3000000000)
INSERT INTO users (email, balance) VALUES ('wide@x.org', 99999999999.99)
INSERT INTO users (email, balance) VALUES ('r@x.org', 1.005) RETURNING balance
INSERT INTO users (email, age) VALUES ('t@x.org', 'abc')
INSERT INTO users (email, born) VALUES ('d@x.org', '2024-13-01')
INSERT INTO users (email, token) VALUES ('u@x.org', 'not-a-uuid')
INSERT INTO users (email, extra) VALUES ('j@x.org', '{bad')
INSERT INTO users (email, extra) VALUES ('k@x.org', '{"b":1,  "a":2, "b":3}') RETURNING extra
INSERT INTO posts (user_id, title) VALUES (999, 'orphan')
INSERT INTO posts (user_id, title) VALUES (1, 'First') ON CONFLICT (user_id, title) DO UPDATE SET body = excluded.title || '!' RETURNING id, body
INSERT INTO posts (user_id, title) VALUES (1, 'First') ON CONFLICT DO NOTHING
INSERT INTO posts (user_id, title) VALUES (1, 'First'), (1, 'Third') ON CONFLICT (user_id, title) DO NOTHING RETURNING title
INSERT INTO posts (user_id, title) VALUES (1, 'X') ON CONFLICT (rating) DO NOTHING
INSERT INTO tags SELECT id, 'all' FROM posts WHERE rating IS NOT NULL
INSERT INTO tags (post_id, tag) SELECT id, 'gen' FROM posts ORDER BY id RETURNING post_id, tag
UPDATE users SET visits = visits + 1 WHERE active
UPDATE users SET balance = balance * 1.1 WHERE id = 1 RETURNING balance
UPDATE users SET name = upper(name), age = age + 1 WHERE name IS NOT NULL RETURNING id, name, age
UPDATE users SET email = 'bob@x.org' WHERE id = 1
UPDATE users SET age = NULL, email = DEFAULT WHERE id = 1
UPDATE posts SET body = u.email FROM users u WHERE u.id = posts.user_id AND u.active RETURNING posts.id, body
UPDATE users SET nope = 1
UPDATE users SET (name, age) = ('Z', 1) WHERE id = 2 RETURNING name, age
DELETE FROM tags WHERE tag = 'a'
DELETE FROM posts USING users u WHERE u.id = posts.user_id AND u.email = 'bob@x.org'
DELETE FROM users WHERE id = 4
DELETE FROM users WHERE id = 2 RETURNING *
DELETE FROM posts WHERE id = 1
CREATE TABLE users (id INTEGER)
CREATE TABLE IF NOT EXISTS users (id INTEGER)
DROP TABLE nope
DROP TABLE IF EXISTS nope
CREATE TABLE extra_table (a INTEGER PRIMARY KEY, b TEXT DEFAULT 'x', c TIMESTAMP DEFAULT CURRENT_TIMESTAMP)
ALTER TABLE users ADD COLUMN nick TEXT
ALTER TABLE users RENAME COLUMN name TO full_name
CREATE UNIQUE INDEX users_name ON users (name)
DROP TABLE tags
CREATE VIEW adults AS SELECT id, email FROM users WHERE age >= 18
TRUNCATE tags
SELECT * FROM users WHERE id = 1 FOR UPDATE
COMMIT
SHOW server_encoding
SHOW nope
SET nope = 1
SET timezone = 'Europe/Berlin'
SHOW transaction_isolation
SELECT pg_advisory_unlock_all()
SELECT ''::text, ' '::text, 'a''b', E'a\nb', $$dollar$$
SELECT -0.0::float8, 1e20::float8, 0.1::float8 + 0.2::float8, 1e-7::float8
SELECT 0.1 + 0.2 = 0.3, 1.10, 100 * 1.10
SELECT a.x, b.y FROM (VALUES (1, interval '1 day'), (2, '1 mon')) a(i, x) LEFT JOIN (VALUES (interval '24:00:00'), ('30 days')) b(y) ON a.x = b.y ORDER BY a.i
SELECT i, sum(n) OVER (ORDER BY i ROWS 1 PRECEDING), avg(f) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 'NaN'::numeric, 1e20::float8), (2, 1.50, 1), (3, 2, 2), (4, 3, 4)) v(i, n, f) ORDER BY i
SELECT true AS flag, active, id FROM users ORDER BY flag, 3
SELECT id, id::text FROM users ORDER BY id
SELECT coalesce('a'::char(3), 'z') || '|', octet_length('a'::char(3)), 'a'::char(3) LIKE 'a', concat('a'::char(3), '|'), 'a'::char(3) = 'a '::varchar
SELECT '5'::jsonb -> 0, '"x"'::jsonb ->> -1, '5'::json -> 0
SELECT true AND NOT false, 5 BETWEEN 1 AND 10, 3 IN (1, 2, NULL), 1 IN (1, NULL)
""".splitlines() if line.strip()]

# What is refused on SQLite today, each with its reason (docs/errors.md): statement -> issue that widens it.
REFUSED = {}


@pytest.fixture(scope="module")
def both(tmp_path_factory, postgres):
    from servers import Crossfade
    proxy = Crossfade(folder=tmp_path_factory.mktemp("same"), sqlite=tmp_path_factory.mktemp("same-db") / "app.db").start()
    direct = f"postgresql://postgres@127.0.0.1:{postgres.port}/{postgres.create_database()}"
    connections = []
    for url in (proxy.url(), direct):
        connection = psycopg2.connect(url, options="-c timezone=UTC") if url is direct else psycopg2.connect(url)
        connection.autocommit = True
        for oid in (16, 17, 20, 21, 23, 700, 701, 1082, 1114, 1184, 1186, 1700, 2950, 3802):  # every value as the server's text
            psycopg2.extensions.register_type(psycopg2.extensions.new_type((oid,), f"raw{oid}", lambda text, _: text), connection)
        cursor = connection.cursor()
        cursor.execute("SET timezone = 'UTC'")
        for statement in FIXTURE.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        connections.append(connection)
    yield connections
    for connection in connections:
        connection.close()
    proxy.stop()


def outcome(connection, statement):
    """(columns with OIDs, rows, row count, SQLSTATE); whatever the statement did is undone."""
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.execute(statement)
        columns = [(column.name, column.type_code) for column in cursor.description or []]
        rows = cursor.fetchall() if cursor.description else []
        return {"columns": columns, "rows": rows, "count": cursor.rowcount, "state": "00000"}
    except psycopg2.Error as error:
        return {"state": error.pgcode, "message": error.diag.message_primary}
    finally:
        connection.cursor().execute("ROLLBACK")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_means_the_same_on_sqlite(both, statement):
    through, direct = (outcome(connection, statement) for connection in both)
    if statement in REFUSED:
        assert through["state"] == "0A000", f"no longer refused: take it off the list: {through}"
        pytest.skip(f"refused: {REFUSED[statement]}")
    messages = (through.pop("message", None), direct.pop("message", None))
    if "ORDER BY" not in statement and "rows" in through and "rows" in direct:
        through["rows"].sort(key=repr), direct["rows"].sort(key=repr)
    assert through == direct, messages


def test_the_default_now_of_an_omitted_column_is_the_transactions(both):
    for connection in both:
        cursor = connection.cursor()
        cursor.execute("CREATE TABLE moments (id serial PRIMARY KEY, at timestamptz DEFAULT now(), day date DEFAULT CURRENT_DATE, n int)")
        cursor.execute("BEGIN")
        cursor.execute("INSERT INTO moments (n) VALUES (1), (2)")
        cursor.execute("INSERT INTO moments (n) SELECT n + 2 FROM moments")
        cursor.execute("INSERT INTO moments DEFAULT VALUES")
        cursor.execute("SELECT count(*), bool_and(at = now()), bool_and(day = CURRENT_DATE) FROM moments")
        assert cursor.fetchone() == ("5", "t", "t")
        cursor.execute("ROLLBACK")
        cursor.execute("DROP TABLE moments")
