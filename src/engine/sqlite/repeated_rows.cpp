#include "repeated_rows.hpp"

#include <sqlite3.h>

// sqlite3.h hides them unless it is asked; Debian's library has them.
extern "C" {
void* sqlite3_preupdate_hook(sqlite3* database,
                             void (*hook)(void*, sqlite3*, int, const char*, const char*, sqlite3_int64, sqlite3_int64), void* data);
int sqlite3_preupdate_depth(sqlite3* database);
int sqlite3_preupdate_count(sqlite3* database);
int sqlite3_preupdate_old(sqlite3* database, int column, sqlite3_value** value);
int sqlite3_preupdate_new(sqlite3* database, int column, sqlite3_value** value);
}

namespace crossfade::sqlite {

using namespace model::literals;

RepeatedRows::RepeatedRows(Connection::Impl& connection) : connection_(connection) {
  sqlite3_preupdate_hook(
      connection.handle.get(),
      [](void* data, sqlite3* on, int operation, const char* schema, const char* table, sqlite3_int64 before, sqlite3_int64 after) {
        auto& self = *static_cast<RepeatedRows*>(data);
        if (sqlite3_preupdate_depth(on) != 0) return;  // a trigger's
        if (self.by(schema, table) == By::number) {
          if (operation == SQLITE_UPDATE && self.rows_.contains(before)) self.met_twice_ = true;
          if (operation != SQLITE_DELETE) self.rows_.insert(after);
        } else {
          if (operation == SQLITE_UPDATE && self.images_.contains(self.values(sqlite3_preupdate_old))) self.met_twice_ = true;
          if (operation != SQLITE_DELETE) self.images_.insert(self.values(sqlite3_preupdate_new));
        }
        self.connection_.updates_row = operation == SQLITE_UPDATE;
      },
      this);
}

RepeatedRows::By RepeatedRows::by(const char* schema, const char* table) {
  if (by_ != By::unknown) return by_;
  const int known = sqlite3_table_column_metadata(connection_.handle.get(), schema, table, "_rowid_", nullptr, nullptr, nullptr, nullptr, nullptr);
  return by_ = known == SQLITE_OK ? By::number : By::values;
}

template <class Read>
std::string RepeatedRows::values(Read read) const {
  sqlite3* const database = connection_.handle.get();
  std::string out;
  for (int i = 0; i < sqlite3_preupdate_count(database); ++i) {
    sqlite3_value* value = nullptr;
    if (read(database, i, &value) != SQLITE_OK || value == nullptr) continue;
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
    const auto length = static_cast<std::size_t>(sqlite3_value_bytes(value));
    out += std::to_string(sqlite3_value_type(value)) + ':' + std::to_string(length) + ':';
    if (bytes != nullptr) out.append(bytes, length);
  }
  return out;
}

RepeatedRows::~RepeatedRows() { sqlite3_preupdate_hook(connection_.handle.get(), nullptr, nullptr); }

model::Result<void> RepeatedRows::check() const {
  if (!met_twice_) return {};
  return model::fail("21000"_state, "ON CONFLICT DO UPDATE command cannot affect row a second time", {},
                     "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.");
}

}  // namespace crossfade::sqlite
