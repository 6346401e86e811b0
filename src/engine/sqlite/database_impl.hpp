#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <vector>

#include "crossfade/engine/sqlite/database.hpp"
#include "file_conditions.hpp"

namespace crossfade::sqlite {

namespace catalog { class SharedRows; }

/// A pooled connection (role application) out on loan. Must die before its Database.
struct Database::Lease {
  enum class Use : std::uint8_t { any, writer };
  Lease(Database::Impl& from, Connection made, Use as = Use::any);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  Database::Impl& pool;
  Connection connection;
  Use use;
};

struct Database::Impl {
  DatabaseOptions options;
  OpenOptions application;
  PermitQueue permits;
  FileIdentity identity;                                              // of the file when it was opened
  std::atomic<std::chrono::steady_clock::rep> looked_at{0};           // when it was last seen to be that one

  enum class Look : std::uint8_t { now, sometimes };
  /// The path still leads to the file that was opened; `sometimes`: looked at every 100 ms at most. Errors: 58P01.
  model::Result<void> check_file_again(Look look);

  std::atomic<std::size_t> out{0};  // leases that live

  std::mutex mutex;  // of what follows
  std::vector<Connection> idle;
  std::optional<Connection> writer;  // idle too, kept for the next holder of the permit
  bool keep_idle = true;
  std::shared_ptr<const plan::Plan> plan;
  std::string plan_hash;                            // of `plan`
  std::atomic<bool> stored_plan_rules = false;
  std::shared_ptr<const plan::Schema> schema;
  std::uint64_t schema_generation = 0;
  std::atomic<std::uint64_t> plan_generation = 0;  // written under the mutex
  std::shared_ptr<catalog::SharedRows> rows;        // of `schema`, or of one before it

  /// The plan under which the schema is to be read in the snapshot of `connection`: the one that is stored there, where that rules.
  model::Result<std::shared_ptr<const plan::Plan>> plan_of(Connection& connection);

  /// The catalog's rows of `now`, the same for every session; nullptr for a schema that is not the file's (any more).
  std::shared_ptr<catalog::SharedRows> rows_of(const std::shared_ptr<const plan::Schema>& now);
};

}  // namespace crossfade::sqlite
