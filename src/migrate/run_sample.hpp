#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/migrate/controller.hpp"

namespace crossfade::migrate {

/// A read that is to be compared, and what it is for the file.
struct ComparedRead {
  Sample sample;
  std::shared_ptr<const sql::Translated> statement;
};

/// Clients' statements, verbatim, on PostgreSQL's side of one pair, under the settings that they would meet there: the server's defaults
/// and what the client has set. They run behind one savepoint, since one that fails must not end the pair's snapshot. Lives as long as the
/// pair's connection, of which it gives up the pinned settings.
class SampleRuns {
 public:
  explicit SampleRuns(postgres::Connection& connection) : connection_(&connection) {}
  /// At most ten seconds (57014). Errors: the server's own.
  model::Result<model::ResultSet> run(const Sample& sample);

  /// Sends reads of the same settings, one round trip for all; each is then answered by next(). Errors: none was sent.
  model::Result<void> send(std::span<const ComparedRead> reads);
  /// At most ten seconds, then 57014 and the connection is given up. Behind one that failed none was run: the answers of the rest are
  /// void, and they are to be sent again.
  model::Result<model::ResultSet> next();

 private:
  using Settings = std::vector<std::pair<std::string, std::string>>;
  model::Result<void> take(const Settings& settings);

  postgres::Connection* connection_;
  bool saved_ = false;
  std::optional<Settings> settings_;  // set since the savepoint
  std::size_t sent_ = 0;
};

}  // namespace crossfade::migrate
