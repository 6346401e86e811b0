#include "rehearsals.hpp"

#include "crossfade/sql/statement_text.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::size_t kRehearsedKinds = 10'000;

/// What says nothing about the statement: a lost connection, a cancel, a lost race, a lack of room.
bool is_passing(const model::Error& error) {
  const std::string_view family = error.state.family();
  return family == "08" || family == "57" || family == "40" || family == "53" || family == "55";
}

}  // namespace

bool Rehearsals::wants(std::string_view fingerprint) {
  const std::scoped_lock lock(mutex_);
  if (entries_.contains(fingerprint) || entries_.size() >= kRehearsedKinds) return false;
  entries_.emplace(std::string(fingerprint), Entry{});
  return true;
}

void Rehearsals::forget(std::string_view fingerprint) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = entries_.find(fingerprint); found != entries_.end()) entries_.erase(found);
}

std::optional<std::string> Rehearsals::run(SampleRuns& target, const Sample& sample, std::string_view fingerprint) {
  Sample planned = sample;
  planned.text = "EXPLAIN " + sample.text;
  const model::Result<model::ResultSet> result = target.run(planned);
  if (!result && is_passing(result.error())) {
    forget(fingerprint);
    return std::nullopt;
  }
  const std::scoped_lock lock(mutex_);
  Entry& entry = entries_[std::string(fingerprint)];
  entry.state = result ? State::planned : State::refused;
  entry.why = result ? "" : std::string(result.error().state.code());
  entry.statement = result ? "" : sql::without_literals(sample.text);
  return result ? std::nullopt : std::optional(entry.why);
}

std::vector<Rehearsals::Refused> Rehearsals::refused() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Refused> out;
  for (const auto& [fingerprint, entry] : entries_)
    if (entry.state == State::refused) out.push_back({fingerprint, entry.why, entry.statement});
  return out;
}

Rehearsed Rehearsals::read() const {
  constexpr std::size_t kNamed = 5;
  const std::scoped_lock lock(mutex_);
  Rehearsed out;
  std::size_t more = 0;
  for (const auto& [fingerprint, entry] : entries_) {
    out.planned += entry.state == State::planned;
    out.waiting += entry.state == State::waiting;
    if (entry.state != State::refused) continue;
    if (out.refused.size() < kNamed) out.refused.push_back(entry.why + " " + fingerprint);
    else ++more;
  }
  if (more != 0) out.refused.push_back("and " + std::to_string(more) + " more");
  return out;
}

void Rehearsals::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
}

}  // namespace crossfade::migrate
