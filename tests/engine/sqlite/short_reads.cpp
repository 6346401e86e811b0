#include "support.hpp"

using namespace crossfade;
using tests::Client;
using tests::must;

namespace {

constexpr const char* kItems =
    "CREATE TABLE items (id INTEGER PRIMARY KEY, code INTEGER UNIQUE, price INTEGER);"
    "INSERT INTO items VALUES (1, 10, 100), (2, 20, 200)";

struct Read {
  explicit Read(sqlite::Database& database, std::string text)
      : client(database), statement(std::make_shared<sql::Translated>(tests::statement(sql::Kind::select, std::move(text), 1))) {}

  /// Runs it the ordinary way, which prepares it, then asks what it is. `version`: of the schema that it was translated from.
  bool learn(std::int64_t version) {
    must(must(client.start(*statement))->fetch(0));
    return client.session.learn_short(statement, version, {});
  }
  /// The only value, -1 without a row, nullopt when it was not run.
  std::optional<std::int64_t> run() {
    std::vector<model::Row> rows;
    sqlite::RowsOf sink(rows);
    if (!client.session.read_short(statement, {}, sink)) return std::nullopt;
    return rows.empty() ? -1 : std::get<std::int64_t>(rows.at(0).at(0));
  }

  Client client;
  std::shared_ptr<const sql::Translated> statement;
};

std::int64_t version_of(sqlite::Database& database) { return must(database.schema())->version; }

}  // namespace

TEST_CASE("a read by key is short once it has been learned, with and without a row") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  Read read{*database, "SELECT price FROM items WHERE id = 2"};
  CHECK_FALSE(read.run());
  CHECK(read.learn(version_of(*database)));
  CHECK(read.run() == 200);
  must(file.open().execute("UPDATE items SET price = 201 WHERE id = 2"));
  CHECK(read.run() == 201);
  must(file.open().execute("DELETE FROM items"));
  CHECK(read.run() == -1);
  Read unique{*database, "SELECT price FROM items WHERE code = 10"};
  CHECK(unique.learn(version_of(*database)));
  CHECK(unique.run() == -1);
}

TEST_CASE("what begins at the front, sorts or calls a function is not short") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  const auto text = GENERATE(as<std::string>{}, "SELECT price FROM items", "SELECT price FROM items WHERE price = 100",
                             "SELECT count(*) FROM items",
                             "SELECT abs(price) FROM items WHERE id = 1", "SELECT price FROM items ORDER BY price LIMIT 1",
                             "SELECT price FROM items WHERE id IN (1, 2)");
  Read read{*database, text};
  CHECK_FALSE(read.learn(version_of(*database)));
  CHECK_FALSE(read.run());
}

TEST_CASE("a schema changed by another process ends a short read until it is learned again") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  Read read{*database, "SELECT price FROM items WHERE code = 20"};
  CHECK(read.learn(version_of(*database)));
  CHECK(read.run() == 200);
  must(file.open().execute("ALTER TABLE items ADD COLUMN note TEXT"));
  CHECK_FALSE(read.run());
  CHECK_FALSE(read.run());
  must(file.open().execute("DROP TABLE items"));
  CHECK_FALSE(read.run());
}

TEST_CASE("a translation made from an older schema is never learned") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  const auto before = version_of(*database);
  must(file.open().execute("CREATE TABLE other (a INTEGER)"));
  Read read{*database, "SELECT price FROM items WHERE id = 1"};
  CHECK(read.learn(before));
  CHECK_FALSE(read.run());
  CHECK(read.learn(version_of(*database)));
  CHECK(read.run() == 100);
}

TEST_CASE("a block with a snapshot or a connection of its own is not read past") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  Read read{*database, "SELECT price FROM items WHERE id = 1"};
  CHECK(read.learn(version_of(*database)));
  must(read.client.begin(sql::Isolation::repeatable_read));
  CHECK_FALSE(read.run());
  must(read.client.control(Client::Verb::rollback));
  must(read.client.begin());
  CHECK(read.run() == 100);
  must(read.client.change("UPDATE items SET price = 7 WHERE id = 1"));
  CHECK_FALSE(read.run());
  must(read.client.control(Client::Verb::rollback));
  CHECK(read.run() == 100);
}

TEST_CASE("a range from a key on is short while it is small") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, kItems);
  Read read{*database, "SELECT price FROM items WHERE id > 1"};
  CHECK(read.learn(version_of(*database)));
  CHECK(read.run() == 200);
  must(file.open().execute("WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO items SELECT i, -i, i FROM n"));
  CHECK_FALSE(read.run());
  CHECK_FALSE(read.learn(version_of(*database)));
}

TEST_CASE("rows of many kilobytes are left to the ordinary way") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, printf('%.*c', 99999, 'x'))");
  auto statement = tests::statement(sql::Kind::select, "SELECT b FROM t WHERE a = 1", 1);
  statement.columns[0].type = {model::oid::text};
  statement.columns[0].form = {plan::Form::text};
  Read read{*database, ""};
  read.statement = std::make_shared<const sql::Translated>(statement);
  CHECK(read.learn(version_of(*database)));
  std::vector<model::Row> rows;
  sqlite::RowsOf sink(rows);
  CHECK(read.client.session.read_short(read.statement, {}, sink));
  CHECK(rows.size() == 1);
  CHECK_FALSE(read.client.session.read_short(read.statement, {}, sink));
  CHECK_FALSE(read.learn(version_of(*database)));
}
