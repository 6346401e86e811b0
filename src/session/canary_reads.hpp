#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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

  /// `rows`: in the types that the client was told; none: SQLite is to answer, `outcome` says why (no connection or too slow; too much).
  struct Answer { migrate::CanaryOutcome outcome; std::optional<std::vector<model::Row>> rows = {}; };
  /// Errors: PostgreSQL cannot answer what SQLite may. Limits: 4 MiB of rows; PostgreSQL ends the statement after five seconds, and one that
  /// does not is given up within ten. `stop`: asked several times a second; true ends the read as at its deadline, and that is not PostgreSQL's fault.
  struct Wish { const migrate::Sample& sample; const sql::Translated& translated; std::int64_t watermark; std::function<bool()> stop; };
  model::Result<Answer> read(const Wish& wish, const Settings& settings);

 private:
  /// answered: it may be read on. A new connection may be one to a server that is behind the one before: it must hold `watermark`.
  migrate::CanaryOutcome connect(const Settings& settings, const Wish& wish);

  const postgres::Conninfo& conninfo_;
  std::optional<postgres::Connection> connection_;
  std::uint64_t generation_ = 0;  // of the settings that the connection has
  std::int64_t schema_version_ = 0;  // of the file when it was read on last: what is prepared on it is of that schema
};

}  // namespace crossfade::session
