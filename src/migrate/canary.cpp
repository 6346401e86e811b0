#include "canary.hpp"

#include <algorithm>

#include "sqlite_state.hpp"

namespace crossfade::migrate {

namespace {

using namespace std::chrono_literals;

constexpr int kSilent = 3;
constexpr std::chrono::milliseconds kFirstPause = 5s, kLongestPause = 60s;

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\0') continue;
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

model::Result<bool> has_trip_column(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto there, file.query("SELECT 1 FROM pragma_table_info('crossfade_canary') WHERE name = 'tripped'"));
  return !there.empty();
}

/// The table was made without the column before.
model::Result<void> make_table(sqlite::Connection& file) {
  CROSSFADE_CHECK(file.execute("CREATE TABLE IF NOT EXISTS crossfade_canary (one INTEGER PRIMARY KEY CHECK (one = 1), percent INTEGER NOT NULL, tripped TEXT)"));
  CROSSFADE_TRY(const bool there, has_trip_column(file));
  return there ? model::Result<void>{} : file.execute("ALTER TABLE crossfade_canary ADD COLUMN tripped TEXT");
}

}  // namespace

Canary::Canary(const sqlite::Database& database, std::chrono::milliseconds wait) : file_(database.options().file), wait_(wait) {}

void Canary::begin(int percent) {
  const std::scoped_lock lock(mutex_);
  tripped_.clear();
  saved_ = true;
  silent_ = 0;
  pause_ = 0ms;
  reads_ = stayed_ = failed_ = 0;
  percent_ = wanted_ = percent;
}

/// In stage `copy` a journal begins anew, and its numbers with it.
void Canary::end() {
  const std::scoped_lock lock(mutex_);
  known_ = {};
  percent_ = wanted_ = 0;
  saved_ = true;
}

void Canary::stepped(const Known& known) {
  const std::scoped_lock lock(mutex_);
  if (known.at.seq == known_.at.seq && known.schema_version == known_.schema_version) return;
  known_ = known;
  stepped_.notify_all();
}

/// Entries of the journal are made in the transaction that they belong to: the newest one stands for all that is committed, while the triggers
/// that make them are there.
std::optional<Canary::Known> Canary::head() {
  const std::scoped_lock lock(reading_);
  if (!head_) {
    sqlite::OpenOptions options;
    options.role = sqlite::Role::service;
    auto opened = sqlite::Connection::open(file_, options);
    if (!opened) return std::nullopt;
    head_.emplace(std::move(*opened));
  }
  const auto read = [this]() -> model::Result<Known> {
    CROSSFADE_TRY(const sqlite::Transaction snapshot, sqlite::Transaction::begin(*head_, sqlite::Transaction::Mode::deferred));
    CROSSFADE_TRY(const JournalEntry newest, newest_entry(*head_));
    CROSSFADE_TRY(const model::StorageValue version, head_->value("PRAGMA main.schema_version"));
    return Known{newest, std::get<std::int64_t>(version)};
  };
  if (const auto known = read()) return *known;
  head_.reset();
  return std::nullopt;
}

/// After a pause one read tries; the others go on as if it had not ended.
bool Canary::may_try() {
  const std::scoped_lock lock(mutex_);
  if (silent_ < kSilent) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now < resume_) return false;
  resume_ = now + pause_;
  return true;
}

std::optional<CanaryPass> Canary::await() {
  if (!may_try()) return std::nullopt;
  const std::uint64_t since = mixed_;  // before the head: of a step that mixed earlier the head has the entries, and the end is waited for
  std::unique_lock lock(mutex_);
  const JournalEntry before = known_.at;
  lock.unlock();
  const std::optional<Known> wanted = head();
  if (!wanted) return std::nullopt;
  // PostgreSQL holds an entry that this file has not, or has another one in its place: it was set back.
  const bool rewound = wanted->at.seq < before.seq || (wanted->at.seq == before.seq && wanted->at.nonce != before.nonce);
  if (rewound) return std::nullopt;
  lock.lock();
  const auto holds = [&] { return known_.at.seq >= wanted->at.seq && known_.schema_version == wanted->schema_version; };
  const auto ended = [&] { return stopping_ || percent_ == 0 || holds(); };
  if (!stepped_.wait_for(lock, wait_, ended) || stopping_ || percent_ == 0) return std::nullopt;
  return CanaryPass{since, known_.at.seq};
}

void Canary::note(CanaryOutcome outcome) {
  switch (outcome) {
    case CanaryOutcome::answered: ++reads_; break;
    case CanaryOutcome::stayed:
    case CanaryOutcome::unreachable: ++stayed_; break;
    case CanaryOutcome::failed: ++failed_; break;
  }
  if (outcome == CanaryOutcome::stayed) return;
  const std::scoped_lock lock(mutex_);
  if (outcome != CanaryOutcome::unreachable) {
    silent_ = 0;
    pause_ = 0ms;
  } else if (++silent_ >= kSilent) {
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    resume_ = std::chrono::steady_clock::now() + pause_;
  }
}

void Canary::trip(std::string why) {
  const std::scoped_lock lock(mutex_);
  if (percent_ == 0) return;
  percent_ = 0;
  tripped_ = std::move(why);
  saved_ = false;
  stepped_.notify_all();
}

std::optional<std::string> Canary::unsaved() const {
  const std::scoped_lock lock(mutex_);
  return saved_ ? std::nullopt : std::optional(tripped_);
}

void Canary::saved() {
  const std::scoped_lock lock(mutex_);
  saved_ = true;
}

CanaryCounts Canary::counts() const {
  const std::scoped_lock lock(mutex_);
  return {reads_, stayed_, failed_, tripped_, silent_ < kSilent ? 0 : silent_};
}

void Canary::stop() {
  const std::scoped_lock lock(mutex_);
  stopping_ = true;
  stepped_.notify_all();
}

model::Result<void> store_canary(sqlite::Connection& file, int percent) {
  CROSSFADE_CHECK(make_table(file));
  return file.execute("INSERT INTO crossfade_canary (one, percent) VALUES (1, " + std::to_string(percent) +
                      ") ON CONFLICT (one) DO UPDATE SET percent = excluded.percent, tripped = NULL");
}

model::Result<void> store_trip(sqlite::Connection& file, std::string_view why) {
  CROSSFADE_CHECK(make_table(file));
  return file.execute("UPDATE crossfade_canary SET tripped = " + quoted(why));
}

model::Result<std::optional<StoredCanary>> stored_canary(sqlite::Connection& file) {
  CROSSFADE_TRY(const auto there, file.query("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = 'crossfade_canary'"));
  if (there.empty()) return std::nullopt;
  CROSSFADE_TRY(const bool trips, has_trip_column(file));
  CROSSFADE_TRY(const auto rows, file.query(trips ? "SELECT percent, tripped FROM crossfade_canary" : "SELECT percent, NULL FROM crossfade_canary"));
  const auto* percent = rows.empty() ? nullptr : std::get_if<std::int64_t>(&rows[0][0]);
  if (percent == nullptr) return std::nullopt;
  const auto* tripped = std::get_if<std::string>(&rows[0][1]);
  return StoredCanary{static_cast<int>(*percent), tripped ? *tripped : ""};
}

}  // namespace crossfade::migrate
