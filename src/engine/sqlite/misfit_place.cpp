#include "misfit_place.hpp"

#include <sqlite3.h>

#include <chrono>
#include <string>

#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

constexpr std::chrono::seconds kLongestLook{1};
constexpr int kBetweenLooks = 10'000;  // instructions

int look_ends(void* end) {
  using Clock = std::chrono::steady_clock;
  return Clock::now() >= *static_cast<Clock::time_point*>(end) ? 1 : 0;
}

}  // namespace

std::optional<std::int64_t> find_stored(const Statement& statement, int index) {
  sqlite3_stmt* const handle = statement.internals().handle.get();
  const char* const schema = sqlite3_column_database_name(handle, index);
  const char* const table = sqlite3_column_table_name(handle, index);
  const char* const column = sqlite3_column_origin_name(handle, index);
  if (schema == nullptr || table == nullptr || column == nullptr) return std::nullopt;
  Connection::Impl& connection = *statement.internals().connection;
  if (!connection.may_wait)
    return std::nullopt;  // on the io thread: the ordinary way finds it again, and looks
  const std::string name = quote_name(column);
  auto search = connection.prepare("SELECT rowid FROM " + quote_name(schema) + "." +
                                       quote_name(table) + " WHERE " + name + " IS ?1 AND typeof(" +
                                       name + ") = typeof(?1) LIMIT 1",
                                   Author::proxy);
  if (!search || !search->bind(1, statement.column(index))) return std::nullopt;
  auto end = std::chrono::steady_clock::now() + kLongestLook;
  sqlite3_progress_handler(connection.handle.get(), kBetweenLooks, &look_ends, &end);
  const auto found = search->step();
  sqlite3_progress_handler(connection.handle.get(), 0, nullptr, nullptr);
  if (!found || !*found) return std::nullopt;
  return integer_of(search->column(0));
}

}  // namespace crossfade::sqlite
