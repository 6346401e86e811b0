#include "row_capture.hpp"

#include <sqlite3.h>

#include <array>
#include <string>
#include <utility>

#include "errors.hpp"
#include "function_error.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

using namespace model::literals;

constexpr std::size_t kMostArguments = 127;  // SQLITE_MAX_FUNCTION_ARG as Debian builds it

model::StorageValue argument(sqlite3_value* value) {
  const auto bytes = [&](const void* start) {
    return std::string{static_cast<const char*>(start),
                       static_cast<std::size_t>(sqlite3_value_bytes(value))};
  };
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return sqlite3_value_int64(value);
    case SQLITE_FLOAT:
      return sqlite3_value_double(value);
    case SQLITE_TEXT:
      return bytes(sqlite3_value_text(value));
    case SQLITE_BLOB: {
      const void* start = sqlite3_value_blob(value);
      return start == nullptr ? model::Bytes{} : model::Bytes{bytes(start)};
    }
    default:
      return model::Null{};
  }
}

/// Our temporary triggers say it first. DIRECTONLY would keep them out, too; a trigger of the file's own cannot know it.
std::int64_t password() {
  static const std::int64_t made = [] {
    std::int64_t random = 0;
    sqlite3_randomness(sizeof random, &random);
    return random & INT64_MAX;
  }();
  return made;
}

void note_row(sqlite3_context* context, int count, sqlite3_value** arguments) {
  if (count < 2 || sqlite3_value_int64(arguments[0]) != password()) return sqlite3_result_error(context, "unsafe use of crossfade_note_row()", -1);
  RowCapture* const capture = static_cast<Connection::Impl*>(sqlite3_user_data(context))->capture;
  if (capture == nullptr) return;
  if (capture->rows.size() >= capture->limit || std::chrono::steady_clock::now() >= capture->until)
    return sqlite3_result_error(context, "too many rows to note", -1);
  NotedRow row{static_cast<Event>(sqlite3_value_int(arguments[1])), {}, {}};
  StorageRow all;
  for (int i = 2; i < count; ++i) all.push_back(argument(arguments[i]));
  const auto middle =
      all.begin() + static_cast<std::ptrdiff_t>(row.event == Event::insert ? 0 : capture->columns);
  row.before.assign(all.begin(), middle);
  row.after.assign(middle, all.end());
  capture->rows.push_back(std::move(row));
  if (capture->ends_with_null_rowid()) sqlite3_result_error(context, "a rowid is NULL", -1);
}

void not_null(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) != SQLITE_NULL) return sqlite3_result_value(context, arguments[0]);
  if (RowCapture* const capture = static_cast<Connection::Impl*>(sqlite3_user_data(context))->capture) {
    capture->null_rowid = true;
    return sqlite3_result_null(context);
  }
  const auto text = [&](int index) { return std::get<std::string>(argument(arguments[index])); };
  model::Error error{"23502"_state, "null value in column \"" + text(1) + "\" of relation \"" + text(2) + "\" violates not-null constraint"};
  error.schema = "public";
  error.table = text(2);
  error.column = text(1);
  report_error(context, std::move(error));
}

struct WatchRow {
  Event event;
  std::string_view name, verb;
  bool before, after;
};
constexpr std::array kWatches{
    WatchRow{Event::insert, "insert", "INSERT", false, true},
    WatchRow{Event::update, "update", "UPDATE", true, true},
    WatchRow{Event::delete_, "delete", "DELETE", true, false},
};

}  // namespace

model::Result<void> register_row_capture(Connection::Impl& connection) {
  int code = sqlite3_create_function_v2(connection.handle.get(), "crossfade_note_row", -1, SQLITE_UTF8,
                                        &connection, &note_row, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) {
    code = sqlite3_create_function_v2(connection.handle.get(), "crossfade_not_null", 3,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, &connection, &not_null, nullptr,
                                      nullptr, nullptr);
  }
  if (code == SQLITE_OK) return {};
  return std::unexpected(last_error(connection.handle.get()));
}

model::Result<void> watch_rows(Connection::Impl& connection, const plan::Table& table) {
  if (2 + 2 * table.columns.size() > kMostArguments)
    return model::fail("54023"_state, "too many columns to note");
  for (const WatchRow& watch : kWatches) {
    std::string text = "CREATE TEMP TRIGGER crossfade_note_" + std::string{watch.name} +
                       " BEFORE " + std::string{watch.verb} + " ON " + schema_of(table) + "." +
                       quote_name(table.sqlite_name) + " BEGIN SELECT crossfade_note_row(" +
                       std::to_string(password()) + ", " + std::to_string(static_cast<int>(watch.event));
    for (const auto& [wanted, row] :
         {std::pair{watch.before, ", OLD."}, std::pair{watch.after, ", NEW."}}) {
      for (const plan::Column& column : table.columns)
        if (wanted) text += row + quote_name(column.sqlite_name);
    }
    CROSSFADE_CHECK(connection.execute(text + "); END", Author::proxy));
  }
  return {};
}

}  // namespace crossfade::sqlite
