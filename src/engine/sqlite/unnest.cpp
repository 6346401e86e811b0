#include "unnest.hpp"

#include <sqlite3.h>

#include <exception>
#include <memory>
#include <string>

#include "crossfade/model/value.hpp"
#include "crossfade/plan/stored_form.hpp"
#include "function_error.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

enum Column : int { kValue, kPlace, kArray, kType, kNulls };
constexpr const char* kDeclaration = "CREATE TABLE x(crossfade_value, crossfade_place INTEGER, array HIDDEN, type HIDDEN, nulls HIDDEN)";
constexpr int kArguments = 3;
constexpr double kCost = 10;  // far below a scan of any table, so that the elements drive the index of the other side
constexpr sqlite3_int64 kRows = 10;

/// SQLite knows the base only; the rest is ours.
struct Cursor {
  sqlite3_vtab_cursor base{};
  std::vector<model::StorageValue> values;
  std::size_t at = 0;
};
Cursor& own(sqlite3_vtab_cursor* cursor) { return *reinterpret_cast<Cursor*>(cursor); }

int connect(sqlite3* database, void*, int, const char* const*, sqlite3_vtab** out, char**) {
  const int code = sqlite3_declare_vtab(database, kDeclaration);
  if (code != SQLITE_OK) return code;
  sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
  *out = std::make_unique<sqlite3_vtab>().release();
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  const std::unique_ptr<sqlite3_vtab> owned{table};
  if (owned->zErrMsg != nullptr) sqlite3_free(owned->zErrMsg);
  return SQLITE_OK;
}

/// All arguments must be known, in their order.
int plan_scan(sqlite3_vtab*, sqlite3_index_info* info) {
  int given[kArguments] = {-1, -1, -1};
  for (int i = 0; i < info->nConstraint; ++i) {
    const auto& constraint = info->aConstraint[i];
    if (constraint.iColumn < kArray || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    given[constraint.iColumn - kArray] = i;
  }
  for (int i = 0; i < kArguments; ++i) {
    if (given[i] < 0) return SQLITE_CONSTRAINT;
    info->aConstraintUsage[given[i]].argvIndex = i + 1;
    info->aConstraintUsage[given[i]].omit = 1;
  }
  info->estimatedCost = kCost;
  info->estimatedRows = kRows;
  return SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** out) {
  *out = &std::make_unique<Cursor>().release()->base;
  return SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* cursor) {
  const std::unique_ptr<Cursor> owned{&own(cursor)};
  return SQLITE_OK;
}

std::string text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr ? std::string{} : std::string{bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

model::Result<void> read(Cursor& cursor, sqlite3_value** arguments) {
  cursor.values.clear();
  cursor.at = 0;
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) {
    if (sqlite3_value_int(arguments[2]) == 1) cursor.values.emplace_back(model::Null{});
    return {};
  }
  const auto array = model::parse_type(text_of(arguments[1]));
  const auto element = array ? model::element_of(*array) : std::nullopt;
  if (!element) return model::fail("XX000"_state, "crossfade_unnest was given no array type");
  CROSSFADE_TRY(const model::Value value, plan::decode(text_of(arguments[0]), plan::runtime_form(*array), *array));
  for (const model::Value& each : std::get<model::Array>(value).elements) {
    CROSSFADE_TRY(model::StorageValue stored, plan::encode(each, plan::runtime_form(*element), *element));
    cursor.values.push_back(std::move(stored));
  }
  return {};
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value** arguments) {
  try {
    auto done = read(own(cursor), arguments);
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

int next(sqlite3_vtab_cursor* cursor) {
  ++own(cursor).at;
  return SQLITE_OK;
}

int ended(sqlite3_vtab_cursor* cursor) { return own(cursor).at >= own(cursor).values.size() ? 1 : 0; }

struct Give {
  sqlite3_context* context;
  void operator()(const model::Null&) const { sqlite3_result_null(context); }
  void operator()(std::int64_t number) const { sqlite3_result_int64(context, number); }
  void operator()(double number) const { sqlite3_result_double(context, number); }
  void operator()(const std::string& text) const { sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }
  void operator()(const model::Bytes& bytes) const { sqlite3_result_blob64(context, bytes.data.data(), bytes.data.size(), SQLITE_TRANSIENT); }
};

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int index) {
  const Cursor& rows = own(cursor);
  if (index == kValue) std::visit(Give{context}, rows.values[rows.at]);
  if (index == kPlace) sqlite3_result_int64(context, static_cast<sqlite3_int64>(rows.at + 1));
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
  *out = static_cast<sqlite3_int64>(own(cursor).at + 1);
  return SQLITE_OK;
}

/// No xCreate: it exists by its name alone, and nobody can make a table of it.
constexpr sqlite3_module kModule{
    .iVersion = 0, .xCreate = nullptr, .xConnect = connect, .xBestIndex = plan_scan, .xDisconnect = disconnect,
    .xDestroy = nullptr, .xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next, .xEof = ended,
    .xColumn = column, .xRowid = row_id, .xUpdate = nullptr, .xBegin = nullptr, .xSync = nullptr, .xCommit = nullptr,
    .xRollback = nullptr, .xFindFunction = nullptr, .xRename = nullptr, .xSavepoint = nullptr, .xRelease = nullptr,
    .xRollbackTo = nullptr, .xShadowName = nullptr,
};

}  // namespace

int register_unnest(sqlite3* database) { return sqlite3_create_module_v2(database, "crossfade_unnest", &kModule, nullptr, nullptr); }

}  // namespace crossfade::sqlite
