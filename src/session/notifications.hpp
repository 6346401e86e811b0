#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::session {

struct Notification {
  std::int32_t pid = 0;  // who sent it
  std::string channel, payload;
  bool operator==(const Notification&) const = default;
};

class NotificationBoard;

/// What has come for one client and was not sent to it yet. Its owner's thread takes; any thread puts in. Leaves the board when it dies.
class Inbox {
 public:
  Inbox(NotificationBoard& board, std::function<void()> wake) : board_(board), wake_(std::move(wake)) {}
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  std::vector<Notification> take();
  bool empty() const { return bytes_ == 0; }

 private:
  friend class NotificationBoard;
  NotificationBoard& board_;
  std::function<void()> wake_;  // called when something comes, also when something is waiting already; on any thread, must not block
  std::vector<Notification> waiting_;  // under the board's mutex
  std::atomic<std::size_t> bytes_ = 0;
};

/// Who listens to what, among the clients of this process on the file's side. Thread: any.
/// Limits: kMostBytes wait in all; then NOTIFY is 54000, as when PostgreSQL's queue is full.
class NotificationBoard {
 public:
  static constexpr std::size_t kMostBytes = 64U << 20U;

  void listen(Inbox& inbox, const std::string& channel);
  void unlisten(Inbox& inbox, const std::string& channel);
  void leave(Inbox& inbox);
  /// In this order, to each that listens; all at once.
  void publish(const std::vector<Notification>& notifications);
  bool full() const { return waiting_bytes_ > kMostBytes; }

 private:
  friend class Inbox;
  std::mutex mutex_;  // of the listeners and of what waits in their inboxes
  std::map<std::string, std::set<Inbox*>, std::less<>> listeners_;
  std::atomic<std::size_t> waiting_bytes_ = 0;
};

/// 22023 for a name or a payload that PostgreSQL does not take.
model::Result<void> check_notification(std::string_view channel, std::string_view payload);

/// What one session's transaction has said by LISTEN, UNLISTEN and NOTIFY: it holds from its commit on. The calls go along with the
/// block's, as those of Settings do. notify() may be called on an engine's thread while the session waits for it.
class PendingNotifications {
 public:
  void listen(std::string channel) { actions_.push_back({Verb::listen, std::move(channel), {}}); }
  void unlisten(std::string channel) { actions_.push_back({Verb::unlisten, std::move(channel), {}}); }
  void unlisten_all() { actions_.push_back({Verb::unlisten_all, {}, {}}); }
  void notify(std::string channel, std::string payload) { actions_.push_back({Verb::notify, std::move(channel), std::move(payload)}); }
  bool empty() const { return actions_.empty(); }

  /// `channels`: what the session listens to; changed. One notification said twice is sent once.
  void commit(NotificationBoard& board, Inbox& inbox, std::set<std::string>& channels, std::int32_t pid);
  void rollback();
  void savepoint(std::string name) { marks_.push_back({std::move(name), actions_.size()}); }
  void release(std::string_view name);
  void rollback_to(std::string_view name);

 private:
  enum class Verb : std::uint8_t { listen, unlisten, unlisten_all, notify };
  struct Action { Verb verb; std::string channel, payload; };
  struct Mark { std::string name; std::size_t actions; };
  std::vector<Action> actions_;
  std::vector<Mark> marks_;
};

}  // namespace crossfade::session
