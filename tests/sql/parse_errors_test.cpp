#include <catch2/catch.hpp>

#include "as_written.hpp"

using namespace crossfade::sql;

namespace {

struct Wrong { std::string_view query, state, message; std::uint32_t position; };

/// PostgreSQL 15's own answers.
constexpr Wrong kErrors[] = {
    {"selec 1", "42601", "syntax error at or near \"selec\"", 1},
    {"select 1 from", "42601", "syntax error at end of input", 14},
    {"select 'é' frm x y", "42601", "syntax error at or near \"x\"", 16},
    {"select 'abc", "42601", "unterminated quoted string at or near \"'abc\"", 8},
    {"select \"\"", "42601", "zero-length delimited identifier at or near \"\"\"\"", 8},
    {"select 1; select 1 +", "42601", "syntax error at end of input", 21},
    {"select /* x", "42601", "unterminated /* comment at or near \"/* x\"", 8},
    {"select 1a", "42601", "trailing junk after numeric literal at or near \"1a\"", 8},
    {"select U&'\\00'", "42601", "invalid Unicode escape", 11},
    {"select a from t fetch first 1 row with ties", "42601", "WITH TIES cannot be specified without ORDER BY clause", 0},
    {"select sum(a) over (rows unbounded following) from t", "42P20", "frame start cannot be UNBOUNDED FOLLOWING", 26},
    {"create table t (a int deferrable)", "42601", "misplaced DEFERRABLE clause", 23},
};

/// Written, but not held by the tree: parsed and kept for relaying, refused by translate().
constexpr Wrong kRefused[] = {
    {"select 1 from t tablesample system (1)", "0A000", "TABLESAMPLE", 29},
    {"select f(a => 1)", "0A000", "a named argument", 10},
    {"create table t (a int) partition by range (a)", "0A000", "PARTITION BY", 14},
    {"create table t (a int, exclude using gist (a with =))", "0A000", "EXCLUDE", 24},
    {"alter table t replica identity full", "0A000", "ALTER TABLE … REPLICA IDENTITY", 0},
    {"select xmlelement(name a)", "0A000", "an XML expression", 8},
    {"select a from t order by a using <", "0A000", "ORDER BY … USING", 34},
    {"with recursive r as (select 1) cycle a set b using c select 1", "0A000", "CYCLE in a common table expression", 16},
    {"create view v with (security_barrier) as select 1", "0A000", "options of a view", 13},
    {"checkpoint", "0A000", "CHECKPOINT", 0},
    {"drop collation s", "0A000", "dropping this kind of object", 0},
    {"merge into t using u on true when matched then delete", "0A000", "MERGE", 0},
};

}  // namespace

TEST_CASE("errors of the grammar have PostgreSQL's message, state and position") {
  for (const Wrong& each : kErrors) {
    const auto error = error_of(each.query);
    INFO(each.query);
    CHECK(error.state.code() == each.state);
    CHECK(error.message == each.message);
    CHECK(error.position == each.position);
  }
}

TEST_CASE("what the tree does not hold is named, with its place") {
  for (const Wrong& each : kRefused) {
    const auto error = error_of(each.query);
    INFO(each.query);
    CHECK(error.state.code() == each.state);
    CHECK(error.message == std::string{each.message} + " is not supported while SQLite answers");
    CHECK(error.position == each.position);
    CHECK_FALSE(error.hint.empty());
  }
}

TEST_CASE("qualified functions are nobody's making: to alter one is PostgreSQL's answer that it is not there") {
  constexpr Wrong kAbsent[] = {
      {"alter function s.f(a int, b text) owner to current_user", "42883", "function s.f(integer, text) does not exist", 0},
      {"drop function lower(text)", "0A000", "dropping a built-in function is not supported while SQLite answers", 0},
  };
  for (const Wrong& each : kAbsent) {
    const auto error = error_of(each.query);
    INFO(each.query);
    CHECK(error.state.code() == each.state);
    CHECK(error.message == each.message);
  }
}

TEST_CASE("nesting is bounded before the grammar and while reading") {
  const auto nested = [](int levels, std::string_view open, std::string_view close) {
    std::string query = "select ";
    for (int i = 0; i < levels; ++i) query += open;
    query += '1';
    for (int i = 0; i < levels; ++i) query += close;
    return parse(query, Dialect::postgres);
  };
  CHECK(nested(400, "(", ")").has_value());
  CHECK(nested(300, "(select ", ")").has_value());
  CHECK(nested(200'000, "(", ")").error().state.code() == "54001");
  CHECK(nested(2'000, "case when true then ", " end").error().state.code() == "54001");
  CHECK(nested(2'000, "array[", "]").error().state.code() == "54001");
  CHECK(nested(5'000, "@ ", "").error().state.code() == "54001");
  CHECK(nested(1'500, "not ", "").error().state.code() == "54001");
  CHECK(nested(100'000, "1 + ", "").error().state.code() == "54001");
  CHECK(nested(20'000, "true and ", "").has_value());
  CHECK(nested(5'000, "1 union all select ", "").error().state.code() == "54001");
  CHECK(nested(2'000, "'(', ", "").has_value());
}

TEST_CASE("text that is too long or not UTF-8 never reaches the grammar") {
  const auto state = [](const std::string& query) { return std::string{parse(query, Dialect::postgres).error().state.code()}; };
  CHECK(state("select 1 --" + std::string(16 << 20, ' ')) == "54000");
  CHECK(state("select '\xff'") == "22021");
  CHECK(state("select '\xc0\x80'") == "22021");
  CHECK(state("select '\xed\xa0\x80'") == "22021");
  CHECK(state("select '\xe2\x82") == "22021");
  CHECK(state(std::string("select 1\0", 9)) == "22021");
  CHECK(parse("select '\xf0\x9f\x98\x80'", Dialect::postgres).has_value());
}

TEST_CASE("the sqlite dialect is refused until its front end is there") {
  CHECK(parse("select 1", Dialect::sqlite).error().state.code() == "0A000");
}
