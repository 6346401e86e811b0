#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "crossfade/engine/sqlite/group_commit.hpp"
#include "database_impl.hpp"
#include "progress.hpp"

namespace crossfade::sqlite {

struct GroupMember {
  GroupCommit::Id id = 0;
  GroupWrite write;
  bool alone = false;  // it was in a group, and has to have a transaction of its own
};

/// A write with what became of it.
struct GroupDone {
  GroupMember member;
  GroupAnswer answer;
};

/// The SQLite transaction of one group. On the thread of the permit's holder; used in the order begin, run …, commit,
/// take_alone.
class GroupTransaction {
 public:
  /// BEGIN IMMEDIATE on the writer's connection. Errors: 55P03 another process writes; those of opening the file.
  static model::Result<GroupTransaction> begin(Database& database);
  GroupTransaction(GroupTransaction&&) noexcept = default;

  /// false: the group has lasted long enough, or its transaction is gone, or is one member's alone.
  bool takes_more() const;
  void run(GroupMember member);
  /// COMMIT. All that were given to run() are in the result, but for those of take_alone().
  std::vector<GroupDone> commit();
  /// Undone, and to be run in a transaction of their own each.
  std::vector<GroupMember> take_alone();

 private:
  using Clock = std::chrono::steady_clock;
  /// Shared with the watch, so it stays where it is.
  struct Patience { Clock::time_point until; bool others_wait = false; bool spent = false; };
  enum class Fate : std::uint8_t { kept, undone, alone, lost };

  GroupTransaction(std::unique_ptr<Database::Lease> lease, std::chrono::milliseconds lasts);
  GroupAnswer attempt(const GroupWrite& write);
  Fate judge(const GroupMember& member, const GroupAnswer& answer);
  void lose();
  model::Result<void> own(std::string_view sql);
  Connection& connection() { return lease_->connection; }

  std::unique_ptr<Database::Lease> lease_;
  std::shared_ptr<const plan::Schema> schema_;
  std::chrono::milliseconds lasts_;
  Clock::time_point closes_;
  std::unique_ptr<Patience> patience_;
  std::unique_ptr<ProgressWatch> watch_;
  bool lost_ = false, private_ = false;
  std::vector<GroupDone> kept_;     // wait for the COMMIT
  std::vector<GroupDone> decided_;  // theirs is an error of their own
  std::vector<GroupMember> alone_;
};

}  // namespace crossfade::sqlite
