#include "canary.hpp"

#include "sqlite_state.hpp"

namespace crossfade::migrate {

Canary::Canary(const sqlite::Database& database, std::chrono::milliseconds wait) : file_(database.options().file), wait_(wait) {}

void Canary::begin(int percent) {
  const std::scoped_lock lock(mutex_);
  tripped_.clear();
  reads_ = stayed_ = failed_ = 0;
  percent_ = wanted_ = percent;
}

void Canary::end() {
  const std::scoped_lock lock(mutex_);
  percent_ = wanted_ = 0;
}

void Canary::stepped(std::int64_t seq) {
  const std::scoped_lock lock(mutex_);
  if (seq == seq_) return;
  seq_ = seq;
  stepped_.notify_all();
}

/// Entries of the journal are made in the transaction that they belong to: the newest one stands for all that is committed.
std::optional<std::int64_t> Canary::head() {
  const std::scoped_lock lock(reading_);
  if (!head_) {
    sqlite::OpenOptions options;
    options.role = sqlite::Role::service;
    auto opened = sqlite::Connection::open(file_, options);
    if (!opened) return std::nullopt;
    head_.emplace(std::move(*opened));
  }
  const auto newest = newest_entry(*head_);
  if (newest) return newest->seq;
  head_.reset();
  return std::nullopt;
}

bool Canary::await() {
  const std::optional<std::int64_t> wanted = head();
  if (!wanted) return false;
  std::unique_lock lock(mutex_);
  return stepped_.wait_for(lock, wait_, [&] { return stopping_ || seq_ >= *wanted; }) && !stopping_;
}

void Canary::note(CanaryOutcome outcome) {
  switch (outcome) {
    case CanaryOutcome::answered: ++reads_; break;
    case CanaryOutcome::stayed: ++stayed_; break;
    case CanaryOutcome::failed: ++failed_; break;
  }
}

void Canary::trip(std::string why) {
  const std::scoped_lock lock(mutex_);
  if (percent_ == 0) return;
  percent_ = 0;
  tripped_ = std::move(why);
}

CanaryCounts Canary::counts() const {
  const std::scoped_lock lock(mutex_);
  return {reads_, stayed_, failed_, tripped_};
}

void Canary::stop() {
  const std::scoped_lock lock(mutex_);
  stopping_ = true;
  stepped_.notify_all();
}

model::Result<void> store_canary(sqlite::Connection& file, int percent) {
  return file.execute("CREATE TABLE IF NOT EXISTS crossfade_canary (one INTEGER PRIMARY KEY CHECK (one = 1), percent INTEGER NOT NULL); "
                      "INSERT INTO crossfade_canary (one, percent) VALUES (1, " + std::to_string(percent) +
                      ") ON CONFLICT (one) DO UPDATE SET percent = excluded.percent");
}

model::Result<std::optional<int>> stored_canary(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto there, file.query("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'crossfade_canary'"));
  if (there.empty()) return std::nullopt;
  CROSSFADE_TRY(const auto rows, file.query("SELECT percent FROM crossfade_canary"));
  const auto* percent = rows.empty() ? nullptr : std::get_if<std::int64_t>(&rows[0][0]);
  return percent ? std::optional(static_cast<int>(*percent)) : std::nullopt;
}

}  // namespace crossfade::migrate
