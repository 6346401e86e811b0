#include <catch2/catch.hpp>

#include "crossfade/engine/postgres/connection.hpp"

using crossfade::postgres::Conninfo;

TEST_CASE("a connection string is read as URI and as words, and its secrets are not shown") {
  const auto uri = Conninfo::parse("postgresql://ann:s3cret@db.example:6000/shop?application_name=x");
  REQUIRE(uri);
  CHECK(uri->value("host") == "db.example");
  CHECK(uri->value("dbname") == "shop");
  CHECK(uri->redacted().find("s3cret") == std::string::npos);
  const auto words = Conninfo::parse("host=/tmp password='it''s' user=bob");
  CHECK_FALSE(words);
  const auto quoted = Conninfo::parse(R"(host=/tmp password='it\'s' user=bob)");
  REQUIRE(quoted);
  CHECK(quoted->value("password") == "it's");
  CHECK(Conninfo::parse(quoted->text())->value("password") == "it's");
}

TEST_CASE("a keyword that is set again replaces the old one") {
  const Conninfo conninfo = Conninfo::parse("host=a port=1").value().with("port", "2").with("options", "-c a=b\\ c");
  CHECK(conninfo.value("port") == "2");
  CHECK(conninfo.value("host") == "a");
  CHECK(conninfo.value("options") == "-c a=b\\ c");
}

TEST_CASE("a malformed connection string is 08001 with libpq's words") {
  const auto bad = Conninfo::parse("hots=a");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().state.code() == "08001");
  CHECK(bad.error().message.find("hots") != std::string::npos);
}

TEST_CASE("names and literals are quoted as PostgreSQL reads them") {
  CHECK(crossfade::postgres::quote_identifier("a\"b") == "\"a\"\"b\"");
  CHECK(crossfade::postgres::quote_literal("it's") == "'it''s'");
  CHECK(crossfade::postgres::quote_literal("a\\b") == "E'a\\\\b'");
}
