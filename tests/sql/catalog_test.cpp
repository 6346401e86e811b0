#include <catch2/catch.hpp>

#include <string>

#include "crossfade/sql/catalog.hpp"
#include "crossfade/sql/translate.hpp"

using namespace crossfade;

namespace {

/// Translated against a file without tables.
model::Result<sql::Translated> translated(const std::string& text) {
  static const plan::Schema kEmpty;
  sql::Context context;
  context.schema = &kEmpty;
  context.database = "app";
  CROSSFADE_TRY(const auto parsed, sql::parse(text, sql::Dialect::postgres));
  return sql::translate(parsed.front(), context);
}

}  // namespace

TEST_CASE("every relation of the catalog can be read, with PostgreSQL's columns and types") {
  for (const sql::CatalogRelation& relation : sql::catalog_relations()) {
    if (relation.kind == sql::CatalogRelation::Kind::function) continue;
    INFO(relation.schema << "." << relation.name);
    const auto all = translated("SELECT * FROM " + std::string{relation.schema} + "." + std::string{relation.name});
    if (!all) FAIL(all.error().message);
    REQUIRE(all->columns.size() == relation.table.columns.size());
    for (std::size_t i = 0; i < all->columns.size(); ++i) {
      CHECK(all->columns[i].name == relation.table.columns[i].name);
      CHECK(model::format_type(all->columns[i].type) == model::format_type(relation.table.columns[i].type));
    }
  }
}

TEST_CASE("a column that a catalog does not have is 42703, a relation 42P01, a write 42501") {
  CHECK(translated("SELECT relhasoids FROM pg_class").error().state == model::SqlState{"42703"});
  CHECK(translated("SELECT * FROM pg_nothing").error().state == model::SqlState{"42P01"});
  CHECK(translated("SELECT * FROM columns").error().state == model::SqlState{"42P01"});
  CHECK(translated("DELETE FROM pg_class").error().state == model::SqlState{"42501"});
  CHECK(translated("SELECT * FROM pg_stat_activity").error().state == model::SqlState{"0A000"});
}
