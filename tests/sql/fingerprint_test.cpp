#include <catch2/catch.hpp>

#include "tokens.hpp"

using namespace crossfade::sql;

TEST_CASE("a fingerprint does not see literals, parameters, spacing, comments and the case of keywords") {
  const std::string one = fingerprint("select a from t where b = 1");
  CHECK(without_literals("SELECT a /* 7 */ FROM \"t\" WHERE b IN (1, 'x') -- y") == "select a from t where b in ( ? )");
  CHECK(without_literals("select a->>'k' || b::text, -1 from t where c <= $1 and d = -2") == "select a ->> ? || b :: text , - ? from t where c <= ? and d = - ?");
  CHECK(without_literals("").empty());
  CHECK(one.size() == 16);
  for (const std::string_view same : {
           "SELECT a FROM t WHERE b = 'x'", "select  a\nfrom t -- c\nwhere b=$1", "select \"a\" from t where b = /* x */ 1.5e3",
           "select a from t where b = $q$ ' $q$", "select a from t where b = E'\\''"}) {
    CHECK(fingerprint(same) == one);
  }
  for (const std::string_view other : {"select a from t where c = 1", "select \"A\" from t where b = 1", "select a from t where b = 1 or 1"}) {
    CHECK(fingerprint(other) != one);
  }
}

TEST_CASE("lists of literals, and rows of them, have one fingerprint at any length") {
  CHECK(fingerprint("select 1 where a in (1)") == fingerprint("select 1 where a in ($1, 2, 'x')"));
  CHECK(fingerprint("insert into t values (1, 2)") == fingerprint("insert into t values (1, 2), (3, 4), (5, 6)"));
  CHECK(fingerprint("insert into t values (a)") != fingerprint("insert into t values (1)"));
}

TEST_CASE("tokens are cut as PostgreSQL cuts them") {
  using Kind = Token::Kind;
  struct Cut { Kind kind; std::string_view text; };
  const auto check = [](std::string_view text, std::initializer_list<Cut> expected) {
    Tokens tokens{text};
    for (const Cut& each : expected) {
      const Token token = tokens.next();
      CHECK(token.kind == each.kind);
      CHECK(token.text == each.text);
    }
    CHECK(tokens.next().kind == Kind::end);
  };
  check("a$1 $1", {{Kind::word, "a$1"}, {Kind::parameter, "$1"}});
  check("'a''b' E'\\'' U&'x' n'y'", {{Kind::string, "'a''b'"}, {Kind::string, "E'\\''"}, {Kind::string, "U&'x'"}, {Kind::string, "n'y'"}});
  check("$a$ $b$ $a$", {{Kind::string, "$a$ $b$ $a$"}});
  check("1.5e-3.x", {{Kind::number, "1.5e-3"}, {Kind::symbol, "."}, {Kind::word, "x"}});
  check("\"a\"\"b\"", {{Kind::quoted_name, "\"a\"\"b\""}});
  check("/* /* */ */ 'open", {{Kind::string, "'open"}});
  check("$", {{Kind::symbol, "$"}});
}
