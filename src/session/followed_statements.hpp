#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "crossfade/sql/session_effects.hpp"

namespace crossfade::session {

/// A statement that a client of a transaction pool has prepared: what it takes to prepare it again on whichever connection comes next.
struct Followed {
  std::string text;
  std::string types;  // the rest of its Parse: a count and as many OIDs
  std::uint64_t id = 0;
  std::string server_name;  // on the server; empty: the unnamed one's
  sql::SessionEffects effects;
};

/// Clients that prepare the same text with the same types share one. Thread-safe.
class FollowedStatements {
 public:
  FollowedStatements();
  std::shared_ptr<const Followed> named(std::string_view text, std::string_view types, const sql::SessionEffects& effects);
  std::shared_ptr<const Followed> unnamed(std::string_view text, std::string_view types, sql::SessionEffects effects);
  /// What the names on the server begin with; no client can guess it.
  const std::string& prefix() const { return prefix_; }
  /// A number for one more client; not 0.
  std::uint64_t next_client() { return ++clients_; }

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> clients_ = 0;
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::size_t prune_at_ = 1'000;
  std::map<std::string, std::weak_ptr<const Followed>, std::less<>> known_;
};

}  // namespace crossfade::session
