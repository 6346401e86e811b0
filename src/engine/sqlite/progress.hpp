#pragma once

#include <functional>

#include "connection_impl.hpp"

namespace crossfade::sqlite {

/// While it lives, `ends` is asked every few thousand instructions (some 50 µs) of what runs on the connection; true ends the statement
/// with SQLITE_INTERRUPT, which undoes the whole transaction when the statement writes. SQLite has one progress handler for a
/// connection: all of these share it, and one that goes takes none of the others with it.
/// Thread: the connection's. `ends` must not use the connection.
class ProgressWatch {
 public:
  ProgressWatch(Connection::Impl& connection, std::function<bool()> ends);
  ~ProgressWatch();
  ProgressWatch(const ProgressWatch&) = delete;
  ProgressWatch& operator=(const ProgressWatch&) = delete;

 private:
  static int look(void* connection);

  Connection::Impl& connection_;
  std::function<bool()> ends_;
};

}  // namespace crossfade::sqlite
