#pragma once

#include <optional>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/migrate/controller.hpp"

namespace crossfade::migrate {

/// Clients' statements, verbatim, on PostgreSQL's side of one pair. They run behind one savepoint, since one that fails must not end the
/// pair's snapshot; while none fails and the search path stays, a statement costs nothing more. Lives as long as the pair's connection.
class SampleRuns {
 public:
  explicit SampleRuns(postgres::Connection& connection) : connection_(&connection) {}
  /// At most ten seconds (57014). Errors: the server's own.
  model::Result<model::ResultSet> run(const Sample& sample);

 private:
  model::Result<void> take_path(const std::string& path);

  postgres::Connection* connection_;
  bool saved_ = false;
  std::optional<std::string> path_;  // set since the savepoint
};

}  // namespace crossfade::migrate
