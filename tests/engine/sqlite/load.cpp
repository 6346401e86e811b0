#include <array>

#include "support.hpp"

using namespace crossfade;
using tests::Client;
using tests::must;
using tests::state_of;

namespace {

/// INSERT of two integers.
sql::Translated pairs(std::string table) {
  sql::Translated insert = tests::statement(sql::Kind::insert, "INSERT INTO " + table + " VALUES (?1, ?2)");
  for (std::uint16_t i = 0; i < 2; ++i) {
    insert.parameters.push_back({model::oid::int8});
    insert.slots.push_back({i, {model::oid::int8}, {plan::Form::integer}});
  }
  insert.tables = {std::move(table)};
  return insert;
}

model::Result<std::int64_t> add(sqlite::Loader& loader, std::int64_t first, model::Value second) {
  const std::array<model::Value, 2> row{first, std::move(second)};
  return loader.add(row);
}

/// In an implicit block, with the permit.
std::unique_ptr<sqlite::Loader> begin_load(Client& client, sqlite::Database& database, const sql::Translated& insert) {
  client.session.begin_implicit();
  database.permits().acquire([&](sqlite::Permit permit) { client.session.adopt(std::move(permit)); });
  return must(client.session.load(insert));
}

}  // namespace

TEST_CASE("a load's rows are there when its block has ended, and none of them when it has failed") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER)");
  Client client{*database}, other{*database};
  const sql::Translated insert = pairs("t");
  auto loader = begin_load(client, *database, insert);
  CHECK(must(add(*loader, 1, std::int64_t{10})) == 1);
  CHECK(must(other.number("SELECT count(*) FROM t")) == 0);
  CHECK(state_of(add(*loader, 1, std::int64_t{11})) == "23505");
  CHECK(must(add(*loader, 2, model::Null{})) == 1);  // the row that failed is not there, the others are
  must(loader->finish());
  loader.reset();
  must(client.session.end_implicit());
  CHECK(must(other.number("SELECT count(*) FROM t")) == 2);

  loader = begin_load(client, *database, insert);
  must(add(*loader, 3, model::Null{}));
  loader.reset();
  client.session.mark_failed();
  must(client.session.end_implicit());
  CHECK(must(other.number("SELECT count(*) FROM t")) == 2);
  CHECK_FALSE(client.session.holds_permit());
}

TEST_CASE("rows of a load may reference later ones; what is missing at its end is 23503") {
  const tests::TemporaryFile file;
  const auto database = tests::serve(file, "CREATE TABLE t (a INTEGER PRIMARY KEY, parent INTEGER REFERENCES t (a))");
  Client client{*database};
  const sql::Translated insert = pairs("t");
  auto loader = begin_load(client, *database, insert);
  must(add(*loader, 1, std::int64_t{2}));
  must(add(*loader, 2, model::Null{}));
  must(loader->finish());
  loader.reset();
  must(client.session.end_implicit());
  CHECK(must(client.number("SELECT count(*) FROM t")) == 2);

  loader = begin_load(client, *database, insert);
  must(add(*loader, 3, std::int64_t{9}));
  CHECK(state_of(loader->finish()) == "23503");
  loader.reset();
  client.session.mark_failed();
  must(client.session.end_implicit());
  CHECK(must(client.number("SELECT count(*) FROM t")) == 2);
}
