#include "scroll_cursor.hpp"

#include <type_traits>
#include <utility>

namespace crossfade::session {

using namespace model::literals;
using Direction = sql::FetchStatement::Direction;

namespace {

constexpr std::size_t kBatchBytes = 1U << 20U;
constexpr std::uint64_t kAll = static_cast<std::uint64_t>(sql::kAllRows);

/// Memory of a row, about.
std::size_t size_of(const model::Row& row) {
  std::size_t bytes = sizeof(model::Row) + row.size() * sizeof(model::Value);
  for (const model::Value& value : row) {
    std::visit(
        [&](const auto& held) {
          if constexpr (requires { held.text.size(); }) bytes += held.text.size();
          else if constexpr (requires { held.data.size(); }) bytes += held.data.size();
          else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::string>) bytes += held.size();
        },
        value);
  }
  return bytes;
}

}  // namespace

model::Result<void> ScrollCursor::may_go_back() const {
  if (keep_ != Keep::none) return {};
  return model::fail("55000"_state, "cursor can only scan forward", {}, "Declare it with SCROLL option to enable backward scan.");
}

/// Source: PostgreSQL 15 manual, "FETCH"; the same order of steps as its DoPortalRunFetch, whose errors and positions show.
model::Result<void> ScrollCursor::begin(Direction direction, std::int64_t count, Want want) {
  want_ = Want::count;
  left_ = counted_ = 0;
  if (direction == Direction::absolute) {
    CROSSFADE_CHECK(absolute(count));
  } else if (direction == Direction::relative && count != 0) {
    const std::int64_t steps = count > 0 ? count : -count;
    CROSSFADE_CHECK(skip(count > 0, static_cast<std::uint64_t>(steps) - 1));
    forward_ = count > 0;
    left_ = 1;
  } else {
    bool forward = direction != Direction::backward;
    if (count < 0) forward = !forward;
    want_ = want;
    CROSSFADE_CHECK(around(forward, count < 0 ? -count : count));
  }
  want_ = want;
  return {};
}

model::Result<void> ScrollCursor::absolute(std::int64_t count) {
  if (count == 0) return rewind();
  if (count < 0) {
    CROSSFADE_CHECK(skip(true, kAll));
    if (count < -1) CROSSFADE_CHECK(skip(false, static_cast<std::uint64_t>(-(count + 1))));
    forward_ = false;
    left_ = 1;
    return {};
  }
  const auto wanted = static_cast<std::uint64_t>(count);
  if (wanted - 1 <= position_ / 2) {
    CROSSFADE_CHECK(rewind());
    CROSSFADE_CHECK(skip(true, wanted - 1));
  } else {
    const std::uint64_t stands = position_ + (at_end_ ? 1 : 0);
    const bool back = wanted <= stands;
    CROSSFADE_CHECK(skip(!back, back ? stands - wanted + 1 : wanted - stands - 1));
  }
  forward_ = true;
  left_ = 1;
  return {};
}

/// FORWARD and BACKWARD; 0 is the row it stands on.
model::Result<void> ScrollCursor::around(bool forward, std::int64_t count) {
  const bool on_row = !at_start_ && !at_end_;
  if (count == 0) {
    if (want_ == Want::count) {
      counted_ = on_row ? 1 : 0;
    } else if (on_row) {
      CROSSFADE_CHECK(skip(false, 1));
      forward_ = true;
      left_ = 1;
    }
    return {};
  }
  if (!forward && count == sql::kAllRows && want_ == Want::count) {
    counted_ = position_ > 0 && !at_end_ ? position_ - 1 : position_;
    return rewind();
  }
  forward_ = forward;
  left_ = static_cast<std::uint64_t>(count);
  return {};
}

model::Result<void> ScrollCursor::skip(bool forward, std::uint64_t count) {
  if (count == 0) return {};
  const Want after = std::exchange(want_, Want::count);
  forward_ = forward;
  left_ = count;
  while (left_ > 0) CROSSFADE_CHECK(run(nullptr));
  want_ = after;
  return {};
}

model::Result<ScrollCursor::Batch> ScrollCursor::next() {
  Batch batch;
  batch.count = std::exchange(counted_, 0);
  if (left_ > 0) {
    CROSSFADE_TRY(const std::uint64_t walked, run(want_ == Want::rows ? &batch.rows : nullptr));
    batch.count += walked;
  }
  batch.done = left_ == 0;
  return batch;
}

/// Walks over at most `left_` rows and about 1 MiB of them; `left_` is 0 at the end of the rows.
model::Result<std::uint64_t> ScrollCursor::run(Rows* out) {
  if (!forward_) CROSSFADE_CHECK(may_go_back());
  std::uint64_t walked = 0;
  for (std::size_t bytes = 0; left_ > 0 && bytes < kBatchBytes;) {
    if (forward_ ? at_end_ : at_start_) break;
    const std::uint64_t target = forward_ ? position_ + 1 : at_end_ ? position_ : position_ - 1;
    const model::Row* found = nullptr;
    if (target > 0) {
      CROSSFADE_TRY(found, row(target));
    }
    if (found == nullptr) {
      (forward_ ? at_end_ : at_start_) = true;
      if (!forward_) position_ = 0;
      break;
    }
    position_ = target;
    (forward_ ? at_start_ : at_end_) = false;
    ++walked;
    if (left_ != kAll) --left_;
    bytes += size_of(*found);
    if (keys_ == Keys::last) key_ = std::get<std::int64_t>(found->back());
    if (out == nullptr) continue;
    out->push_back(*found);
    if (keys_ == Keys::last) out->back().pop_back();
  }
  if (forward_ ? at_end_ : at_start_) left_ = 0;
  return walked;
}

/// The row of a number from 1 on, good until the next call; nullptr behind the last one.
model::Result<const model::Row*> ScrollCursor::row(std::uint64_t number) {
  if (number > base_ && number <= base_ + kept_.size()) return &kept_[static_cast<std::size_t>(number - base_ - 1)];
  if (number <= read_) return model::fail("XX000"_state, "a cursor went back to a row that it has not kept");
  if (pending_.empty()) CROSSFADE_CHECK(pull());
  if (pending_.empty()) return nullptr;
  ++read_;
  current_ = std::move(pending_.front());
  pending_.pop_front();
  if (keep_ != Keep::none) CROSSFADE_CHECK(keep(current_));
  return &current_;
}

/// As many rows as are asked for and no more: the next ones may fail.
model::Result<void> ScrollCursor::pull() {
  while (source_ != nullptr && pending_.empty()) {
    CROSSFADE_TRY(sqlite::Cursor::Batch batch, source_->fetch(left_ == kAll ? 0 : static_cast<std::size_t>(left_)));
    for (model::Row& row : batch.rows) pending_.push_back(std::move(row));
    if (batch.done) source_.reset();
  }
  return {};
}

model::Result<void> ScrollCursor::keep(model::Row row) {
  kept_bytes_ += size_of(row);
  const bool must = keep_ == Keep::all || held_;
  if (kept_bytes_ > (must ? kKeptAlways : kKeptPerhaps)) {
    if (must)
      return model::fail("53200"_state, "out of memory", "A SCROLL or WITH HOLD cursor keeps at most 64 MB of rows.",
                         "Declare it NO SCROLL and without WITH HOLD, or narrow its query.");
    keep_ = Keep::none;
    kept_.clear();
    return {};
  }
  kept_.push_back(std::move(row));
  return {};
}

model::Result<void> ScrollCursor::hold() {
  if (std::exchange(held_, true)) return {};
  if (keep_ == Keep::none) base_ = read_;
  left_ = kAll;
  while (source_ != nullptr || !pending_.empty()) {
    if (pending_.empty()) CROSSFADE_CHECK(pull());
    while (!pending_.empty()) {
      CROSSFADE_CHECK(keep(std::move(pending_.front())));
      pending_.pop_front();
    }
  }
  read_ = base_ + kept_.size();
  left_ = 0;
  return {};
}

model::Result<void> ScrollCursor::rewind() {
  if (at_start_ && !at_end_) return {};
  CROSSFADE_CHECK(may_go_back());
  position_ = 0;
  at_start_ = true;
  at_end_ = false;
  return {};
}

}  // namespace crossfade::session
