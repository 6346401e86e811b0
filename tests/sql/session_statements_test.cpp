#include "crossfade/sql/session_statements.hpp"

#include <catch2/catch.hpp>

using namespace crossfade;
using namespace model::literals;

namespace {

sql::Parsed first_of(std::string_view text) {
  auto statements = sql::parse(text, sql::Dialect::postgres);
  REQUIRE(statements);
  return statements->front();
}

}  // namespace

TEST_CASE("PREPARE is its name, its types and the text of its query") {
  const auto plain = sql::read_prepare(first_of("PREPARE p AS SELECT 1"));
  REQUIRE(plain);
  CHECK(plain->name == "p");
  CHECK(plain->types.empty());
  CHECK(plain->query == "SELECT 1");
  CHECK(plain->offset == 13);
  const auto typed = sql::read_prepare(first_of("prepare \"As \"\"x\" (int, numeric(10, 2), pg_catalog.text) /* as */ as insert into t values ($1)"));
  REQUIRE(typed);
  CHECK(typed->name == "As \"x");
  CHECK(typed->types == std::vector<model::Oid>{model::oid::int4, model::oid::numeric, model::oid::text});
  CHECK(typed->query == "insert into t values ($1)");
  const auto unknown = sql::read_prepare(first_of("PREPARE q (int, foo) AS SELECT 1"));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "type \"foo\" does not exist");
  CHECK(unknown.error().position == 17);
}

TEST_CASE("EXECUTE's arguments are counted at its own commas") {
  const auto none = sql::read_execute(first_of("EXECUTE P"));
  CHECK(none.name == "p");
  CHECK(none.count == 0);
  const auto three = sql::read_execute(first_of("EXECUTE p (f(1, 2), 'a,)', x[1])"));
  CHECK(three.count == 3);
  CHECK(three.arguments == "f(1, 2), 'a,)', x[1]");
  CHECK(three.offset == 11);
}

TEST_CASE("DECLARE's options are read, and those that exclude each other are not taken") {
  using Scroll = sql::DeclareStatement::Scroll;
  const auto all = sql::read_declare(first_of("DECLARE c BINARY INSENSITIVE NO SCROLL CURSOR WITH HOLD FOR SELECT a FROM t FOR UPDATE"));
  REQUIRE(all);
  CHECK((all->name == "c" && all->binary && all->insensitive && all->hold));
  CHECK(all->scroll == Scroll::no);
  CHECK(all->query == "SELECT a FROM t FOR UPDATE");
  const auto plain = sql::read_declare(first_of("DECLARE no CURSOR WITHOUT HOLD FOR SELECT 1"));
  REQUIRE(plain);
  CHECK((plain->name == "no" && !plain->binary && !plain->insensitive && !plain->hold));
  CHECK(plain->scroll == Scroll::automatic);
  CHECK(sql::read_declare(first_of("DECLARE c SCROLL CURSOR FOR SELECT 1"))->scroll == Scroll::yes);
  CHECK(sql::read_declare(first_of("DECLARE c SCROLL NO SCROLL CURSOR FOR SELECT 1")).error().state == "42P11"_state);
  CHECK(sql::read_declare(first_of("DECLARE c ASENSITIVE INSENSITIVE CURSOR FOR SELECT 1")).error().state == "42P11"_state);
}

TEST_CASE("FETCH's direction and count are read in every form") {
  using Direction = sql::FetchStatement::Direction;
  struct Row { std::string_view text; Direction direction; std::int64_t count; };
  for (const Row& row : {Row{"FETCH c", Direction::forward, 1}, {"FETCH FROM c", Direction::forward, 1},
                         {"FETCH NEXT IN c", Direction::forward, 1}, {"FETCH PRIOR c", Direction::backward, 1},
                         {"FETCH FIRST FROM c", Direction::absolute, 1}, {"FETCH LAST c", Direction::absolute, -1},
                         {"FETCH ABSOLUTE -7 c", Direction::absolute, -7}, {"FETCH RELATIVE 0 FROM c", Direction::relative, 0},
                         {"FETCH 12 c", Direction::forward, 12}, {"FETCH -3 FROM c", Direction::forward, -3},
                         {"FETCH +3 FROM c", Direction::forward, 3}, {"FETCH ALL c", Direction::forward, sql::kAllRows},
                         {"FETCH FORWARD c", Direction::forward, 1}, {"FETCH FORWARD 4 c", Direction::forward, 4},
                         {"FETCH FORWARD ALL IN c", Direction::forward, sql::kAllRows}, {"MOVE BACKWARD c", Direction::backward, 1},
                         {"MOVE BACKWARD -2 c", Direction::backward, -2}, {"MOVE BACKWARD ALL c", Direction::backward, sql::kAllRows}}) {
    INFO(row.text);
    const sql::FetchStatement read = sql::read_fetch(first_of(row.text));
    CHECK(read.name == "c");
    CHECK(read.direction == row.direction);
    CHECK(read.count == row.count);
    CHECK(read.move == row.text.starts_with("MOVE"));
  }
  CHECK(sql::read_fetch(first_of("FETCH next")).name == "next");
  CHECK(sql::read_fetch(first_of("FETCH NEXT FROM \"From\"")).name == "From");
}
