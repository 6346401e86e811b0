#include <fstream>

#include "support.hpp"

using namespace crossfade;
using tests::must;
using tests::state_of;

namespace {

struct Example { std::string_view sql, state, message, constraint; };

/// One schema, one failing statement for each condition.
constexpr const char* kSchema =
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT NOT NULL, age INTEGER CHECK (age > 0),"
    " CONSTRAINT adult CHECK (age < 200));"
    "CREATE UNIQUE INDEX users_lower ON users(lower(name));"
    "CREATE UNIQUE INDEX users_age ON users(age);"
    "CREATE TABLE posts (a INTEGER, b INTEGER, author INTEGER REFERENCES users(id), CONSTRAINT ab UNIQUE (a, b));"
    "CREATE TABLE pairs (x INTEGER, y INTEGER, PRIMARY KEY (x, y)) WITHOUT ROWID;"
    "CREATE TRIGGER no_zoe BEFORE INSERT ON users WHEN NEW.name = 'zoe' BEGIN SELECT RAISE(ABORT, 'no zoe here'); END;"
    "INSERT INTO users VALUES (1, 'a@b', 'ann', 30); INSERT INTO posts VALUES (1, 1, 1); INSERT INTO pairs VALUES (1, 2)";

constexpr Example kExamples[] = {
    {"INSERT INTO users VALUES (1, 'x', 'x', 1)", "23505", "duplicate key value violates unique constraint \"users_pkey\"", "users_pkey"},
    {"INSERT INTO users VALUES (2, 'a@b', 'x', 1)", "23505", "duplicate key value violates unique constraint \"users_email_key\"",
     "users_email_key"},
    {"INSERT INTO users VALUES (2, 'x', 'ANN', 1)", "23505", "duplicate key value violates unique constraint \"users_lower\"",
     "users_lower"},
    {"INSERT INTO users VALUES (2, 'x', 'x', 30)", "23505", "duplicate key value violates unique constraint \"users_age\"", "users_age"},
    {"INSERT INTO posts VALUES (1, 1, 1)", "23505", "duplicate key value violates unique constraint \"ab\"", "ab"},
    {"INSERT INTO pairs VALUES (1, 2)", "23505", "duplicate key value violates unique constraint \"pairs_pkey\"", "pairs_pkey"},
    {"INSERT INTO users VALUES (2, 'x', NULL, 1)", "23502",
     "null value in column \"name\" of relation \"users\" violates not-null constraint", ""},
    {"INSERT INTO users VALUES (2, 'x', 'x', 0)", "23514",
     "new row for relation \"users\" violates check constraint \"users_age_check\"", "users_age_check"},
    {"INSERT INTO users VALUES (2, 'x', 'x', 300)", "23514", "new row for relation \"users\" violates check constraint \"adult\"",
     "adult"},
    {"INSERT INTO posts VALUES (1, 2, 9)", "23503",
     "insert or update on table \"posts\" violates foreign key constraint \"posts_author_fkey\"", "posts_author_fkey"},
    {"DELETE FROM users", "23503",
     "update or delete on table \"users\" violates foreign key constraint \"posts_author_fkey\" on table \"posts\"",
     "posts_author_fkey"},
    {"INSERT INTO users VALUES (2, 'x', 'zoe', 1)", "P0001", "no zoe here", ""},
    {"SELECT * FROM nowhere", "42P01", "no such table: nowhere", ""},
    {"SELECT nowhere FROM users", "42703", "no such column: nowhere", ""},
    {"SELECT 1 +", "42601", "incomplete input", ""},
    {"SELECT zeroblob(2000000000)", "54000", "string or blob too big", ""},
};

}  // namespace

TEST_CASE("SQLite's failures are told in PostgreSQL's words, with its SQLSTATE and the constraint's name") {
  const tests::TemporaryFile file;
  must(file.open().execute(kSchema));
  auto client = file.open(sqlite::Role::application);
  for (const Example& example : kExamples) {
    INFO(example.sql);
    const auto result = client.execute(example.sql);
    REQUIRE_FALSE(result);
    CHECK(result.error().state.code() == example.state);
    CHECK(result.error().message == example.message);
    CHECK(result.error().constraint == example.constraint);
  }
}

TEST_CASE("a file that is missing, a directory or no database is one line that names it") {
  const tests::TemporaryFile file;
  const auto missing = sqlite::Connection::open(file.path(), {});
  CHECK(state_of(missing) == "58P01");
  CHECK(missing.error().message == "database file \"" + file.path().string() + "\" does not exist");
  CHECK(state_of(sqlite::Connection::open(file.path().parent_path(), {})) == "58P01");
  std::ofstream{file.path()} << std::string(4096, 'x');
  const auto wrong = sqlite::Connection::open(file.path(), {});
  CHECK(state_of(wrong) == "XX001");
  CHECK(wrong.error().message.find(file.path().string()) != std::string::npos);
}

TEST_CASE("a lock held by another program is 55P03, and a write in a read-only file is 25006") {
  const tests::TemporaryFile file;
  auto other = file.open();
  must(other.execute("CREATE TABLE t (a); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"));
  auto mine = file.open();
  CHECK(state_of(mine.execute("INSERT INTO t VALUES (2)")) == "55P03");
  must(other.execute("COMMIT"));
  auto reader = must(sqlite::Connection::open(file.path(), {.mode = sqlite::OpenMode::read_only}));
  CHECK(state_of(reader.execute("INSERT INTO t VALUES (2)")) == "25006");
}
