#include "misfit_place.hpp"

#include <sqlite3.h>

#include <chrono>
#include <string>

#include "progress.hpp"
#include "schema_parts.hpp"

namespace crossfade::sqlite {
namespace {

constexpr std::chrono::seconds kLongestLook{1};

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
  const auto end = std::chrono::steady_clock::now() + kLongestLook;
  const ProgressWatch watch{connection, [end] { return std::chrono::steady_clock::now() >= end; }};
  const auto found = search->step();
  if (!found || !*found) return std::nullopt;
  return integer_of(search->column(0));
}

}  // namespace crossfade::sqlite
