#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/migrate/controller.hpp"
#include "crossfade/sql/translate.hpp"
#include "settings.hpp"

namespace crossfade::session {

/// Where a session of stage canary reads: a connection of its own to PostgreSQL, read-only, with the client's settings. Blocking.
class CanaryReads {
 public:
  explicit CanaryReads(const postgres::Conninfo& conninfo) : conninfo_(conninfo) {}

  /// The rows, in the types that the client was told. Nothing: SQLite is to answer (no connection, too slow, too much); an error: PostgreSQL
  /// cannot answer what SQLite may. Limits: 4 MiB of rows, five seconds.
  model::Result<std::optional<std::vector<model::Row>>> read(const migrate::Sample& sample, const sql::Translated& translated,
                                                             const Settings& settings);

 private:
  bool connect(const Settings& settings);

  const postgres::Conninfo& conninfo_;
  std::optional<postgres::Connection> connection_;
  std::uint64_t generation_ = 0;  // of the settings that the connection has
  std::chrono::steady_clock::time_point retry_;
};

}  // namespace crossfade::session
