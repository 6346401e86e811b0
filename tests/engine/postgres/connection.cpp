#include <thread>

#include "crossfade/model/text_format.hpp"
#include "server.hpp"

using namespace crossfade;
using tests::must;

namespace {

model::Type type(std::string_view name) { return model::parse_type(name).value(); }

}  // namespace

TEST_CASE("values go to PostgreSQL and come back in binary, each in its type") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  const std::vector<postgres::Parameter> values{
      {true, type("boolean")},
      {std::int64_t{-32768}, type("int2")},
      {std::int64_t{1} << 62, type("int8")},
      {0.1, type("float8")},
      {model::Numeric{"-12.340"}, type("numeric")},
      {std::string{"größe"}, type("text")},
      {model::Bytes{std::string("\0\xff", 2)}, type("bytea")},
      {model::Date{-1}, type("date")},
      {model::Timestamp{1}, type("timestamp")},
      {model::TimestampTz{model::kTimestampInfinity}, type("timestamptz")},
      {model::Interval{.micros = -1, .days = 2, .months = 14}, type("interval")},
      {model::Json{"{\"a\": 1}"}, type("jsonb")},
      {model::Null{}, type("uuid")},
  };
  const auto set = must(connection.query("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13", values));
  REQUIRE(set.rows.size() == 1);
  CHECK(set.command_tag == "SELECT 1");
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO(i);
    CHECK(set.rows[0][i] == values[i].value);
    CHECK(set.columns[i].type.oid == values[i].type.oid);
  }
}

TEST_CASE("a result with a type without binary form comes in text") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  const auto set = must(connection.query("SELECT 7, ARRAY[1, 2], '10.0.0.1'::inet, 1.50"));
  CHECK(std::get<std::int64_t>(set.rows[0][0]) == 7);
  CHECK(model::to_text(set.rows[0][1], type("integer[]")) == "{1,2}");
  CHECK(std::get<std::string>(set.rows[0][2]) == "10.0.0.1");
  CHECK(std::get<model::Numeric>(set.rows[0][3]).text == "1.50");
}

TEST_CASE("an error carries the server's SQLSTATE, fields and position, and leaves the connection usable") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  const auto missing = connection.query("SELECT nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().state.code() == "42703");
  CHECK(missing.error().position == 8);
  must(connection.execute("CREATE TEMP TABLE t (a int CONSTRAINT small CHECK (a < 3))"));
  const auto refused = connection.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (5)");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().state.code() == "23514");
  CHECK(refused.error().constraint == "small");
  CHECK(must(connection.value("SELECT count(*) FROM t")) == model::Value{std::int64_t{0}});
  CHECK(connection.healthy());
}

TEST_CASE("a wrong database and an unreachable server are told apart") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  const auto absent = postgres::Connection::connect(conninfo->with("dbname", "no_such_db"), std::chrono::seconds{5}, "x");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().state.code() == "3D000");
  CHECK(absent.error().message == "database \"no_such_db\" does not exist");
  const auto closed = postgres::Connection::connect(conninfo->with("port", "1"), std::chrono::seconds{5}, "x");
  REQUIRE_FALSE(closed);
  CHECK(closed.error().state.code() == "08001");
}

TEST_CASE("a statement past the deadline is cancelled with 57014, and the connection goes on") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  connection.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds{100});
  const auto late = connection.query("SELECT pg_sleep(10)");
  REQUIRE_FALSE(late);
  CHECK(late.error().state.code() == "57014");
  connection.clear_deadline();
  CHECK(must(connection.value("SELECT 1")) == model::Value{std::int64_t{1}});
}

TEST_CASE("cancel from another thread ends the running statement") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  std::jthread other{[&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      connection.cancel();
      std::this_thread::yield();
    }
  }};
  const auto ended = connection.query("SELECT pg_sleep(10)");
  REQUIRE_FALSE(ended);
  CHECK(ended.error().state.code() == "57014");
}

TEST_CASE("rows stream one by one and stop when asked to") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  std::int64_t sum = 0;
  must(connection.stream("SELECT g FROM generate_series(1, $1) g", std::vector<postgres::Parameter>{{std::int64_t{1000}, type("int8")}},
                         [&](const model::Row& row) {
                           sum += std::get<std::int64_t>(row[0]);
                           return true;
                         }));
  CHECK(sum == 500'500);
  int seen = 0;
  must(connection.stream("SELECT g FROM generate_series(1, 100000000) g", {}, [&](const model::Row&) { return ++seen < 5; }));
  CHECK(seen == 5);
  CHECK(must(connection.value("SELECT 2")) == model::Value{std::int64_t{2}});
}

TEST_CASE("COPY takes rows in binary, counts them, and an unfinished one leaves nothing") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  must(connection.execute("CREATE TEMP TABLE c (id int8, \"Na me\" text)"));
  const std::vector<model::Column> columns{{"id", type("int8")}, {"Na me", type("text")}};
  {
    auto copy = must(connection.copy_in("c", columns));
    for (std::int64_t i = 0; i < 20'000; ++i)
      must(copy.put({i, i % 7 == 0 ? model::Value{model::Null{}} : model::Value{std::string(20, 'x')}}));
    CHECK(must(copy.finish()) == 20'000);
  }
  CHECK(must(connection.value("SELECT count(*) FROM c WHERE \"Na me\" IS NULL")) == model::Value{std::int64_t{2858}});
  {
    auto given_up = must(connection.copy_in("c", columns));
    must(given_up.put({std::int64_t{-1}, std::string{"y"}}));
  }
  CHECK(must(connection.value("SELECT min(id) FROM c")) == model::Value{std::int64_t{0}});
}

TEST_CASE("a killed connection is 08006 and not healthy") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  auto other = tests::connect(*conninfo);
  const auto pid = must(connection.value("SELECT pg_backend_pid()"));
  must(other.query("SELECT pg_terminate_backend($1)", std::vector<postgres::Parameter>{{pid, type("int4")}}));
  const auto after = connection.query("SELECT 1");
  REQUIRE_FALSE(after);
  CHECK((after.error().state.code() == "57P01" || after.error().state.code() == "08006"));
  CHECK_FALSE(connection.query("SELECT 1"));
  CHECK_FALSE(connection.healthy());
}

TEST_CASE("describe tells columns and parameter types without running") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = tests::connect(*conninfo);
  const auto description = must(connection.describe("SELECT 1 / $1::int4 AS a, 'x'::varchar(5) AS b"));
  CHECK(description.parameters == std::vector{type("int4")});
  REQUIRE(description.columns.size() == 2);
  CHECK(description.columns[0] == model::Column{"a", type("int4")});
  CHECK(description.columns[1] == model::Column{"b", type("varchar(5)")});
}
