#include "latencies.hpp"

#include <algorithm>
#include <functional>
#include <span>
#include <tuple>
#include <utility>

namespace crossfade::migrate {

namespace {

using Micros = std::chrono::microseconds;

std::pair<Micros, Micros> median_and_longest(std::span<const ReadTimes> times, Micros ReadTimes::* side) {
  std::vector<Micros> sorted;
  for (const ReadTimes& one : times) sorted.push_back(one.*side);
  std::ranges::sort(sorted);
  return sorted.empty() ? std::pair(Micros{0}, Micros{0}) : std::pair(sorted[sorted.size() / 2], sorted.back());
}

}  // namespace

void Latencies::note(std::string_view fingerprint, Outcome outcome, const ReadTimes* times) {
  const std::scoped_lock lock(mutex_);
  auto at = entries_.find(fingerprint);
  if (at == entries_.end()) at = entries_.try_emplace(entries_.size() < kKinds ? std::string(fingerprint) : std::string()).first;
  Entry& entry = at->second;
  ++(outcome == Outcome::undecided ? entry.undecided : entry.compared);
  entry.equal += outcome == Outcome::equal;
  if (times) entry.last[entry.timed++ % kLast] = *times;
}

std::uint64_t Latencies::timed(std::string_view fingerprint) const {
  const std::scoped_lock lock(mutex_);
  const auto at = entries_.find(fingerprint);
  return at == entries_.end() ? 0 : at->second.timed;
}

KindOfRead Latencies::read(const std::string& fingerprint, const Entry& entry) {
  KindOfRead out{.fingerprint = fingerprint, .compared = entry.compared, .equal = entry.equal, .undecided = entry.undecided, .timed = entry.timed};
  const std::span kept = std::span(entry.last).first(std::min<std::size_t>(entry.timed, kLast));
  std::tie(out.median.sqlite, out.longest.sqlite) = median_and_longest(kept, &ReadTimes::sqlite);
  std::tie(out.median.postgres, out.longest.postgres) = median_and_longest(kept, &ReadTimes::postgres);
  return out;
}

std::vector<KindOfRead> Latencies::list() const {
  std::vector<KindOfRead> out;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [fingerprint, entry] : entries_) out.push_back(read(fingerprint, entry));
  }
  std::ranges::stable_sort(out, std::greater<>(), [](const KindOfRead& one) { return one.median.postgres - one.median.sqlite; });
  return out;
}

void Latencies::clear() {
  const std::scoped_lock lock(mutex_);
  entries_.clear();
}

}  // namespace crossfade::migrate
