#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

namespace crossfade::migrate {

/// Commits that wait for the mirror (mode = "sync"): each for a step whose snapshot was taken after it. One that waits too long is let go,
/// and from then on none waits until a step has come to its end: the mirror is behind. Thread-safe.
class SyncCommits {
 public:
  SyncCommits();
  ~SyncCommits();

  /// A step is about to take its snapshot: its number.
  std::uint64_t step_begins();
  /// It has carried all that it saw. `part`: but for rows that the other side cannot hold, of whichever step: its commits are late, too.
  enum class Carried : std::uint8_t { all, part };
  void step_ended(std::uint64_t number, Carried carried);
  /// Between two steps, on their thread: waits until those that the last step answered have committed again, so that one step carries them all. At most
  /// as long as that step took, and less where they did not come the last time. Returns how many came.
  std::size_t gather();
  /// After a COMMIT, on the client's executor. false: it is not known to be on the other side, which is counted.
  boost::asio::awaitable<bool> wait(std::chrono::milliseconds timeout);
  bool behind() const;
  std::uint64_t late() const;

 private:
  std::shared_ptr<struct SyncCommitsImpl> impl_;
};

}  // namespace crossfade::migrate
