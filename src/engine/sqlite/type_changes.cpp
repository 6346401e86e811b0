#include "type_changes.hpp"

#include <sqlite3.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "connection_impl.hpp"

namespace crossfade::sqlite {
namespace {

/// `$`: main or temp.
constexpr std::string_view kCreate =
    "CREATE TABLE IF NOT EXISTS $.crossfade_types (table_name TEXT NOT NULL, column_name TEXT NOT NULL, type TEXT NOT NULL, "
    "form TEXT NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY (table_name, column_name)) WITHOUT ROWID";
/// What happens to a temporary table at the end of each transaction.
constexpr std::string_view kCreateCommit =
    "CREATE TABLE IF NOT EXISTS $.crossfade_commit (table_name TEXT PRIMARY KEY, action TEXT NOT NULL) WITHOUT ROWID";

/// Which column has a type of CREATE TYPE or CREATE DOMAIN.
constexpr std::string_view kCreateNamed =
    "CREATE TABLE IF NOT EXISTS $.crossfade_column_types (table_name TEXT NOT NULL, column_name TEXT NOT NULL, type_name TEXT NOT NULL, "
    "PRIMARY KEY (table_name, column_name)) WITHOUT ROWID";

using Verb = sql::TypeChange::Verb;
struct ChangeRow { Verb verb; const char* table; std::string_view sql; };

/// ?1 table, ?2 column, ?3 the new name.
constexpr std::array kChanges{
    ChangeRow{Verb::forget_table, "crossfade_types", "DELETE FROM $.crossfade_types WHERE table_name = ?1"},
    ChangeRow{Verb::forget_table, "crossfade_column_types", "DELETE FROM $.crossfade_column_types WHERE table_name = ?1"},
    ChangeRow{Verb::forget_column, "crossfade_column_types", "DELETE FROM $.crossfade_column_types WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::rename_table, "crossfade_column_types", "UPDATE $.crossfade_column_types SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::rename_column, "crossfade_column_types",
              "UPDATE $.crossfade_column_types SET column_name = ?3 WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::forget_table, "crossfade_texts", "DELETE FROM $.crossfade_texts WHERE table_name = ?1"},
    ChangeRow{Verb::rename_table, "crossfade_texts", "UPDATE OR REPLACE $.crossfade_texts SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::forget_table, "crossfade_commit", "DELETE FROM $.crossfade_commit WHERE table_name = ?1"},
    ChangeRow{Verb::forget_table, "crossfade_sequences", "DELETE FROM $.crossfade_sequences WHERE owner_table = ?1"},
    ChangeRow{Verb::forget_table, "crossfade_defaults", "DELETE FROM $.crossfade_defaults WHERE table_name = ?1"},
    ChangeRow{Verb::forget_table, "crossfade_comments", "DELETE FROM $.crossfade_comments WHERE object IN ('table', 'column', 'constraint') AND table_name = ?1"},
    ChangeRow{Verb::rename_table, "crossfade_sequences", "UPDATE $.crossfade_sequences SET owner_table = ?3 WHERE owner_table = ?1"},
    ChangeRow{Verb::rename_table, "crossfade_defaults", "UPDATE $.crossfade_defaults SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::rename_table, "crossfade_comments",
              "UPDATE $.crossfade_comments SET table_name = ?3 WHERE object IN ('table', 'column', 'constraint') AND table_name = ?1"},
    ChangeRow{Verb::forget_column, "crossfade_sequences", "DELETE FROM $.crossfade_sequences WHERE owner_table = ?1 AND owner_column = ?2"},
    ChangeRow{Verb::forget_column, "crossfade_defaults", "DELETE FROM $.crossfade_defaults WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::forget_column, "crossfade_comments", "DELETE FROM $.crossfade_comments WHERE object = 'column' AND table_name = ?1 AND name = ?2"},
    ChangeRow{Verb::rename_column, "crossfade_sequences", "UPDATE $.crossfade_sequences SET owner_column = ?3 WHERE owner_table = ?1 AND owner_column = ?2"},
    ChangeRow{Verb::rename_column, "crossfade_defaults", "UPDATE $.crossfade_defaults SET column_name = ?3 WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::rename_column, "crossfade_comments", "UPDATE $.crossfade_comments SET name = ?3 WHERE object = 'column' AND table_name = ?1 AND name = ?2"},
    ChangeRow{Verb::forget_column, "crossfade_types", "DELETE FROM $.crossfade_types WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::rename_table, "crossfade_types", "UPDATE $.crossfade_types SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::rename_table, "crossfade_commit", "UPDATE $.crossfade_commit SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::rename_column, "crossfade_types",
              "UPDATE $.crossfade_types SET column_name = ?3 WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::delete_rows_on_commit, "crossfade_commit", "INSERT OR REPLACE INTO $.crossfade_commit VALUES (?1, 'rows')"},
    ChangeRow{Verb::drop_on_commit, "crossfade_commit", "INSERT OR REPLACE INTO $.crossfade_commit VALUES (?1, 'table')"},
};

std::string in_schema(std::string_view sql, const std::string& schema) {
  std::string text{sql};
  text.replace(text.find('$'), 1, schema);
  return text;
}

bool exists(Connection& connection, const std::string& schema, const char* table) {
  return sqlite3_table_column_metadata(connection.handle(), schema.c_str(), table, nullptr, nullptr, nullptr, nullptr, nullptr,
                                       nullptr) == SQLITE_OK;
}

model::Result<void> run(Connection& connection, const std::string& sql, const std::vector<model::StorageValue>& values) {
  CROSSFADE_TRY(Statement statement, connection.prepare(sql));
  const auto used = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement.internals().handle.get()));
  CROSSFADE_CHECK(statement.bind_all(std::span{values}.first(used)));
  return statement.run();
}

model::Result<void> declare(Connection& connection, const plan::Declared& declared, const std::string& schema) {
  CROSSFADE_CHECK(connection.execute(in_schema(kCreate, schema)));
  if (!declared.named.empty()) {
    CROSSFADE_CHECK(connection.execute(in_schema(kCreateNamed, schema)));
    CROSSFADE_CHECK(run(connection, in_schema("INSERT OR REPLACE INTO $.crossfade_column_types VALUES (?1, ?2, ?3)", schema),
                        {declared.table, declared.column, declared.named}));
  } else if (exists(connection, schema, "crossfade_column_types")) {
    CROSSFADE_CHECK(run(connection, in_schema("DELETE FROM $.crossfade_column_types WHERE table_name = ?1 AND column_name = ?2", schema),
                        {declared.table, declared.column}));
  }
  return run(connection, in_schema("INSERT OR REPLACE INTO $.crossfade_types VALUES (?1, ?2, ?3, ?4, ?5)", schema),
             {declared.table, declared.column, model::format_type(declared.type), plan::to_string(declared.form),
              std::int64_t{declared.serial ? declared.identity ? 2 : 1 : 0}});
}

}  // namespace

model::Result<void> record_types(Connection& connection, std::span<const sql::TypeChange> changes) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  for (const sql::TypeChange& change : changes) {
    const std::string schema = change.temporary ? "temp" : "main";
    if (change.verb == Verb::declare) {
      CROSSFADE_CHECK(declare(connection, change.declared, schema));
      continue;
    }
    if (change.verb == Verb::delete_rows_on_commit || change.verb == Verb::drop_on_commit) {
      CROSSFADE_CHECK(connection.execute(in_schema(kCreateCommit, schema)));
      connection.internals().acts_on_commit = true;
    }
    for (const ChangeRow& row : kChanges) {
      if (row.verb != change.verb || !exists(connection, schema, row.table)) continue;
      CROSSFADE_CHECK(run(connection, in_schema(row.sql, schema), {change.declared.table, change.declared.column, change.new_name}));
    }
  }
  return {};
}

}  // namespace crossfade::sqlite
