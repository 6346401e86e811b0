#include <catch2/catch.hpp>

#include "../../../src/sql/bind/array_functions.hpp"
#include "../../../src/sql/bind/functions.hpp"
#include "../../../src/sql/bind/operators.hpp"
#include "statement_runner.hpp"

using namespace crossfade;

namespace {

/// "'3' (int4)" → 3
std::string value_of(const std::string& shown) {
  const std::size_t end = shown.rfind("' (");
  return shown.starts_with('\'') && end != std::string::npos ? shown.substr(1, end - 1) : shown;
}

template <class Rule>
void check_examples(std::span<const Rule> rules) {
  StatementRunner runner;
  for (const Rule& rule : rules) {
    if (rule.example.empty()) continue;
    INFO(rule.example);
    CHECK(value_of(runner.run("SELECT " + std::string{rule.example})) == rule.value);
  }
}

}  // namespace

TEST_CASE("each operator's row gives on SQLite what its example says") { check_examples(sql::operator_rules()); }
TEST_CASE("each text function's row gives on SQLite what its example says") { check_examples(sql::text_function_rules()); }
TEST_CASE("each number function's row gives on SQLite what its example says") { check_examples(sql::number_function_rules()); }
TEST_CASE("each date and time function's row gives on SQLite what its example says") { check_examples(sql::datetime_function_rules()); }
TEST_CASE("each session function's row gives on SQLite what its example says") { check_examples(sql::session_function_rules()); }
TEST_CASE("each array function's row gives on SQLite what its example says") { check_examples(sql::array_function_rules()); }
TEST_CASE("each function of the catalog gives on SQLite what its example says") { check_examples(sql::catalog_function_rules()); }
TEST_CASE("each array operator's row gives on SQLite what its example says") { check_examples(sql::array_operator_rules()); }
