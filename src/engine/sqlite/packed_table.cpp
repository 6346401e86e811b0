#include "packed_table.hpp"

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "function_error.hpp"
#include "functions/packed.hpp"

namespace crossfade::sqlite {
namespace {

constexpr int kPackedColumns = 64, kPackedPlace = kPackedColumns, kPackedBlob = kPackedColumns + 1;

struct PackedCursor {
  sqlite3_vtab_cursor base{};
  std::string data;
  std::string_view rest;  // of `data`: behind the row
  std::vector<model::StorageValue> row;
  std::size_t at = 0;     // 1-based
  bool ended = true;

  void next() {
    constexpr auto kMark = static_cast<char>(functions::PackedClass::row);
    ended = rest.empty();
    if (ended) return;
    ++at;
    row.clear();
    rest.remove_prefix(1);
    while (!rest.empty() && rest.front() != kMark) row.push_back(functions::take_cell(rest));
  }
};
PackedCursor& packed_cursor(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<PackedCursor*>(cursor); }

int connect_packed(sqlite3* database, void*, int, const char* const*, sqlite3_vtab** out, char**) {
  std::string declaration = "CREATE TABLE x(";
  for (int i = 1; i <= kPackedColumns; ++i) declaration += "c" + std::to_string(i) + ", ";
  const int code = sqlite3_declare_vtab(database, (declaration + "crossfade_place INTEGER, rows HIDDEN)").c_str());
  if (code != SQLITE_OK) return code;
  sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
  *out = std::make_unique<sqlite3_vtab>().release();
  return SQLITE_OK;
}

int disconnect_packed(sqlite3_vtab* table) {
  const std::unique_ptr<sqlite3_vtab> owned{table};
  if (owned->zErrMsg != nullptr) sqlite3_free(owned->zErrMsg);
  return SQLITE_OK;
}

int plan_packed(sqlite3_vtab*, sqlite3_index_info* info) {
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.iColumn != kPackedBlob || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    info->aConstraintUsage[i].argvIndex = 1;
    info->aConstraintUsage[i].omit = 1;
    info->estimatedCost = 10;
    info->estimatedRows = 10;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int open_packed(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = &std::make_unique<PackedCursor>().release()->base;
  return SQLITE_OK;
}

int close_packed(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<PackedCursor> owned{&packed_cursor(cursor)};
  return SQLITE_OK;
}

int filter_packed(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
  try {
    PackedCursor& own = packed_cursor(cursor);
    own.at = 0;
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(arguments[0]));
    own.data.assign(bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_value_bytes(arguments[0])));
    own.rest = own.data;
    own.next();
    return SQLITE_OK;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
}

int next_packed(sqlite3_vtab_cursor* cursor) {
  packed_cursor(cursor).next();
  return SQLITE_OK;
}

int ended_packed(sqlite3_vtab_cursor* cursor) { return packed_cursor(cursor).ended ? 1 : 0; }

struct GivePacked {
  sqlite3_context* context;
  void operator()(const model::Null&) const { sqlite3_result_null(context); }
  void operator()(std::int64_t number) const { sqlite3_result_int64(context, number); }
  void operator()(double number) const { sqlite3_result_double(context, number); }
  void operator()(const std::string& text) const { sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }
  void operator()(const model::Bytes& bytes) const { sqlite3_result_blob64(context, bytes.data.data(), bytes.data.size(), SQLITE_TRANSIENT); }
};

int packed_column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
  const PackedCursor& own = packed_cursor(cursor);
  if (index == kPackedPlace) sqlite3_result_int64(context, static_cast<sqlite3_int64>(own.at));
  else if (index >= 0 && static_cast<std::size_t>(index) < own.row.size()) std::visit(GivePacked{context}, own.row[static_cast<std::size_t>(index)]);
  return SQLITE_OK;
}

int packed_row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(packed_cursor(cursor).at);
  return SQLITE_OK;
}

constexpr sqlite3_module kPackedModule{
    .iVersion = 0, .xCreate = nullptr, .xConnect = connect_packed, .xBestIndex = plan_packed, .xDisconnect = disconnect_packed,
    .xDestroy = nullptr, .xOpen = open_packed, .xClose = close_packed, .xFilter = filter_packed, .xNext = next_packed, .xEof = ended_packed,
    .xColumn = packed_column, .xRowid = packed_row_id, .xUpdate = nullptr, .xBegin = nullptr, .xSync = nullptr, .xCommit = nullptr,
    .xRollback = nullptr, .xFindFunction = nullptr, .xRename = nullptr, .xSavepoint = nullptr, .xRelease = nullptr,
    .xRollbackTo = nullptr, .xShadowName = nullptr,
};

}  // namespace

int register_packed_table(sqlite3* database) { return sqlite3_create_module_v2(database, "crossfade_rows", &kPackedModule, nullptr, nullptr); }

}  // namespace crossfade::sqlite
