#include "crossfade/migrate/statement_log.hpp"

#include <catch2/catch.hpp>

using namespace crossfade;
using migrate::read_script;
using migrate::read_statement_log;

namespace {

// As PostgreSQL 15 wrote them, with two prefixes.
constexpr std::string_view kPlain =
    "2026-11-27 10:30:31.472 UTC [27328] LOG:  execute <unnamed>: SELECT $1::int + $2, $3::text, $4::text\n"
    "2026-11-27 10:30:31.472 UTC [27328] DETAIL:  parameters: $1 = '1', $2 = '2', $3 = 'it''s\n"
    "\tnew \\ $1', $4 = NULL\n"
    "2026-11-27 10:30:31.479 UTC [27328] LOG:  statement: SELECT 1,\n"
    "\t\t'a\tb'\n"
    "2026-11-27 10:30:32.514 UTC [27270] LOG:  received immediate shutdown request\n"
    "app@shop ERROR:  relation \"x\" does not exist at character 15\n"
    "app@shop STATEMENT:  SELECT * FROM x\n"
    "app@shop LOG:  duration: 0.120 ms  parse s1: SELECT a FROM t WHERE b = $1\n"
    "app@shop LOG:  duration: 0.021 ms  bind s1: SELECT a FROM t WHERE b = $1\n"
    "app@shop DETAIL:  parameters: $1 = '7'\n"
    "app@shop LOG:  duration: 0.042 ms  execute s1: SELECT a FROM t WHERE b = $1 AND c = '$1' -- $1\n"
    "app@shop DETAIL:  parameters: $1 = '7'\n"
    "app@shop LOG:  execute s1: SELECT a FROM t WHERE b = $1\n"
    "app@shop DETAIL:  parameters: $1 = 'abcdefgh...'\n";

constexpr std::string_view kJson =
    R"({"timestamp":"2026-11-27 10:30:31.472 UTC","error_severity":"LOG","message":"execute <unnamed>: SELECT $1::int, $2::text","detail":"parameters: $1 = '1', $2 = 'it''s\nnew'"})"
    "\n"
    R"({"error_severity":"LOG","message":"statement: SELECT 2"})"
    "\n";

}  // namespace

TEST_CASE("a log gives the statements that ran, their parameters put in") {
  const auto found = read_statement_log(kPlain);
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 4);
  CHECK(found->at(0).text == "SELECT '1'::int + '2', 'it''s\nnew \\ $1'::text, NULL::text");
  CHECK(found->at(1).text == "SELECT 1,\n\t'a\tb'");
  CHECK(found->at(1).line == 4);
  CHECK(found->at(2).text == "SELECT a FROM t WHERE b = '7' AND c = '$1' -- $1");
  CHECK(found->at(2).line == 12);
  CHECK(found->at(2).unusable.empty());
  CHECK_FALSE(found->at(3).unusable.empty());
}

TEST_CASE("jsonlog says the same") {
  const auto found = read_statement_log(kJson);
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK(found->at(0).text == "SELECT '1'::int, 'it''s\nnew'::text");
  CHECK(found->at(1).text == "SELECT 2");
  CHECK(found->at(1).line == 2);
}

TEST_CASE("a log without statements is an error, not nothing to compare") {
  for (const std::string_view text : {"", "LOG:  checkpoint starting: time\n", "{\"message\": 1}\n", "{}\n", "\t\n", "LOG:  execute\n"})
    CHECK_FALSE(read_statement_log(text).has_value());
}

TEST_CASE("a script's statements have the lines on which they begin") {
  const auto found = read_script("SELECT 'é\n';\n\nSELECT 2; SELECT 3;;\n-- end\n");
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 3);
  CHECK(found->at(0).line == 1);
  CHECK(found->at(1).line == 4);
  CHECK(found->at(2).line == 4);
  CHECK(found->at(1).text == "SELECT 2");
  CHECK_FALSE(read_script(" ; ").has_value());
  CHECK_FALSE(read_script("SELEC 1").has_value());
}
