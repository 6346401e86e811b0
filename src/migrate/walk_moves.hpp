#pragma once

#include "mirror.hpp"
#include "postgres_state.hpp"
#include "postgres_transaction.hpp"

namespace crossfade::migrate {

/// The durable moves that walks and settling are made of.

/// One transaction of the file, under the permit, for which it waits that long. `change` gets the writing connection.
template <class Change>
model::Result<void> move_file(sqlite::Database& database, Mirror& mirror, Change change, std::chrono::milliseconds patience = std::chrono::seconds(30)) {
  CROSSFADE_TRY(const sqlite::Permit permit, take_permit(database, patience, mirror.gives_way()));
  CROSSFADE_TRY(sqlite::Connection * writer, mirror.links().writer());
  CROSSFADE_TRY(sqlite::Transaction transaction, sqlite::Transaction::begin(*writer, sqlite::Transaction::Mode::immediate));
  CROSSFADE_CHECK(change(*writer));
  return transaction.commit();
}

/// One transaction of PostgreSQL that takes the state row first, waits for other locks at most two seconds at a time, tries again, and
/// is durable when it has committed (MIRROR 19).
template <class Change>
model::Result<void> move_target(Mirror& mirror, Change change) {
  constexpr int kAttempts = 10;
  model::Result<void> moved;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    CROSSFADE_TRY(postgres::Connection * target, mirror.links().service());
    const auto once = [&]() -> model::Result<void> {
      CROSSFADE_TRY(PostgresTransaction transaction, PostgresTransaction::begin(*target));
      CROSSFADE_CHECK(target->execute("SET LOCAL lock_timeout = '2s'; SET LOCAL synchronous_commit = on"));
      CROSSFADE_TRY(const std::optional<TargetState> locked, read_target_state(*target, Lock::for_update));
      CROSSFADE_CHECK(change(*target, locked));
      return transaction.commit();
    };
    moved = once();
    if (moved || (moved.error().state.code() != "55P03" && moved.error().state.code() != "40P01")) return moved;
  }
  return moved;
}

}  // namespace crossfade::migrate
