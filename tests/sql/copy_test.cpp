#include "crossfade/sql/copy.hpp"

#include <catch2/catch.hpp>

#include "as_written.hpp"
#include "golden_schema.hpp"

using namespace crossfade;
using sql::CopyPlan;

namespace {

const plan::Schema& schema() {
  static const plan::Schema made = schema_of("CREATE TABLE t (a integer PRIMARY KEY, b varchar(3) NOT NULL, c text)");
  return made;
}

model::Result<CopyPlan> plan_of(std::string_view text) { return sql::plan_copy(sql::parse_one(text), {.schema = &schema(), .database = "app"}); }

std::string error_of(std::string_view text) {
  const auto plan = plan_of(text);
  return plan ? "none" : std::string(plan.error().state.code()) + " " + plan.error().message;
}

std::string columns_of(const CopyPlan& plan) {
  std::string names;
  for (const model::CopyColumn& column : plan.columns) names += column.name + (column.force_quote ? "! " : " ");
  return names;
}

}  // namespace

TEST_CASE("COPY FROM is an INSERT of one row, its parameters the columns in the order of the data") {
  const auto plan = plan_of("COPY t (c, a) FROM STDIN (FORMAT csv, DELIMITER ';', NULL 'nil', HEADER match)");
  REQUIRE(plan);
  CHECK(plan->way == CopyPlan::Way::in);
  CHECK(columns_of(*plan) == "c a ");
  CHECK(plan->statement.parameters.size() == 2);
  CHECK(plan->statement.writes);
  CHECK(plan->options.format == model::CopyFormat::csv);
  CHECK(plan->options.header == model::CopyHeader::match);
  CHECK(plan->options.delimiter == ';');
  CHECK(plan->options.null == "nil");
}

TEST_CASE("COPY TO is a query of the columns, or the query that was written") {
  const auto table = plan_of("COPY t TO STDOUT WITH CSV HEADER FORCE QUOTE a, c");
  REQUIRE(table);
  CHECK(table->way == CopyPlan::Way::out);
  CHECK(columns_of(*table) == "a! b c! ");
  const auto query = plan_of("COPY (SELECT a + 1 AS next FROM t) TO STDOUT");
  REQUIRE(query);
  CHECK(columns_of(*query) == "next ");
  CHECK(query->relation.empty());
}

TEST_CASE("FREEZE and views fail only when the client was told to send") {
  const auto plan = plan_of("COPY t FROM STDIN (FREEZE)");
  REQUIRE(plan);
  REQUIRE(plan->late_failure);
  CHECK(plan->late_failure->state.code() == "55000");
}

TEST_CASE("what a COPY may not say is refused in PostgreSQL's words") {
  CHECK(error_of("COPY t TO STDOUT (FORMAT foo)") == "22023 COPY format \"foo\" not recognized");
  CHECK(error_of("COPY t TO STDOUT (DELIMITER 'a')") == "22023 COPY delimiter cannot be \"a\"");
  CHECK(error_of("COPY t TO STDOUT (HEADER match)") == "0A000 cannot use \"match\" with HEADER in COPY TO");
  CHECK(error_of("COPY t (a) FROM STDIN (FORMAT csv, FORCE_NULL (c))") == "42P10 FORCE_NULL column \"c\" not referenced by COPY");
  CHECK(error_of("COPY t TO '/tmp/x'").starts_with("42501 must be superuser or have privileges of the pg_write_server_files role"));
  CHECK(error_of("COPY t FROM PROGRAM 'x'").starts_with("42501 must be superuser or have privileges of the pg_execute_server_program role"));
  CHECK(error_of("COPY t FROM STDIN WHERE a IN (SELECT 1)") == "0A000 cannot use subquery in COPY FROM WHERE condition");
  CHECK(error_of("COPY t FROM STDIN (ENCODING 'latin-1')") == "0A000 COPY with encoding \"latin-1\" is not supported on SQLite");
  CHECK(error_of("COPY t (a, b) FROM STDIN WHERE c = 'x'") ==
        "0A000 COPY FROM … WHERE on column \"c\", which is not copied, is not supported on SQLite");
  CHECK(error_of("COPY t (a, b) FROM STDIN WHERE zz = 'x'") == "42703 column \"zz\" does not exist");
}
