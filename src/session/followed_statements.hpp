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
  std::uint32_t read_as = 0;  // the settings that it was read under, by their number; 0: it is one client's, whatever they were
  std::string said = {};      // the client's text, where that names other statements and `text` has our names for them
};

/// Clients that prepare the same text with the same types share one, when the server reads it alike for them: what '1/2/2020'::date is, or where
/// a string ends, depends on settings, and is settled when it is prepared. Thread-safe.
class FollowedStatements {
 public:
  FollowedStatements();
  /// `read_as`: of reading(); 0: it is nobody else's.
  std::shared_ptr<const Followed> named(std::string_view text, std::string_view types, const sql::SessionEffects& effects, std::uint32_t read_as,
                                        std::string said = {});
  std::shared_ptr<const Followed> unnamed(std::string_view text, std::string_view types, sql::SessionEffects effects);
  /// The number of these settings' values; not 0.
  std::uint32_t reading(const std::string& settings);
  /// What the names on the server begin with; no client can guess it.
  const std::string& prefix() const { return prefix_; }
  /// A number for one more client; not 0.
  std::uint64_t next_client() { return ++clients_; }

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> clients_ = 0;
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::map<std::string, std::uint32_t> readings_;
  std::size_t prune_at_ = 1'000;
  std::map<std::string, std::weak_ptr<const Followed>, std::less<>> known_;
};

}  // namespace crossfade::session
