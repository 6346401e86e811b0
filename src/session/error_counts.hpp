#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "crossfade/model/sqlstate.hpp"

namespace crossfade::session {

/// Errors that clients were told, by SQLSTATE. Thread: any.
class ErrorCounts {
 public:
  void note(model::SqlState state) {
    const std::scoped_lock lock(mutex_);
    const auto found = counts_.find(state);
    if (found != counts_.end()) ++found->second;
    else if (counts_.size() < kMost && well_formed(state)) counts_.emplace(state, 1);
    else ++others_;
  }
  std::map<std::string, std::uint64_t> all() const {
    const std::scoped_lock lock(mutex_);
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [state, count] : counts_) counts.emplace(state.code(), count);
    if (others_ != 0) counts.emplace("other", others_);
    return counts;
  }

 private:
  static constexpr std::size_t kMost = 400;  // PostgreSQL 15 has fewer; a function may raise any

  static bool well_formed(model::SqlState state) {
    for (const char c : state.code())
      if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) return false;
    return true;
  }

  mutable std::mutex mutex_;
  std::map<model::SqlState, std::uint64_t> counts_;
  std::uint64_t others_ = 0;
};

}  // namespace crossfade::session
