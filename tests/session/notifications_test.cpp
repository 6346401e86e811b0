#include "../../src/session/notifications.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace crossfade;
using session::Inbox;
using session::Notification;
using session::NotificationBoard;
using session::PendingNotifications;

namespace {

struct Listener {
  explicit Listener(NotificationBoard& board) : inbox(board, [this] { ++woken; }) {}
  int woken = 0;
  Inbox inbox;
  std::set<std::string> channels;
  PendingNotifications pending;

  std::vector<std::string> payloads() {
    std::vector<std::string> out;
    for (const Notification& notification : inbox.take()) out.push_back(notification.payload);
    return out;
  }
};

using Payloads = std::vector<std::string>;

}  // namespace

TEST_CASE("A notification that a transaction says twice is sent once, in the order of the first") {
  NotificationBoard board;
  Listener listener(board), sender(board);
  listener.pending.listen("a");
  listener.pending.commit(board, listener.inbox, listener.channels, 1);
  for (const char* payload : {"1", "2", "1", "3", "2"}) sender.pending.notify("a", payload);
  sender.pending.notify("b", "1");
  CHECK(listener.inbox.empty());
  sender.pending.commit(board, sender.inbox, sender.channels, 2);
  CHECK(listener.woken == 1);
  CHECK(listener.payloads() == Payloads{"1", "2", "3"});
  CHECK(sender.woken == 0);
}

TEST_CASE("What was said since a savepoint is forgotten when the block goes back to it") {
  NotificationBoard board;
  Listener one(board);
  one.pending.listen("a");
  one.pending.notify("a", "kept");
  one.pending.savepoint("s");
  one.pending.notify("a", "lost");
  one.pending.savepoint("inner");
  one.pending.unlisten_all();
  one.pending.rollback_to("s");
  one.pending.notify("a", "after");
  one.pending.rollback_to("s");
  one.pending.savepoint("t");
  one.pending.notify("a", "released");
  one.pending.release("t");
  one.pending.rollback_to("t");  // no longer there
  one.pending.commit(board, one.inbox, one.channels, 1);
  CHECK(one.payloads() == Payloads{"kept", "released"});
  CHECK(one.channels == std::set<std::string>{"a"});
}

TEST_CASE("A rolled back transaction neither listens nor notifies") {
  NotificationBoard board;
  Listener one(board);
  one.pending.listen("a");
  one.pending.notify("a", "x");
  one.pending.rollback();
  one.pending.commit(board, one.inbox, one.channels, 1);
  one.pending.notify("a", "y");
  one.pending.commit(board, one.inbox, one.channels, 1);
  CHECK(one.inbox.empty());
  CHECK(one.channels.empty());
}

TEST_CASE("A client that is gone gets nothing and holds nothing back") {
  NotificationBoard board;
  Listener sender(board);
  const std::string payload(7000, 'x');
  {
    Listener slow(board);
    slow.pending.listen("a");
    slow.pending.commit(board, slow.inbox, slow.channels, 1);
    for (int i = 0; !board.full(); ++i) {
      sender.pending.notify("a", payload + std::to_string(i));
      sender.pending.commit(board, sender.inbox, sender.channels, 2);
    }
  }
  CHECK_FALSE(board.full());
  sender.pending.notify("a", "nobody");
  sender.pending.commit(board, sender.inbox, sender.channels, 2);
  CHECK_FALSE(board.full());
}

TEST_CASE("Names and payloads have PostgreSQL's limits") {
  CHECK(session::check_notification("a", std::string(7999, 'x')));
  CHECK(session::check_notification("a", std::string(8000, 'x')).error().message == "payload string too long");
  CHECK(session::check_notification(std::string(63, 'c'), ""));
  CHECK(session::check_notification(std::string(64, 'c'), "").error().message == "channel name too long");
  CHECK(session::check_notification("", "").error().message == "channel name cannot be empty");
}
