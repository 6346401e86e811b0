#include "schema_differences.hpp"

#include <catch2/catch.hpp>

namespace crossfade::migrate {
namespace {

namespace oid = model::oid;

plan::Schema file() {
  plan::Table table{.name = "t"};
  table.columns.push_back({.name = "a", .type = {oid::int8}, .primary_key = 2});
  table.columns.push_back({.name = "b", .type = {oid::text}, .primary_key = 1});
  table.columns.push_back({.name = "c", .type = {oid::int4}});
  plan::Schema schema;
  schema.tables.emplace("t", table);
  schema.tables.emplace("v", plan::Table{.name = "v", .view = true});
  return schema;
}

TargetTable there() {
  const auto column = [](const char* name, std::int64_t place, model::Oid type, bool not_null) {
    return TargetColumn{.name = name, .place = place, .type = {type}, .type_name = model::format_type({type}), .not_null = not_null};
  };
  return {.name = "t", .unique = {{3, 1}}, .columns = {column("a", 1, oid::int8, true), column("b", 3, oid::text, true), column("c", 4, oid::int4, false)}};
}

SchemaDifferences compared(const TargetTable& table) { return schema_differences(file(), std::span(&table, 1)); }

TEST_CASE("tables that are the same have no difference, and views none at all", "[schema]") {
  CHECK(compared(there()).empty());
  CHECK(schema_differences(file(), {}).lacking == std::set<LackingPart>{{LackingPart::Kind::table, "t", "", "", ""}});
}

TEST_CASE("what lies apart is named with what each side says", "[schema]") {
  TargetTable table = there();
  table.columns[2].type = {oid::text}, table.columns[2].type_name = "text";
  table.columns.push_back({.name = "only", .type = {oid::text}});
  table.columns.push_back({.name = "made", .type = {oid::text}, .generated = true});
  CHECK(listed(compared(table).lacking) == "column t.c is text there and integer in the file");
  CHECK(compared(table).alone == std::set<std::string>{"t.only"});
  CHECK(not_named(compared(table).alone, std::vector<std::string>{"T.Only"}).empty());
  table.columns.erase(table.columns.begin() + 1);
  CHECK(listed(compared(table).lacking) == "column t.b is not there, column t.c is text there and integer in the file");
}

TEST_CASE("a key holds by an index of just its columns that takes no NULL", "[schema]") {
  TargetTable table = there();
  for (const auto& [index, holds] : {std::pair<std::set<std::int64_t>, bool>{{1, 3}, true}, {{1}, false}, {{4}, false}, {{1, 3, 4}, false}}) {
    table.unique = {index};
    CHECK(compared(table).lacking.empty() == holds);
  }
  table = there();
  table.columns[1].not_null = false;
  CHECK(listed(compared(table).lacking) == "table t has no unique key there of just (b, a) that takes no NULL and is not deferrable");
}

TEST_CASE("an extension's tables are nobody's, and a long list is cut", "[schema]") {
  std::vector<TargetTable> all{there(), {.name = "spatial_ref_sys", .of_extension = true}};
  CHECK(schema_differences(file(), all).empty());
  for (int n = 10; n < 45; ++n) all.push_back({.name = "t" + std::to_string(n)});
  const SchemaDifferences found = schema_differences(file(), all);
  CHECK(found.alone.size() == 35);
  CHECK(listed(found.alone).ends_with("t38, t39 and 5 more"));
  CHECK(found.without({{}, {"t10"}}).alone.size() == 34);
}

}  // namespace
}  // namespace crossfade::migrate
