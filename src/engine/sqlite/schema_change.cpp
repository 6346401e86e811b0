#include "crossfade/engine/sqlite/schema_change.hpp"

#include <string>
#include <vector>

#include "connection_impl.hpp"
#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/model/datetime.hpp"
#include "rebuild_table.hpp"
#include "schema_parts.hpp"
#include "type_changes.hpp"

namespace crossfade::sqlite {
namespace {

/// What functions ask of the session, for the time of one statement.
class NobodysSession {
 public:
  explicit NobodysSession(Connection& connection) : connection_(connection) {
    context_.transaction_micros = context_.statement_micros = model::now_micros();
    context_.connection = &connection.internals();
    connection.answer_for(&context_);
  }
  ~NobodysSession() { connection_.answer_for(nullptr); }
  NobodysSession(const NobodysSession&) = delete;
  NobodysSession& operator=(const NobodysSession&) = delete;

 private:
  Connection& connection_;
  FunctionContext context_;
};

/// Virtual tables first: they make their shadow tables themselves.
constexpr std::string_view kObjects =
    "SELECT name, sql, type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE %' FROM main.sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' "
    "ORDER BY 3 DESC, CASE type WHEN 'table' THEN 0 WHEN 'view' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, rowid";
/// Of the mirror's work, not of the schema.
constexpr std::string_view kOwnRows =
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND substr(name, 1, 10) = 'crossfade_' AND name NOT IN "
    "('crossfade_journal', 'crossfade_quarantine', 'crossfade_baseline', 'crossfade_forced', 'crossfade_history', 'crossfade_canary', 'crossfade_schema_back')";

model::Result<void> copy_rows(Connection& file, Connection& copy, const std::string& table) {
  const std::string name = quote_name(table);
  CROSSFADE_TRY(const auto rows, file.query("SELECT * FROM main." + name));
  for (const StorageRow& row : rows) {
    std::string places;
    for (std::size_t i = 1; i <= row.size(); ++i) places += (i == 1 ? "?" : ", ?") + std::to_string(i);
    CROSSFADE_TRY(Statement insert, copy.prepare("INSERT INTO main." + name + " VALUES (" + places + ")"));
    CROSSFADE_CHECK(insert.bind_all(row));
    CROSSFADE_CHECK(insert.run());
  }
  return {};
}

}  // namespace

model::Result<void> change_schema(Connection& connection, const sql::Translated& statement) {
  {
    const NobodysSession session{connection};
    for (const std::string& text : statement.own_texts) CROSSFADE_CHECK(connection.internals().execute(text, Author::proxy));
    for (const sql::TableRebuild& rebuild : statement.rebuilds_before) CROSSFADE_CHECK(rebuild_table(connection, rebuild));
    for (const std::string& text : statement.texts) CROSSFADE_CHECK(connection.internals().execute(text, Author::client));
    if (statement.rebuild) CROSSFADE_CHECK(rebuild_table(connection, *statement.rebuild));
  }
  const AuthorScope scope{connection.internals(), Author::proxy};
  return record_types(connection, statement.type_changes);
}

model::Result<Connection> schema_alone(Connection& file) {
  CROSSFADE_TRY(Connection copy, Connection::open(":memory:", {.mode = OpenMode::create, .role = Role::mirror}));
  CROSSFADE_TRY(const auto objects, file.query(kObjects));
  for (const StorageRow& object : objects) {
    const bool made_elsewhere = object[2] == model::StorageValue(std::int64_t{1});
    const std::vector<model::StorageValue> name{object[0]};
    CROSSFADE_TRY(const auto there, copy.query("SELECT 1 FROM main.sqlite_schema WHERE name = ?1", name));
    if (!there.empty()) continue;
    auto made = copy.execute(text_of(object[1]));
    if (!made && !made_elsewhere) return std::unexpected(std::move(made).error());
  }
  CROSSFADE_TRY(const auto own, file.query(kOwnRows));
  for (const StorageRow& row : own) CROSSFADE_CHECK(copy_rows(file, copy, text_of(row[0])));
  return copy;
}

}  // namespace crossfade::sqlite
