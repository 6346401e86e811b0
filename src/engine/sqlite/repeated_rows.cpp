#include "repeated_rows.hpp"

#include <sqlite3.h>

// sqlite3.h hides them unless it is asked; Debian's library has them.
extern "C" {
void* sqlite3_preupdate_hook(sqlite3* database,
                             void (*hook)(void*, sqlite3*, int, const char*, const char*, sqlite3_int64, sqlite3_int64), void* data);
int sqlite3_preupdate_depth(sqlite3* database);
}

namespace crossfade::sqlite {

using namespace model::literals;

RepeatedRows::RepeatedRows(Connection::Impl& connection) : connection_(connection) {
  sqlite3_preupdate_hook(
      connection.handle.get(),
      [](void* data, sqlite3* on, int operation, const char*, const char*, sqlite3_int64 before, sqlite3_int64 after) {
        auto& self = *static_cast<RepeatedRows*>(data);
        if (sqlite3_preupdate_depth(on) != 0) return;  // a trigger's
        if (operation == SQLITE_UPDATE && self.rows_.contains(before)) self.met_twice_ = true;
        if (operation != SQLITE_DELETE) self.rows_.insert(after);
        self.connection_.updates_row = operation == SQLITE_UPDATE;
      },
      this);
}

RepeatedRows::~RepeatedRows() { sqlite3_preupdate_hook(connection_.handle.get(), nullptr, nullptr); }

model::Result<void> RepeatedRows::check() const {
  if (!met_twice_) return {};
  return model::fail("21000"_state, "ON CONFLICT DO UPDATE command cannot affect row a second time", {},
                     "Ensure that no rows proposed for insertion within the same command have duplicate constrained values.");
}

}  // namespace crossfade::sqlite
