#include "notifications.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace crossfade::session {

using namespace model::literals;

namespace {

constexpr std::size_t kLongestChannel = 63, kLongestPayload = 7999;

std::size_t size_of(const Notification& notification) {
  return sizeof notification + notification.channel.size() + notification.payload.size();
}

}  // namespace

Inbox::~Inbox() {
  board_.leave(*this);
  board_.waiting_bytes_ -= bytes_;
}

std::vector<Notification> Inbox::take() {
  const std::scoped_lock lock(board_.mutex_);
  board_.waiting_bytes_ -= bytes_.exchange(0);
  return std::exchange(waiting_, {});
}

void NotificationBoard::listen(Inbox& inbox, const std::string& channel) {
  const std::scoped_lock lock(mutex_);
  listeners_[channel].insert(&inbox);
}

void NotificationBoard::unlisten(Inbox& inbox, const std::string& channel) {
  const std::scoped_lock lock(mutex_);
  const auto found = listeners_.find(channel);
  if (found == listeners_.end()) return;
  found->second.erase(&inbox);
  if (found->second.empty()) listeners_.erase(found);
}

void NotificationBoard::leave(Inbox& inbox) {
  const std::scoped_lock lock(mutex_);
  for (auto at = listeners_.begin(); at != listeners_.end();) {
    at->second.erase(&inbox);
    at = at->second.empty() ? listeners_.erase(at) : std::next(at);
  }
}

void NotificationBoard::publish(const std::vector<Notification>& notifications) {
  std::set<Inbox*> reached;
  const std::scoped_lock lock(mutex_);  // also while they are woken: none of them goes
  for (const Notification& notification : notifications) {
    const auto found = listeners_.find(notification.channel);
    if (found == listeners_.end()) continue;
    for (Inbox* inbox : found->second) {
      inbox->waiting_.push_back(notification);
      inbox->bytes_ += size_of(notification);
      waiting_bytes_ += size_of(notification);
      reached.insert(inbox);
    }
  }
  for (Inbox* inbox : reached) inbox->wake_();
}

model::Result<void> check_notification(std::string_view channel, std::string_view payload) {
  if (channel.empty()) return model::fail("22023"_state, "channel name cannot be empty");
  if (channel.size() > kLongestChannel) return model::fail("22023"_state, "channel name too long");
  if (payload.size() > kLongestPayload) return model::fail("22023"_state, "payload string too long");
  return {};
}

void PendingNotifications::commit(NotificationBoard& board, Inbox& inbox, std::set<std::string>& channels, std::int32_t pid) {
  marks_.clear();
  std::vector<Notification> sent;
  std::set<std::pair<std::string_view, std::string_view>> said;
  const std::vector<Action> actions = std::exchange(actions_, {});
  for (const Action& action : actions) {
    switch (action.verb) {
      case Verb::listen:
        channels.insert(action.channel);
        board.listen(inbox, action.channel);
        break;
      case Verb::unlisten:
        channels.erase(action.channel);
        board.unlisten(inbox, action.channel);
        break;
      case Verb::unlisten_all:
        channels.clear();
        board.leave(inbox);
        break;
      case Verb::notify:
        if (said.insert({action.channel, action.payload}).second) sent.push_back({pid, action.channel, action.payload});
        break;
    }
  }
  if (!sent.empty()) board.publish(sent);
}

void PendingNotifications::rollback() {
  actions_.clear();
  marks_.clear();
}

void PendingNotifications::release(std::string_view name) {
  const auto found = std::ranges::find(marks_.rbegin(), marks_.rend(), name, &Mark::name);
  if (found != marks_.rend()) marks_.erase(std::prev(found.base()), marks_.end());
}

void PendingNotifications::rollback_to(std::string_view name) {
  const auto found = std::ranges::find(marks_.rbegin(), marks_.rend(), name, &Mark::name);
  if (found == marks_.rend()) return;
  actions_.resize(found->actions);
  marks_.erase(found.base(), marks_.end());
}

}  // namespace crossfade::session
