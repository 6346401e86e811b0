#pragma once

#include <optional>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"
#include "crossfade/engine/sqlite/connection.hpp"
#include "crossfade/plan/schema.hpp"

namespace crossfade::migrate {

/// The one row that FINISH leaves in the file: the PostgreSQL database that the data went to. `system`: its cluster's identifier, which a
/// restore or another cluster does not share; empty where the role may not ask for it.
struct Tombstone {
  std::string target;    // the conninfo, without secrets: for people
  std::string database, system;
  std::int64_t finished_micros = 0;
};

model::Result<std::optional<Tombstone>> read_tombstone(sqlite::Connection& file);
/// Inside the caller's transaction. Guard and state stay; journal, baseline, plan and quarantine go.
model::Result<void> bury_file(sqlite::Connection& file, const plan::Schema& schema, const Tombstone& tombstone);
model::Result<Tombstone> tombstone_for(postgres::Connection& target, const std::string& shown);
/// Errors: 55000 when the file was left for another database than this one.
model::Result<void> check_tombstone(const Tombstone& tombstone, postgres::Connection& target);

/// Inside the caller's transaction: our triggers on whatever table they are, then schema crossfade with all that is in it.
model::Result<void> remove_target_objects(postgres::Connection& target);

}  // namespace crossfade::migrate
