#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "crossfade/migrate/controller.hpp"
#include "crossfade/sql/translate.hpp"
#include "latencies.hpp"
#include "links.hpp"
#include "mismatches.hpp"
#include "rehearsals.hpp"
#include "run_sample.hpp"

namespace crossfade::migrate {

struct ShadowOptions {
  double rate = 0.05;
  std::size_t queue = 256;
  std::chrono::milliseconds pair_life{2'000};  // a pair pins both databases: it ends, and there is a gap (MIRROR 13)
  std::chrono::milliseconds gap{250};
};

/// Runs a sample of the clients' reads again on pairs and compares the answers, under each client's settings and with one now() for both
/// sides. One thread of its own; the clients never wait for it.
class Shadow {
 public:
  /// `make_pair` blocks; nullopt when there is no pair to be had now. `schema` is that of the pair.
  using MakePair = std::function<std::optional<Pair>()>;
  using SchemaOf = std::function<std::shared_ptr<const plan::Schema>()>;
  /// `differs` is told each mismatch, from the shadow's thread.
  using Differs = std::function<void(const Mismatch&)>;
  Shadow(ShadowOptions options, Mismatches& mismatches, MakePair make_pair, SchemaOf schema, Differs differs);
  ~Shadow();

  /// A fingerprint seen for the first time is always wanted, then by rate.
  bool wants(std::string_view fingerprint);
  void offer(Sample sample);
  void stop();

  /// undecided: the rows differ where the statement leaves open which come, or in which order.
  struct Counts { std::uint64_t compared = 0, equal = 0, undecided = 0, skipped = 0, untranslated = 0; };
  Counts counts() const;
  /// Since the last begin_anew(): what the gates count. The copy begins anew.
  Compared compared() const;
  void begin_anew();
  /// The schema is another one: what waits was translated for the old one.
  void forget_waiting();
  Rehearsals& rehearsals() { return rehearsals_; }
  /// By kind of read, since then.
  std::vector<KindOfRead> kinds() const { return latencies_.list(); }

 private:
  void run();
  struct OnPair;
  void run_on_pair(Pair& pair, std::uint64_t schemas);
  void compare_on(OnPair& pair, std::vector<Sample> samples);
  std::size_t compare_some(OnPair& pair, std::span<const ComparedRead> reads);
  void judge(const ComparedRead& read, const model::Result<model::ResultSet>& file, const model::Result<model::ResultSet>& target, const ReadTimes* times);
  void note(Mismatch seen);
  void rehearse_on(OnPair& on, const Sample& sample);
  model::Result<std::shared_ptr<const sql::Translated>> translated(const Sample& sample);
  std::vector<Sample> next();
  void put_back(std::span<const ComparedRead> reads);

  ShadowOptions options_;
  Mismatches* mismatches_;
  MakePair make_pair_;
  SchemaOf schema_;
  Differs differs_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Sample> waiting_;
  std::atomic<std::uint64_t> schemas_ = 0;  // counted by forget_waiting(): what a pair from before says then is not looked at
  std::shared_ptr<const plan::Schema> translated_from_;  // of the shadow's thread, as what follows
  std::unordered_map<std::string, std::shared_ptr<const sql::Translated>> translations_;  // of those that came without, by settings, types and text
  std::unordered_set<std::string> seen_;
  sqlite::Connection* running_ = nullptr;  // interrupted by stop()
  Counts counts_;
  Rehearsals rehearsals_;
  Latencies latencies_;
  std::uint64_t compared_reads_ = 0;
  std::int64_t compared_since_ = 0;
  std::unordered_set<std::string> compared_kinds_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace crossfade::migrate
