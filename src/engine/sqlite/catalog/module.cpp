#include "catalog/module.hpp"

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <string>

#include "catalog/catalog.hpp"
#include "catalog/functions.hpp"
#include "errors.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

/// What a module's callbacks are given; owned by SQLite.
struct RelationModule { Connection::Impl* connection; const plan::Table* relation; };

struct RelationTable {
  sqlite3_vtab base{};
  const RelationModule* module = nullptr;
};
/// Either all rows or those that an index has; they are the catalog's.
struct RelationCursor {
  sqlite3_vtab_cursor base{};
  std::shared_ptr<catalog::Catalog> catalog;
  const catalog::Rows* all = nullptr;
  const std::vector<const catalog::Cells*>* some = nullptr;
  std::size_t at = 0;

  std::size_t size() const { return all ? all->size() : some ? some->size() : 0; }
  const catalog::Cells& row() const { return all ? (*all)[at] : *(*some)[at]; }
};
RelationCursor& relation_cursor(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<RelationCursor*>(cursor); }
const RelationModule& module_of(sqlite3_vtab* table) { return *reinterpret_cast<RelationTable*>(table)->module; }

const char* affinity(const plan::Column& column) {
  switch (column.form.form) {
    case plan::Form::integer:
    case plan::Form::boolean_integer:
    case plan::Form::timestamp_micros: return " INTEGER";
    case plan::Form::real: return " REAL";
    default: return " TEXT";
  }
}

int connect_relation(sqlite3* database, void* data, int, const char* const*, sqlite3_vtab** out, char**) {
  const auto& module = *static_cast<const RelationModule*>(data);
  std::string declaration = "CREATE TABLE x(";
  for (const plan::Column& column : module.relation->columns) {
    declaration += (declaration.ends_with('(') ? "\"" : ", \"") + column.name + "\"" + affinity(column);
  }
  const int code = sqlite3_declare_vtab(database, (declaration + ")").c_str());
  if (code != SQLITE_OK) return code;
  sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
  auto table = std::make_unique<RelationTable>();
  table->module = &module;
  *out = &table.release()->base;
  return SQLITE_OK;
}

int disconnect_relation(sqlite3_vtab* table) {
  const std::unique_ptr<RelationTable> owned{reinterpret_cast<RelationTable*>(table)};
  if (owned->base.zErrMsg != nullptr) sqlite3_free(owned->base.zErrMsg);
  return SQLITE_OK;
}

/// One equality is looked up in an index; SQLite tests it again. Any other condition is SQLite's.
int plan_relation(sqlite3_vtab* table, sqlite3_index_info* info) {
  constexpr double kRows = 400;
  const auto& columns = module_of(table).relation->columns;
  info->estimatedCost = kRows;
  info->estimatedRows = static_cast<sqlite3_int64>(kRows);
  info->idxNum = -1;
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.op != SQLITE_INDEX_CONSTRAINT_EQ || constraint.usable == 0 || constraint.iColumn < 0) continue;
    if (std::string_view{sqlite3_vtab_collation(info, i)} != "BINARY") continue;
    const plan::Form form = columns[static_cast<std::size_t>(constraint.iColumn)].form.form;
    if (form != plan::Form::integer && form != plan::Form::text) continue;
    const bool better = info->idxNum < 0 || constraint.iColumn < info->idxNum;  // the OID, or what comes first in a key
    if (!better) continue;
    if (info->idxNum >= 0) {
      for (int other = 0; other < info->nConstraint; ++other) info->aConstraintUsage[other].argvIndex = 0;
    }
    info->idxNum = constraint.iColumn;
    info->aConstraintUsage[i].argvIndex = 1;
    info->estimatedCost = constraint.iColumn == 0 ? 1 : 5;
    info->estimatedRows = constraint.iColumn == 0 ? 1 : 5;
  }
  return SQLITE_OK;
}

int open_relation(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = &std::make_unique<RelationCursor>().release()->base;
  return SQLITE_OK;
}

int close_relation(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<RelationCursor> owned{&relation_cursor(cursor)};
  return SQLITE_OK;
}

/// The value as the index has it; nullopt: of another storage class, which only a scan answers.
std::optional<model::StorageValue> key_value(sqlite3_value* value, const plan::Column& column) {
  const int type = sqlite3_value_type(value);
  if (column.form.form == plan::Form::integer && type == SQLITE_INTEGER) return std::int64_t{sqlite3_value_int64(value)};
  if (column.form.form == plan::Form::text && type == SQLITE_TEXT) {
    return std::string{reinterpret_cast<const char*>(sqlite3_value_text(value)), static_cast<std::size_t>(sqlite3_value_bytes(value))};
  }
  return std::nullopt;
}

model::Result<void> start_scan(sqlite3_vtab_cursor* base, int column, sqlite3_value** arguments) {
  const RelationModule& module = module_of(base->pVtab);
  RelationCursor& cursor = relation_cursor(base);
  cursor.at = 0;
  cursor.all = nullptr;
  cursor.some = nullptr;
  CROSSFADE_TRY(cursor.catalog, catalog_of(*module.connection));
  if (column >= 0) {
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return {};
    const auto place = static_cast<std::size_t>(column);
    if (const auto key = key_value(arguments[0], module.relation->columns[place])) {
      cursor.some = cursor.catalog->matching(*module.relation, place, *key);
      return {};
    }
  }
  cursor.all = &cursor.catalog->rows(*module.relation);
  return {};
}

int filter_relation(sqlite3_vtab_cursor* cursor, int column, const char*, int, sqlite3_value** arguments) {
  try {
    auto done = start_scan(cursor, column, arguments);
    if (done) return SQLITE_OK;
    cursor->pVtab->zErrMsg = sqlite3_mprintf("%s", done.error().message.c_str());
    note_error(std::move(done).error());
    return SQLITE_ERROR;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  } catch (const std::exception& exception) {
    note_error(model::Error{"XX000"_state, exception.what()});
    return SQLITE_ERROR;
  }
}

int next_relation(sqlite3_vtab_cursor* cursor) {
  ++relation_cursor(cursor).at;
  return SQLITE_OK;
}

int ended_relation(sqlite3_vtab_cursor* cursor) { return relation_cursor(cursor).at >= relation_cursor(cursor).size() ? 1 : 0; }

int column_relation(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
  catalog::give(context, relation_cursor(cursor).row()[static_cast<std::size_t>(index)]);
  return SQLITE_OK;
}

int row_id_relation(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(relation_cursor(cursor).at + 1);
  return SQLITE_OK;
}

constexpr sqlite3_module kRelationModule{
    .iVersion = 0, .xCreate = nullptr, .xConnect = connect_relation, .xBestIndex = plan_relation, .xDisconnect = disconnect_relation,
    .xDestroy = nullptr, .xOpen = open_relation, .xClose = close_relation, .xFilter = filter_relation, .xNext = next_relation,
    .xEof = ended_relation, .xColumn = column_relation, .xRowid = row_id_relation, .xUpdate = nullptr, .xBegin = nullptr, .xSync = nullptr,
    .xCommit = nullptr, .xRollback = nullptr, .xFindFunction = nullptr, .xRename = nullptr, .xSavepoint = nullptr, .xRelease = nullptr,
    .xRollbackTo = nullptr, .xShadowName = nullptr,
};

}  // namespace

model::Result<std::shared_ptr<catalog::Catalog>> catalog_of(Connection::Impl& connection) {
  Statement::Impl* const statement = connection.stepped;
  if (statement != nullptr && statement->catalog != nullptr) return statement->catalog;
  if (connection.catalog == nullptr) return model::fail("55000"_state, "there is no session whose catalog could be read");
  CROSSFADE_TRY(auto now, connection.catalog->catalog());
  if (statement != nullptr) statement->catalog = now;
  return now;
}

model::Result<void> register_catalog(Connection::Impl& connection) {
  for (const sql::CatalogRelation& relation : sql::catalog_relations()) {
    if (!relation.query.empty()) continue;
    auto* module = new RelationModule{&connection, &relation.table};
    const int code = sqlite3_create_module_v2(connection.handle.get(), relation.table.sqlite_name.c_str(), &kRelationModule, module,
                                              [](void* data) { delete static_cast<RelationModule*>(data); });
    if (code != SQLITE_OK) return std::unexpected(code_error(code, "the catalog's tables cannot be registered"));
  }
  return catalog::register_functions(connection);
}

}  // namespace crossfade::sqlite
