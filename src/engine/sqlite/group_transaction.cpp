#include "group_transaction.hpp"

#include <exception>
#include <string>
#include <utility>

#include "connection_impl.hpp"
#include "crossfade/observe/failpoint.hpp"
#include "crossfade/observe/log.hpp"
#include "violation_detail.hpp"

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

model::Error rolled_back() { return {"40000"_state, "SQLite has rolled back the whole transaction"}; }

}  // namespace

GroupTransaction::GroupTransaction(std::unique_ptr<Database::Lease> lease, std::chrono::milliseconds lasts)
    : lease_(std::move(lease)), lasts_(lasts), closes_(Clock::now() + lasts), patience_(std::make_unique<Patience>()) {}

model::Result<GroupTransaction> GroupTransaction::begin(Database& database) {
  CROSSFADE_TRY(auto lease, database.lease_writer());
  GroupTransaction group{std::move(lease), database.options().group_patience};
  CROSSFADE_CHECK(group.own("BEGIN IMMEDIATE"));
  CROSSFADE_TRY(group.schema_, database.schema(group.connection()));
  Patience* const patience = group.patience_.get();
  group.watch_ = std::make_unique<ProgressWatch>(group.connection().internals(), [patience] {
    patience->spent = patience->others_wait && Clock::now() > patience->until;
    return patience->spent;
  });
  return group;
}

model::Result<void> GroupTransaction::own(std::string_view sql) {
  const AuthorScope scope{connection().internals(), Author::proxy};
  CROSSFADE_TRY(Statement* const statement, connection().cached(sql));
  return statement->run();
}

bool GroupTransaction::takes_more() const { return !lost_ && !private_ && Clock::now() < closes_; }

/// A broken invariant is one member's error too.
GroupAnswer GroupTransaction::attempt(const GroupWrite& write) {
  try {
    auto translated = write.translate(*schema_);
    if (!translated) return {nullptr, std::unexpected(std::move(translated).error())};
    auto cursor = write.session->start_grouped(connection(), **translated, write.values, write.check);
    return {*std::move(translated), std::move(cursor)};
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "a grouped write failed", {{"what", failure.what()}});
    return {nullptr, model::fail("XX000"_state, std::string("internal error: ") + failure.what())};
  }
}

void GroupTransaction::run(GroupMember member) {
  if (member.alone && !kept_.empty()) {
    private_ = true;  // its turn is the next group
    alone_.push_back(std::move(member));
    return;
  }
  private_ = member.alone;
  if (member.alone && member.write.forget) member.write.forget();
  *patience_ = {.until = Clock::now() + lasts_, .others_wait = !kept_.empty()};
  if (auto opened = own("SAVEPOINT crossfade_member"); !opened) {
    decided_.push_back({std::move(member), {nullptr, std::unexpected(std::move(opened).error())}});
    return;
  }
  GroupAnswer answer = attempt(member.write);
  switch (judge(member, answer)) {
    case Fate::kept: kept_.push_back({std::move(member), std::move(answer)}); break;
    case Fate::undone: decided_.push_back({std::move(member), std::move(answer)}); break;
    case Fate::alone: alone_.push_back(std::move(member)); break;
    case Fate::lost:
      if (answer.cursor) answer.cursor = std::unexpected(rolled_back());
      decided_.push_back({std::move(member), std::move(answer)});
      break;
  }
  if (!connection().in_transaction()) lose();
}

/// What is to become of the write that has just run, and its savepoint closed accordingly.
GroupTransaction::Fate GroupTransaction::judge(const GroupMember& member, const GroupAnswer& answer) {
  const bool held_up = !answer.cursor && patience_->spent;
  if (!connection().in_transaction()) return held_up ? Fate::alone : Fate::lost;
  const bool broken = !member.alone && answer.cursor && has_open_references(connection());  // COMMIT would fail, for everybody
  const Fate fate = held_up || broken ? Fate::alone : answer.cursor ? Fate::kept : Fate::undone;
  if (fate != Fate::kept) (void)own("ROLLBACK TO crossfade_member");
  (void)own("RELEASE crossfade_member");
  return fate;
}

/// SQLite has undone all of it: those that had gone well run again, before what was to run alone already.
void GroupTransaction::lose() {
  lost_ = true;
  std::vector<GroupMember> again;
  for (GroupDone& done : kept_) again.push_back(std::move(done.member));
  for (GroupMember& member : alone_) again.push_back(std::move(member));
  alone_ = std::move(again);
  kept_.clear();
}

std::vector<GroupDone> GroupTransaction::commit() {
  *patience_ = {};
  if (!lost_) {
    if (!kept_.empty()) observe::failpoint("group-written");
    const auto committed = own(kept_.empty() ? "ROLLBACK" : "COMMIT");
    if (!kept_.empty()) observe::failpoint("group-committed");  // and nobody was told
    if (!committed)
      for (GroupDone& done : kept_) done.answer.cursor = std::unexpected(committed.error());
    if (connection().in_transaction()) (void)own("ROLLBACK");
  }
  connection().internals().context = nullptr;
  connection().internals().catalog = nullptr;
  std::vector<GroupDone> all = std::move(kept_);
  for (GroupDone& done : decided_) all.push_back(std::move(done));
  return all;
}

std::vector<GroupMember> GroupTransaction::take_alone() {
  for (GroupMember& member : alone_) member.alone = true;
  return std::move(alone_);
}

}  // namespace crossfade::sqlite
