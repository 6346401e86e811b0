#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "crossfade/engine/sqlite/database.hpp"

namespace crossfade::sqlite {

/// What became of a grouped write. `statement`: as it was run; null when it could not be translated.
struct GroupAnswer {
  std::shared_ptr<const sql::Translated> statement;
  model::Result<std::unique_ptr<Cursor>> cursor;
};

/// One statement that is its own transaction (Session::may_group) and may share its COMMIT with others.
/// Lifetime: session and values must live until `answer` was called or withdraw() said true.
struct GroupWrite {
  Session* session = nullptr;
  /// The statement under the schema that its transaction sees. On the engine's thread; again when it has to be run again.
  std::function<model::Result<std::shared_ptr<const sql::Translated>>(const plan::Schema& schema)> translate;
  std::span<const model::Value> values;
  RowsCheck check = {};
  /// What the statement did to its session (set_config(), pg_notify()) is to be forgotten: it is run again. On the engine's thread.
  std::function<void()> forget;
  std::size_t home = 0;  // which of the clients' threads wants the answer
  /// It was undone to be run alone and waits in the queue, where it can be withdrawn. By GroupThreads::deliver.
  std::function<void()> put_back = {};
  /// Once, by GroupThreads::deliver: after the COMMIT that made it durable, or with its error.
  std::function<void(GroupAnswer)> answer;
};

/// Where a group runs and where its answers are given.
struct GroupThreads {
  /// Runs `work` on the thread that is kept for the holder of the permit. Must not block.
  std::function<void(std::move_only_function<void()> work)> engine;
  /// Runs `answers` on the clients' thread `home`: all of it in one, one wake-up for the whole group.
  std::function<void(std::size_t home, std::move_only_function<void()> answers)> deliver;
};

/// Group commit: the writes that wait when the permit comes share one SQLite transaction, a savepoint each, and one COMMIT, so one
/// fsync. Nothing waits for company: the permit is asked for when the first write arrives, in the same queue as blocks.
///
/// A write that fails is undone alone. One that SQLite answers by undoing the whole transaction (cancelled, RAISE(ROLLBACK), disk
/// full …) gets its error, and the others run again, each alone. One that would hold the others up (100 ms) or leaves deferred
/// foreign keys broken is undone and run alone. An error of the COMMIT is everybody's.
/// Thread: any. Lifetime: the database outlives it; it may go while a group runs.
class GroupCommit {
 public:
  using Id = std::uint64_t;
  GroupCommit(Database& database, GroupThreads threads);
  ~GroupCommit();

  Id add(GroupWrite write);
  /// true: it had not begun, and its answer will not come.
  bool withdraw(Id id);
  /// Writes that wait for their group.
  std::size_t waiting() const;

  struct Impl;  // group_commit.cpp

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace crossfade::sqlite
