#include "shadow.hpp"

#include <random>

#include "crossfade/compare/compare.hpp"
#include "health.hpp"
#include "run_translated.hpp"

namespace crossfade::migrate {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSeenLimit = 10'000, kTranslations = 1'000;

compare::Order order_of(const sql::Translated& statement) {
  if (statement.ordered_totally) return compare::Order::total;
  return statement.ordered ? compare::Order::ties : compare::Order::none;
}

}  // namespace

Shadow::Shadow(ShadowOptions options, Mismatches& mismatches, MakePair make_pair, SchemaOf schema, Differs differs)
    : options_(options), mismatches_(&mismatches), make_pair_(std::move(make_pair)), schema_(std::move(schema)), differs_(std::move(differs)),
      thread_([this] { run(); }) {}

void Shadow::note(Mismatch seen) {
  differs_(seen);
  mismatches_->note(std::move(seen));
}

Shadow::~Shadow() { stop(); }

bool Shadow::wants(std::string_view fingerprint) {
  thread_local std::minstd_rand generator(std::random_device{}());
  if (std::uniform_real_distribution<double>(0, 1)(generator) < options_.rate) return true;
  const std::scoped_lock lock(mutex_);
  if (options_.rate <= 0 || seen_.size() >= kSeenLimit) return false;
  return seen_.emplace(fingerprint).second;
}

void Shadow::offer(Sample sample) {
  const std::scoped_lock lock(mutex_);
  if (waiting_.size() >= options_.queue) {
    ++counts_.skipped;
    if (sample.purpose == Sample::Purpose::rehearse) rehearsals_.forget(sample.fingerprint);
    return;
  }
  waiting_.push_back(std::move(sample));
  changed_.notify_one();
}

void Shadow::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    if (running_) running_->interrupt();
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

Shadow::Counts Shadow::counts() const {
  const std::scoped_lock lock(mutex_);
  return counts_;
}

Compared Shadow::compared() const {
  const std::scoped_lock lock(mutex_);
  return {compared_reads_, compared_kinds_.size(), compared_since_};
}

void Shadow::begin_anew() {
  const std::scoped_lock lock(mutex_);
  compared_reads_ = 0;
  compared_since_ = 0;
  compared_kinds_.clear();
  rehearsals_.clear();
}

std::optional<Sample> Shadow::next() {
  const std::scoped_lock lock(mutex_);
  if (stopping_ || waiting_.empty()) return std::nullopt;
  std::optional<Sample> sample = std::move(waiting_.front());
  waiting_.pop_front();
  return sample;
}

void Shadow::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
    }
    if (std::optional<Pair> pair = make_pair_()) run_on_pair(*pair);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, options_.gap, [this] { return stopping_; });
    if (stopping_) return;
  }
}

void Shadow::run_on_pair(Pair& pair) {
  const auto end = std::chrono::steady_clock::now() + options_.pair_life;
  SampleRuns runs(pair.postgres);
  while (std::chrono::steady_clock::now() < end && pair.postgres.healthy()) {
    const std::optional<Sample> sample = next();
    if (!sample) return;
    {
      const std::scoped_lock lock(mutex_);
      running_ = &pair.sqlite;
    }
    if (sample->purpose == Sample::Purpose::compare) compare_on(pair, runs, *sample);
    else rehearse_on(runs, *sample);
    const std::scoped_lock lock(mutex_);
    running_ = nullptr;
  }
}

model::Result<std::shared_ptr<const sql::Translated>> Shadow::translated(const Sample& sample) {
  std::shared_ptr<const plan::Schema> schema = schema_();
  if (schema != translated_from_ || translations_.size() >= kTranslations) translations_.clear();
  translated_from_ = std::move(schema);
  std::string key;
  for (const model::Oid type : sample.declared) key += std::to_string(type) + ',';
  key += sample.text;
  if (const auto known = translations_.find(key); known != translations_.end()) return known->second;
  CROSSFADE_TRY(const std::vector<sql::Parsed> parsed, sql::parse(sample.text, sql::Dialect::postgres));
  if (parsed.size() != 1) return model::fail(model::SqlState("42601"), "a sample is one statement");
  sql::Context context;
  context.schema = translated_from_.get();
  CROSSFADE_TRY(sql::Translated made, sql::translate(parsed.front(), context, sample.declared));
  auto shared = std::make_shared<const sql::Translated>(std::move(made));
  translations_.emplace(std::move(key), shared);
  return shared;
}

void Shadow::rehearse_on(SampleRuns& runs, const Sample& sample) {
  const std::optional<std::string> refused = rehearsals_.run(runs, sample, sample.fingerprint);
  if (!refused) return;
  Mismatch seen{.fingerprint = sample.fingerprint, .kind = compare::Class::error, .last_seen = now_micros(),
                .summary = "a change that SQLite makes; PostgreSQL refuses to plan it: " + *refused, .tables = sample.tables};
  note(std::move(seen));
}

void Shadow::compare_on(Pair& pair, SampleRuns& runs, const Sample& sample) {
  const model::Result<std::shared_ptr<const sql::Translated>> found = translated(sample);
  const sql::Translated* const statement = found ? found->get() : nullptr;
  if (statement == nullptr || statement->volatile_functions || statement->writes) {
    const std::scoped_lock lock(mutex_);
    ++(statement != nullptr ? counts_.skipped : counts_.untranslated);
    return;
  }
  const model::Result<model::ResultSet> file = run_translated(pair.sqlite, *statement, sample.values);
  const model::Result<model::ResultSet> target = runs.run(sample);
  const bool interrupted = (!file && file.error().state.code() == "57014") || (!target && target.error().state.family() == "08") ||
                           (!target && target.error().state.code() == "57014");
  if (interrupted) {
    const std::scoped_lock lock(mutex_);
    ++counts_.skipped;  // never dropped silently
    return;
  }
  compare::Options options;
  options.order = order_of(*statement);
  const compare::Differences differences = compare::outcomes(file, target, options);
  const std::optional<compare::Class> worst = differences.worst();
  {
    const std::scoped_lock lock(mutex_);
    ++counts_.compared;
    counts_.equal += !worst;
    ++compared_reads_;
    if (compared_since_ == 0) compared_since_ = now_micros();
    if (compared_kinds_.size() < kSeenLimit) compared_kinds_.insert(statement->fingerprint);
  }
  if (!worst) return;
  Mismatch seen{.fingerprint = statement->fingerprint, .kind = *worst, .last_seen = now_micros(), .summary = differences.summary,
                .tables = statement->tables};
  note(std::move(seen));
}

}  // namespace crossfade::migrate
