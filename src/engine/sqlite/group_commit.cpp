#include "crossfade/engine/sqlite/group_commit.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>

#include "group_transaction.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

struct GroupCommit::Impl : std::enable_shared_from_this<GroupCommit::Impl> {
  Impl(Database& served, GroupThreads with) : database(served), threads(std::move(with)) {}

  Database& database;
  GroupThreads threads;
  mutable std::mutex mutex;  // of what follows
  std::deque<GroupMember> queue;  // those that run alone first
  Id last_id = 0;
  bool asked = false;  // for the permit, or a group runs

  void ask();
  void lead(Permit permit);
  void run();
  void refuse(Id newest, const model::Error& error);
  void deliver(std::vector<GroupDone> answers);
  void put_back(std::vector<GroupMember> again);
  std::optional<GroupMember> next(Id newest);
  Id newest() const;
};

GroupCommit::GroupCommit(Database& database, GroupThreads threads)
    : impl_(std::make_shared<Impl>(database, std::move(threads))) {}
GroupCommit::~GroupCommit() = default;

GroupCommit::Id GroupCommit::add(GroupWrite write) {
  Id id;
  bool first;
  {
    const std::lock_guard lock{impl_->mutex};
    id = ++impl_->last_id;
    impl_->queue.push_back({.id = id, .write = std::move(write)});
    first = !std::exchange(impl_->asked, true);
  }
  if (first) impl_->ask();
  return id;
}

bool GroupCommit::withdraw(Id id) {
  const std::lock_guard lock{impl_->mutex};
  return std::erase_if(impl_->queue, [&](const GroupMember& member) { return member.id == id; }) != 0;
}

std::size_t GroupCommit::waiting() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->queue.size();
}

void GroupCommit::Impl::ask() {
  std::int32_t pid = 0;
  {
    const std::lock_guard lock{mutex};
    if (!queue.empty()) pid = queue.front().write.session->context().backend_pid;
  }
  database.permits().acquire(
      [self = shared_from_this()](Permit permit) {
        self->threads.engine([self, permit = std::move(permit)]() mutable { self->lead(std::move(permit)); });
      },
      pid);
}

void GroupCommit::Impl::lead(Permit permit) {
  run();
  bool more;
  {
    const std::lock_guard lock{mutex};
    more = asked = !queue.empty();
  }
  if (more) ask();
  permit.release();
}

void GroupCommit::Impl::deliver(std::vector<GroupDone> answers) {
  while (!answers.empty()) {
    const std::size_t home = answers.front().member.write.home;
    const auto others = std::stable_partition(answers.begin(), answers.end(), [home](const GroupDone& done) { return done.member.write.home == home; });
    std::vector<GroupDone> there(std::make_move_iterator(answers.begin()), std::make_move_iterator(others));
    answers.erase(answers.begin(), others);
    threads.deliver(home, [there = std::move(there)]() mutable {
      for (GroupDone& done : there) done.member.write.answer(std::move(done.answer));
    });
  }
}

GroupCommit::Id GroupCommit::Impl::newest() const {
  const std::lock_guard lock{mutex};
  return last_id;
}

/// Those that came later than `newest` have a group of their own: this one ends.
std::optional<GroupMember> GroupCommit::Impl::next(Id newest) {
  const std::lock_guard lock{mutex};
  if (queue.empty() || queue.front().id > newest) return std::nullopt;
  GroupMember member = std::move(queue.front());
  queue.pop_front();
  return member;
}

void GroupCommit::Impl::refuse(Id newest, const model::Error& error) {
  std::vector<GroupDone> refused;
  while (auto member = next(newest)) refused.push_back({*std::move(member), {nullptr, std::unexpected(error)}});
  deliver(std::move(refused));
}

/// Writes stay in the queue, where they can be withdrawn, until their turn: while another process holds the file up, too.
void GroupCommit::Impl::run() {
  const Id came_before = newest();
  auto group = GroupTransaction::begin(database);
  if (!group) return refuse(came_before, group.error());
  const Id company = newest();
  while (group->takes_more()) {
    auto member = next(company);
    if (!member) break;
    group->run(*std::move(member));
  }
  deliver(group->commit());
  put_back(group->take_alone());
}

void GroupCommit::Impl::put_back(std::vector<GroupMember> again) {
  std::vector<std::pair<std::size_t, std::function<void()>>> told;
  for (const GroupMember& member : again)
    if (member.write.put_back) told.emplace_back(member.write.home, member.write.put_back);
  {
    const std::lock_guard lock{mutex};
    queue.insert(queue.begin(), std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
  }
  for (auto& [home, tell] : told) threads.deliver(home, std::move(tell));
}

}  // namespace crossfade::sqlite
