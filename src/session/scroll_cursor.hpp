#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/sql/session_statements.hpp"

namespace crossfade::session {

/// A cursor that FETCH and MOVE walk over, with PostgreSQL's rules of where it stands. Rows come from the engine once and are kept as
/// far as going back needs them. Everything but at_end() blocks: on the engine's threads.
/// Limits: kKeptAlways for SCROLL and WITH HOLD (53200 beyond), kKeptPerhaps for those that did not say (forward only beyond).
class ScrollCursor {
 public:
  /// Which rows are kept: none (NO SCROLL), as many as are cheap, all (SCROLL).
  enum class Keep : std::uint8_t { none, some, all };
  enum class Want : std::uint8_t { rows, count };  // FETCH, MOVE
  static constexpr std::size_t kKeptAlways = 64U << 20U, kKeptPerhaps = 4U << 20U;

  /// keyed: the last value of each row is its number, which is nobody's but current_key()'s.
  enum class Keys : std::uint8_t { none, last };
  ScrollCursor(std::unique_ptr<sqlite::Cursor> source, Keep keep, Keys keys = Keys::none)
      : source_(std::move(source)), keep_(keep), keys_(keys) {}

  /// Goes to where the rows of a FETCH or MOVE begin; next() then gives them. Errors: 55000 `cursor can only scan forward`, 53200,
  /// the statement's own.
  model::Result<void> begin(sql::FetchStatement::Direction direction, std::int64_t count, Want want);
  /// About 1 MiB of rows. `count`: how many rows there were, also when they were not wanted.
  struct Batch { std::vector<model::Row> rows; std::uint64_t count = 0; bool done = false; };
  model::Result<Batch> next();
  /// Reads what is left into memory: the transaction ends. All rows stay reachable that were. Errors: 53200, the statement's own.
  model::Result<void> hold();
  bool at_end() const { return at_end_; }
  /// The number of the row it stands on; none: on no row.
  std::optional<std::int64_t> current_key() const { return at_start_ || at_end_ ? std::nullopt : key_; }

 private:
  using Rows = std::vector<model::Row>;
  model::Result<void> absolute(std::int64_t count);
  model::Result<void> around(bool forward, std::int64_t count);
  model::Result<void> skip(bool forward, std::uint64_t count);
  model::Result<std::uint64_t> run(Rows* out);
  model::Result<const model::Row*> row(std::uint64_t number);
  model::Result<void> pull();
  model::Result<void> keep(model::Row row);
  model::Result<void> rewind();
  model::Result<void> may_go_back() const;

  std::unique_ptr<sqlite::Cursor> source_;  // gone when all was read
  Keep keep_;
  Keys keys_;
  std::optional<std::int64_t> key_;
  std::deque<model::Row> kept_;     // rows base_ + 1 …
  std::deque<model::Row> pending_;  // read from the source and not yet walked over; empty once held
  model::Row current_;              // where rows are not kept
  std::uint64_t base_ = 0, read_ = 0;
  std::size_t kept_bytes_ = 0;
  bool held_ = false;

  // PostgreSQL's portalPos, atStart, atEnd.
  std::uint64_t position_ = 0;
  bool at_start_ = true, at_end_ = false;

  // What next() has still to walk over.
  bool forward_ = true;
  std::uint64_t left_ = 0;
  Want want_ = Want::rows;
  std::uint64_t counted_ = 0;  // by begin() itself
};

}  // namespace crossfade::session
