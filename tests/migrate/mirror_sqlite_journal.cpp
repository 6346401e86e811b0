#include "sqlite_journal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "rebind_columns.hpp"

namespace crossfade::migrate {
namespace {

plan::Table people() {
  plan::Table table{.name = "people", .sqlite_name = "People"};
  table.columns = {
      {.name = "id", .sqlite_name = "id", .declared = "INTEGER", .type = {model::oid::int8}, .serial = true, .primary_key = 1},
      {.name = "name", .sqlite_name = "Name", .declared = "TEXT", .type = {model::oid::text}, .not_null = true, .default_sql = "'none'"},
      {.name = "mail", .sqlite_name = "mail", .declared = "TEXT", .collation = "NOCASE", .type = {model::oid::text}}};
  return table;
}

plan::Index unique_on(std::string column, std::string collation) {
  plan::Index index{.name = "u", .unique = true};
  index.parts = {{.column = std::move(column), .collation = std::move(collation)}};
  return index;
}

std::string sql_of(const std::vector<SqliteTrigger>& triggers, std::string_view name) {
  const auto found = std::ranges::find(triggers, name, &SqliteTrigger::name);
  return found == triggers.end() ? "(none)" : found->sql;
}

TEST_CASE("rule 1: the journal has neither AUTOINCREMENT nor types nor constraints", "[journal]") {
  CHECK(journal_table_sql(2) == "CREATE TABLE crossfade_journal (seq INTEGER PRIMARY KEY, t, k1, k2, nonce)");
}

TEST_CASE("rule 2: an update notes the new key, and the old one when it is another", "[journal]") {
  const auto triggers = journal_triggers(people());
  REQUIRE(triggers);
  CHECK(triggers->size() == 3);
  CHECK(sql_of(*triggers, "crossfade_People_update") ==
        "CREATE TRIGGER \"crossfade_People_update\" AFTER UPDATE ON \"People\" BEGIN "
        "INSERT INTO crossfade_journal (t, k1, nonce) VALUES ('People', NEW.\"id\", random()); "
        "INSERT INTO crossfade_journal (t, k1, nonce) SELECT 'People', OLD.\"id\", random() "
        "WHERE OLD.\"id\" IS NOT NEW.\"id\" COLLATE BINARY; END");
}

TEST_CASE("rule 2: displaced rows are found by the index's own collation and the column's default", "[journal]") {
  plan::Table table = people();
  table.indexes = {unique_on("name", "NOCASE")};
  const auto triggers = journal_triggers(table);
  REQUIRE(triggers);
  CHECK(sql_of(*triggers, "crossfade_People_before_insert_1") ==
        "CREATE TRIGGER \"crossfade_People_before_insert_1\" BEFORE INSERT ON \"People\" BEGIN "
        "INSERT INTO crossfade_journal (t, k1, nonce) SELECT 'People', \"id\", random() FROM \"People\" "
        "WHERE \"Name\" = coalesce(NEW.\"Name\", ('none')) COLLATE NOCASE; END");
  CHECK(sql_of(*triggers, "crossfade_People_before_update_1").find("BEFORE UPDATE OF \"Name\" ON") != std::string::npos);
}

TEST_CASE("rule 2: a partial expression index is looked up with its own predicate and expression", "[journal]") {
  plan::Table table = people();
  plan::Index index{.name = "u", .predicate = "mail <> 'x'", .unique = true};
  index.parts = {{.expression = "lower(mail)", .collation = "BINARY"}};
  table.indexes = {index};
  const auto triggers = journal_triggers(table);
  REQUIRE(triggers);
  CHECK(sql_of(*triggers, "crossfade_People_before_update_1") ==
        "CREATE TRIGGER \"crossfade_People_before_update_1\" BEFORE UPDATE ON \"People\" BEGIN "
        "INSERT INTO crossfade_journal (t, k1, nonce) SELECT 'People', \"id\", random() FROM \"People\" "
        "WHERE (mail <> 'x') AND (lower(mail)) = (lower(NEW.\"mail\")) COLLATE BINARY AND NOT (\"id\" IS OLD.\"id\" COLLATE BINARY); END");
}

TEST_CASE("rule 2: a NOCASE primary key displaces rows of another spelling, a BINARY one only its own", "[journal]") {
  plan::Table table = people();
  table.columns[0].primary_key = 0;
  table.columns[2].primary_key = 1;
  plan::Index key = unique_on("mail", "NOCASE");
  key.origin = plan::Index::Origin::primary_key;
  table.indexes = {key};
  CHECK(displacing_indexes(table).size() == 1);
  table.indexes[0].parts[0].collation = "BINARY";
  CHECK(displacing_indexes(table).empty());
}

TEST_CASE("a table without a key, or under a foreign collation, is refused by name", "[journal]") {
  plan::Table keyless = people();
  keyless.columns[0].primary_key = 0;
  const auto refused = journal_triggers(keyless);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "table \"people\" cannot be mirrored: it has no primary key");
  plan::Table foreign = people();
  foreign.indexes = {unique_on("name", "german")};
  REQUIRE_FALSE(journal_triggers(foreign));
  CHECK(journal_triggers(foreign).error().message.find("collation \"german\"") != std::string::npos);
}

TEST_CASE("columns are replaced in expressions; strings, functions, collations and cast types are not", "[journal]") {
  const ColumnText text = [](std::string_view name) -> std::optional<std::string> {
    if (name == "a" || name == "lower" || name == "text" || name == "nocase" || name == "odd name") return "<" + std::string(name) + ">";
    return std::nullopt;
  };
  struct Case { std::string_view in, out; };
  for (const Case& one : {Case{"lower(a)", "lower(<a>)"}, Case{"a || 'a'", "<a> || 'a'"}, Case{"CAST(a AS text)", "CAST(<a> AS text)"},
                          Case{"a COLLATE nocase", "<a> COLLATE nocase"}, Case{"lower", "<lower>"}, Case{"\"odd name\" + 1a", "<odd name> + 1a"},
                          Case{"x'61' = a", "x'61' = <a>"}, Case{"'it''s a' , [a]", "'it''s a' , <a>"}, Case{"\"no column\"", "\"no column\""}}) {
    CHECK(rebind_columns(one.in, text) == one.out);
  }
}

}  // namespace
}  // namespace crossfade::migrate
