#include "server.hpp"

using namespace crossfade;
using postgres::Request;
using tests::must;

namespace {

std::int64_t piped_count(postgres::Connection& connection) { return std::get<std::int64_t>(must(connection.value("SELECT count(*) FROM piped"))); }

Request piped_insert(std::int64_t n) { return {"INSERT INTO piped VALUES ($1)", {{n, {model::oid::int8}}}}; }

/// `kept`: statements that stay prepared. 0: they go one by one.
postgres::Connection piped_connection(const postgres::Conninfo& conninfo, std::size_t kept) {
  auto connection = tests::connect(conninfo);
  connection.keep_statements(kept);
  must(connection.execute("CREATE TEMP TABLE piped (n bigint PRIMARY KEY)"));
  return connection;
}

}  // namespace

TEST_CASE("statements sent together are answered in their order, and the last may be the COMMIT") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  for (const std::size_t kept : {0UZ, 16UZ}) {
    auto connection = piped_connection(*conninfo, kept);
    std::int64_t told = 0;
    const std::vector<Request> all{{"BEGIN", {}}, piped_insert(1), piped_insert(2), {"SELECT n FROM piped ORDER BY n", {}}, {"COMMIT", {}}};
    for (int again = 0; again < 2; ++again) {
      const auto answers = must(connection.query_together(all, [&] { ++told; }));
      REQUIRE(answers.size() == 5);
      CHECK(answers[1].command_tag == "INSERT 0 1");
      CHECK(answers[3].rows == std::vector<model::Row>{{std::int64_t{1}}, {std::int64_t{2}}});
      CHECK_FALSE(connection.in_transaction());
      CHECK(piped_count(connection) == 2);
      must(connection.execute("TRUNCATE piped"));
    }
    CHECK(told == 2);
  }
}

TEST_CASE("behind one that fails none is run, and the transaction can go back to its savepoint") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  for (const std::size_t kept : {0UZ, 16UZ}) {
    auto connection = piped_connection(*conninfo, kept);
    const std::vector<Request> all{{"BEGIN", {}}, piped_insert(1), {"SAVEPOINT here", {}}, piped_insert(2), piped_insert(1), piped_insert(3), {"COMMIT", {}}};
    const auto failed = connection.query_together(all);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().state.code() == "23505");
    CHECK(connection.in_transaction());
    must(connection.execute("ROLLBACK TO SAVEPOINT here"));
    CHECK(piped_count(connection) == 1);
    must(connection.execute("COMMIT"));
    CHECK(piped_count(connection) == 1);
  }
}

TEST_CASE("a server that hangs up while statements are sent together is a lost connection") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  auto connection = piped_connection(*conninfo, 16);
  const std::vector<Request> all{{"SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())", {}}, piped_insert(1)};
  const auto failed = connection.query_together(all);
  REQUIRE_FALSE(failed);
  CHECK_FALSE(connection.healthy());
}
