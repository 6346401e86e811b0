#include "shadow.hpp"

#include <algorithm>
#include <random>

#include "compare_options.hpp"
#include "crossfade/sql/statement_text.hpp"
#include "health.hpp"
#include "run_translated.hpp"

namespace crossfade::migrate {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSeenLimit = 10'000, kTranslations = 1'000;
/// Sent to PostgreSQL at a time, which runs them while SQLite does.
constexpr std::size_t kTogether = 16;
constexpr std::chrono::seconds kNowDeadline{10};

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
  waiting_.clear();  // translated for another schema
  rehearsals_.clear();
  latencies_.clear();
}

void Shadow::forget_waiting() {
  ++schemas_;
  const std::scoped_lock lock(mutex_);
  for (const Sample& sample : waiting_) {
    ++counts_.skipped;
    if (sample.purpose == Sample::Purpose::rehearse) rehearsals_.forget(sample.fingerprint);
  }
  waiting_.clear();
}

/// Some that can be sent together: reads under the same settings, or one change.
std::vector<Sample> Shadow::next() {
  const std::scoped_lock lock(mutex_);
  std::vector<Sample> out;
  while (!stopping_ && !waiting_.empty() && out.size() < kTogether) {
    Sample& first = waiting_.front();
    const bool rehearsed = first.purpose == Sample::Purpose::rehearse;
    if (!out.empty() && (rehearsed || first.settings != out.front().settings)) break;
    out.push_back(std::move(first));
    waiting_.pop_front();
    if (rehearsed) break;
  }
  return out;
}

void Shadow::put_back(std::span<const ComparedRead> reads) {
  const std::scoped_lock lock(mutex_);
  for (auto read = reads.rbegin(); read != reads.rend(); ++read) waiting_.push_front(read->sample);
}

void Shadow::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
    }
    const std::uint64_t schemas = schemas_;  // before it is made
    if (std::optional<Pair> pair = make_pair_()) run_on_pair(*pair, schemas);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, options_.gap, [this] { return stopping_; });
    if (stopping_) return;
  }
}

struct Shadow::OnPair {
  Pair& sides;
  SampleRuns runs;
  sqlite::FunctionContext session;  // whose statements run on the file
  std::uint64_t schemas = 0;        // as they were when it was made
};

void Shadow::run_on_pair(Pair& pair, std::uint64_t schemas) {
  const auto end = std::chrono::steady_clock::now() + options_.pair_life;
  OnPair on{pair, SampleRuns(pair.postgres), {}, schemas};
  pair.postgres.set_deadline(std::chrono::steady_clock::now() + kNowDeadline);
  const model::Result<model::Value> now = pair.postgres.value("SELECT pg_catalog.now()");
  if (!now) return;
  on.session.transaction_micros = on.session.statement_micros = std::get<model::TimestampTz>(*now).micros;
  pair.sqlite.answer_for(&on.session);
  while (std::chrono::steady_clock::now() < end && pair.postgres.healthy() && schemas_ == schemas) {
    std::vector<Sample> samples = next();
    if (samples.empty()) break;
    {
      const std::scoped_lock lock(mutex_);
      running_ = &pair.sqlite;
    }
    if (samples.front().purpose == Sample::Purpose::rehearse) rehearse_on(on, samples.front());
    else compare_on(on, std::move(samples));
    const std::scoped_lock lock(mutex_);
    running_ = nullptr;
  }
  pair.sqlite.answer_for(nullptr);
}

model::Result<std::shared_ptr<const sql::Translated>> Shadow::translated(const Sample& sample) {
  const sql::Translated* const ran = sample.translated.get();
  if (ran != nullptr && ran->texts.size() == 1 && ran->steps.empty() && ran->keyed_table.empty()) return sample.translated;
  std::shared_ptr<const plan::Schema> schema = schema_();
  if (schema != translated_from_ || translations_.size() >= kTranslations) translations_.clear();
  translated_from_ = std::move(schema);
  const sql::Context context{.schema = translated_from_.get(), .zone = sample.style.zone, .date_order = sample.style.date_order,
                             .interval_style = sample.style.interval_style};
  std::string key = sample.style.zone.name() + '\0' + std::to_string(static_cast<int>(context.date_order)) +
                    std::to_string(static_cast<int>(context.interval_style)) + '\0';
  for (const model::Oid type : sample.declared) key += std::to_string(type) + ',';
  key += sample.text;
  if (const auto known = translations_.find(key); known != translations_.end()) return known->second;
  CROSSFADE_TRY(const std::vector<sql::Parsed> parsed, sql::parse(sample.text, sql::Dialect::postgres));
  if (parsed.size() != 1) return model::fail(model::SqlState("42601"), "a sample is one statement");
  CROSSFADE_TRY(sql::Translated made, sql::translate(parsed.front(), context, sample.declared));
  auto shared = std::make_shared<const sql::Translated>(std::move(made));
  translations_.emplace(std::move(key), shared);
  return shared;
}

void Shadow::rehearse_on(OnPair& on, const Sample& sample) {
  const std::optional<std::string> refused = rehearsals_.run(on.runs, sample, sample.fingerprint);
  if (schemas_ != on.schemas) return rehearsals_.forget(sample.fingerprint);  // planned in another schema than it ran in
  if (!refused) return;
  Mismatch seen{.fingerprint = sample.fingerprint, .kind = compare::Class::error, .last_seen = now_micros(),
                .summary = "a change that SQLite makes; PostgreSQL refuses to plan it: " + *refused, .tables = sample.tables, .statement = sql::without_literals(sample.text)};
  note(std::move(seen));
}

void Shadow::compare_on(OnPair& pair, std::vector<Sample> samples) {
  std::vector<ComparedRead> reads;
  const model::Result<model::StorageValue> now = pair.sides.sqlite.value("PRAGMA main.schema_version");
  const auto* version = now ? std::get_if<std::int64_t>(&*now) : nullptr;
  for (Sample& sample : samples) {
    if (sample.schema_version > 0 && version != nullptr && sample.schema_version != *version) {  // of another schema than the pair's
      const std::scoped_lock lock(mutex_);
      ++counts_.skipped;
      continue;
    }
    const model::Result<std::shared_ptr<const sql::Translated>> found = translated(sample);
    if (found && !(*found)->volatile_functions && !(*found)->writes) {
      reads.push_back({std::move(sample), *found});
      continue;
    }
    const std::scoped_lock lock(mutex_);
    ++(found ? counts_.skipped : counts_.untranslated);
  }
  if (reads.empty()) return;
  // The first is timed: the one whose kind has been timed least. Their order says nothing.
  std::iter_swap(reads.begin(), std::ranges::min_element(reads, {}, [this](const ComparedRead& read) { return latencies_.timed(read.statement->fingerprint); }));
  pair.session.style = reads.front().sample.style;
  for (std::span<const ComparedRead> left = reads; !left.empty();) {
    left = left.subspan(compare_some(pair, left));
    if (pair.sides.postgres.healthy()) continue;
    return put_back(left);  // they have not been run
  }
}

/// How many of them are done with: none is run behind one that failed. PostgreSQL goes on with the next while SQLite runs this one. The first is
/// timed: only its answer is waited for from the moment at which it was sent.
std::size_t Shadow::compare_some(OnPair& pair, std::span<const ComparedRead> reads) {
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto since = [&](auto begun) { return std::chrono::duration_cast<std::chrono::microseconds>(now() - begun); };
  ReadTimes times;
  auto begun = now();
  const model::Result<void> sent = pair.runs.send(reads);
  const auto answer = [&] { return sent ? pair.runs.next() : model::Result<model::ResultSet>(std::unexpected(sent.error())); };
  model::Result<model::ResultSet> target = answer();
  times.postgres = since(begun);
  std::size_t done = 0;
  for (const ComparedRead& read : reads) {
    begun = now();
    const model::Result<model::ResultSet> file = run_translated(pair.sides.sqlite, *read.statement, read.sample.values);
    times.sqlite = since(begun);
    if (done != 0) target = answer();
    if (schemas_ == pair.schemas) {
      judge(read, file, target, done == 0 ? &times : nullptr);
    } else {
      const std::scoped_lock lock(mutex_);
      ++counts_.skipped;
    }
    ++done;
    if (sent && !target) break;
  }
  return done;
}

void Shadow::judge(const ComparedRead& read, const model::Result<model::ResultSet>& file, const model::Result<model::ResultSet>& target,
                   const ReadTimes* times) {
  const sql::Translated& statement = *read.statement;
  const bool interrupted = (!file && file.error().state.code() == "57014") || (!target && target.error().state.family() == "08") ||
                           (!target && target.error().state.code() == "57014");
  if (interrupted) {
    const std::scoped_lock lock(mutex_);
    ++counts_.skipped;  // never dropped silently
    return;
  }
  const compare::Differences differences = compare::outcomes(file, target, options_of(statement, read.sample.values));
  const std::optional<compare::Class> worst = differences.worst();
  const bool undecided = differences.undecided && !worst;  // no evidence of anything
  {
    const std::scoped_lock lock(mutex_);
    counts_.undecided += undecided;
  }
  if (undecided) return latencies_.note(statement.fingerprint, Latencies::Outcome::undecided, times);
  {
    const std::scoped_lock lock(mutex_);
    ++counts_.compared;
    counts_.equal += !worst;
    ++compared_reads_;
    if (compared_since_ == 0) compared_since_ = now_micros();
    if (compared_kinds_.size() < kSeenLimit) compared_kinds_.insert(statement.fingerprint);
  }
  latencies_.note(statement.fingerprint, worst ? Latencies::Outcome::differs : Latencies::Outcome::equal, file && target ? times : nullptr);
  if (!worst) return;
  note({.fingerprint = statement.fingerprint, .kind = *worst, .last_seen = now_micros(), .summary = differences.summary,
        .tables = statement.tables, .statement = sql::without_literals(read.sample.text)});
}

}  // namespace crossfade::migrate
