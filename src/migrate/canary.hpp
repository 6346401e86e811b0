#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "crossfade/engine/sqlite/database.hpp"
#include "crossfade/migrate/controller.hpp"
#include "gates.hpp"
#include "links.hpp"
#include "sqlite_state.hpp"

namespace crossfade::migrate {

/// Stage canary: which share of the sessions has its reads answered by PostgreSQL, whether PostgreSQL knows enough for one, and what came
/// of them. Thread-safe.
class Canary {
 public:
  Canary(const sqlite::Database& database, std::chrono::milliseconds wait);

  /// Begins, or begins anew with another share: counts and what it tripped over are forgotten.
  void begin(int percent);
  void end();
  /// 0 outside of the stage, and once it has tripped.
  int percent() const { return percent_.load(std::memory_order_relaxed); }
  int wanted() const { return wanted_.load(std::memory_order_relaxed); }

  /// What PostgreSQL holds, after each step: its watermark, and the file's schema_version that the step saw. From the applier's thread.
  struct Known { JournalEntry at; std::int64_t schema_version = -1; };
  void stepped(const Known& known);
  /// Before a step's COMMIT that leaves PostgreSQL between two states of the file, or without a row of it: held() of reads that run is false.
  void about_to_mix() { ++mixed_; }
  bool held(const CanaryPass& pass) const { return mixed_ == pass.mixed; }
  /// Blocking: waits until PostgreSQL holds all that was committed in the file before the call, at most `wait`. Nothing: it does not, or it
  /// is paused: three reads in turn that it did not answer are followed by 5 seconds without any, then by one; each that is not answered
  /// doubles the pause, up to a minute. Nothing, too, where the file is not the one that was stepped from: its schema was changed (perhaps our triggers
  /// are gone), or a backup was put back.
  std::optional<CanaryPass> await();
  void note(CanaryOutcome outcome);
  /// No read goes to PostgreSQL any more, until begin(). Nothing outside of the stage.
  void trip(std::string why);
  /// What trip() was told and store_trip() was not: to be made durable.
  std::optional<std::string> unsaved() const;
  void saved();
  CanaryCounts counts() const;
  void stop();

 private:
  std::optional<Known> head();
  bool may_try();

  std::filesystem::path file_;
  std::chrono::milliseconds wait_;
  std::atomic<int> percent_ = 0, wanted_ = 0;
  std::atomic<std::uint64_t> reads_ = 0, stayed_ = 0, failed_ = 0, mixed_ = 0;
  std::mutex reading_;  // of head_
  std::optional<sqlite::Connection> head_;
  mutable std::mutex mutex_;
  std::condition_variable stepped_;
  Known known_;
  std::string tripped_;
  bool saved_ = true;
  bool stopping_ = false;
  int silent_ = 0;  // reads that PostgreSQL did not answer, in turn
  std::chrono::milliseconds pause_{0};
  std::chrono::steady_clock::time_point resume_;
};

/// The share in the file, and why the canary has tripped, so that a program that starts again in the stage goes on with it. store_canary()
/// begins anew: nothing has tripped.
struct StoredCanary { int percent = 0; std::string tripped; };
model::Result<void> store_canary(sqlite::Connection& file, int percent);
model::Result<void> store_trip(sqlite::Connection& file, std::string_view why);
model::Result<std::optional<StoredCanary>> stored_canary(sqlite::Connection& file);

}  // namespace crossfade::migrate
