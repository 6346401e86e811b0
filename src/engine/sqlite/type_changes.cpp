#include "type_changes.hpp"

#include <sqlite3.h>

#include <array>
#include <string_view>
#include <vector>

#include "connection_impl.hpp"

namespace crossfade::sqlite {
namespace {

constexpr std::string_view kCreate =
    "CREATE TABLE IF NOT EXISTS crossfade_types (table_name TEXT NOT NULL, column_name TEXT NOT NULL, type TEXT NOT NULL, "
    "form TEXT NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY (table_name, column_name)) WITHOUT ROWID";

using Verb = sql::TypeChange::Verb;
struct ChangeRow { Verb verb; std::string_view sql; };

/// ?1 table, ?2 column, ?3 the new name.
constexpr std::array kChanges{
    ChangeRow{Verb::forget_table, "DELETE FROM crossfade_types WHERE table_name = ?1"},
    ChangeRow{Verb::forget_column, "DELETE FROM crossfade_types WHERE table_name = ?1 AND column_name = ?2"},
    ChangeRow{Verb::rename_table, "UPDATE crossfade_types SET table_name = ?3 WHERE table_name = ?1"},
    ChangeRow{Verb::rename_column, "UPDATE crossfade_types SET column_name = ?3 WHERE table_name = ?1 AND column_name = ?2"},
};

bool exists(Connection& connection) {
  return sqlite3_table_column_metadata(connection.handle(), "main", "crossfade_types", nullptr, nullptr, nullptr, nullptr, nullptr,
                                       nullptr) == SQLITE_OK;
}

model::Result<void> run(Connection& connection, std::string_view sql, const std::vector<model::StorageValue>& values) {
  CROSSFADE_TRY(Statement statement, connection.prepare(sql));
  const auto used = static_cast<std::size_t>(sqlite3_bind_parameter_count(statement.internals().handle.get()));
  CROSSFADE_CHECK(statement.bind_all(std::span{values}.first(used)));
  return statement.run();
}

model::Result<void> declare(Connection& connection, const plan::Declared& declared) {
  CROSSFADE_CHECK(connection.execute(kCreate));
  return run(connection, "INSERT OR REPLACE INTO crossfade_types VALUES (?1, ?2, ?3, ?4, ?5)",
             {declared.table, declared.column, model::format_type(declared.type), plan::to_string(declared.form),
              std::int64_t{declared.serial}});
}

}  // namespace

model::Result<void> record_types(Connection& connection, std::span<const sql::TypeChange> changes) {
  const AuthorScope scope{connection.internals(), Author::proxy};
  for (const sql::TypeChange& change : changes) {
    if (change.verb == Verb::declare) {
      CROSSFADE_CHECK(declare(connection, change.declared));
      continue;
    }
    if (!exists(connection)) continue;
    for (const ChangeRow& row : kChanges) {
      if (row.verb != change.verb) continue;
      CROSSFADE_CHECK(run(connection, row.sql, {change.declared.table, change.declared.column, change.new_name}));
    }
  }
  return {};
}

}  // namespace crossfade::sqlite
