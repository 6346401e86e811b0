#include "rebuild_table.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "connection_impl.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

/// A setting of the connection that a transaction does not forbid to change (unlike its PRAGMA), as it was again at the end.
class HandleSetting {
 public:
  HandleSetting(sqlite3* database, int setting, int value) : database_(database), setting_(setting) {
    sqlite3_db_config(database_, setting_, -1, &before_);
    sqlite3_db_config(database_, setting_, value, nullptr);
  }
  ~HandleSetting() { sqlite3_db_config(database_, setting_, before_, nullptr); }
  HandleSetting(const HandleSetting&) = delete;
  HandleSetting& operator=(const HandleSetting&) = delete;

 private:
  sqlite3* database_;
  int setting_;
  int before_ = 0;
};

/// What goes with the table when it is dropped, in the order in which it was made.
model::Result<std::vector<std::string>> parts_of(Connection& connection, const sql::TableRebuild& rebuild, const std::string& place) {
  const std::array<model::StorageValue, 1> name{rebuild.table};
  CROSSFADE_TRY(const auto rows, connection.query("SELECT name, sql FROM " + place + ".sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type IN "
                                                  "('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid", name));
  std::vector<std::string> texts;
  for (const StorageRow& row : rows) {
    if (std::ranges::find(rebuild.dropped_indexes, text_of(row[0])) == rebuild.dropped_indexes.end()) texts.push_back(text_of(row[1]));
  }
  return texts;
}

/// CREATE INDEX and TRIGGER as the file holds them say no schema: it goes before the name.
std::string in_place(const std::string& text, const std::string& place) {
  if (place == "main") return text;
  for (const std::string_view word : {"INDEX ", "TRIGGER "}) {
    if (const std::size_t at = text.find(word); at != std::string::npos) return text.substr(0, at + word.size()) + place + "." + text.substr(at + word.size());
  }
  return text;
}

}  // namespace

model::Result<void> rebuild_table(Connection& connection, const sql::TableRebuild& rebuild) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  for (const sql::TableRebuild::Check& check : rebuild.checks) {
    CROSSFADE_TRY(const auto broken, connection.value(check.query));
    if (!std::holds_alternative<model::Null>(broken)) return std::unexpected(check.error);
  }
  if (rebuild.create.empty()) return {};
  const HandleSetting keys{connection.handle(), SQLITE_DBCONFIG_ENABLE_FKEY, 0};
  const HandleSetting triggers{connection.handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0};
  // Else RENAME would look into views and triggers that name the table, which is gone at that moment, and rewrite references to it.
  const HandleSetting legacy{connection.handle(), SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 1};
  const std::string place = rebuild.create.starts_with("CREATE TABLE temp.") ? "temp" : "main";
  const std::string fresh = place + "." + std::string{sql::TableRebuild::kNew}, old = place + "." + quote_name(rebuild.table);
  CROSSFADE_TRY(const std::vector<std::string> parts, parts_of(connection, rebuild, place));
  CROSSFADE_CHECK(connection.execute(rebuild.create));
  CROSSFADE_CHECK(connection.execute(rebuild.fill));
  const bool counts = sqlite3_table_column_metadata(connection.handle(), place.c_str(), "sqlite_sequence", nullptr, nullptr, nullptr, nullptr, nullptr,
                                                    nullptr) == SQLITE_OK;
  if (counts) {
    const std::array<model::StorageValue, 2> names{rebuild.table, std::string{sql::TableRebuild::kNew}};
    const std::string counter = place + ".sqlite_sequence";
    CROSSFADE_TRY(const auto kept, connection.value("SELECT seq FROM " + counter + " WHERE name = ?1 AND (SELECT count(*) FROM " + counter + " WHERE name = ?2) < 2", names));
    if (!std::holds_alternative<model::Null>(kept)) {
      CROSSFADE_CHECK(connection.query("DELETE FROM " + counter + " WHERE name = ?1", std::array<model::StorageValue, 1>{names[1]}));
      CROSSFADE_CHECK(connection.query("INSERT INTO " + counter + " (name, seq) VALUES (?1, ?2)", std::array<model::StorageValue, 2>{names[1], kept}));
    }
  }
  CROSSFADE_CHECK(connection.execute("DROP TABLE " + old));
  CROSSFADE_CHECK(connection.execute("ALTER TABLE " + fresh + " RENAME TO " + quote_name(rebuild.table)));
  for (const std::string& text : parts) CROSSFADE_CHECK(connection.execute(in_place(text, place)));
  return {};
}

}  // namespace crossfade::sqlite
