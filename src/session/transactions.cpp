#include <algorithm>

#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;
using Verb = sql::TransactionControl::Verb;

asio::awaitable<FileSession::Status> FileSession::run_control(sql::TransactionControl control, std::string tag) {
  if (control.verb == Verb::begin) {
    use_defaults();
    if (session_.state() == sqlite::BlockState::idle) {
      deferrable_ = client_.settings.boolean("default_transaction_deferrable");
      chained_deferrable_.reset();
    }
  }
  if (control.deferrable && (control.verb == Verb::begin || control.verb == Verb::set_transaction)) deferrable_ = *control.deferrable;
  if (control.verb == Verb::set_session) {
    // SET SESSION CHARACTERISTICS changes the defaults.
    if (session_.state() == sqlite::BlockState::failed)
      co_return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
    if (control.isolation) {
      const std::array value{std::string(sql::kIsolationWords[static_cast<std::size_t>(*control.isolation)])};
      if (auto set = client_.settings.set("default_transaction_isolation", value, false); !set) co_return set;
    }
    if (control.read_only) {
      const std::array value{std::string(*control.read_only ? "on" : "off")};
      if (auto set = client_.settings.set("default_transaction_read_only", value, false); !set) co_return set;
    }
    if (control.deferrable) {
      const std::array value{std::string(*control.deferrable ? "on" : "off")};
      if (auto set = client_.settings.set("default_transaction_deferrable", value, false); !set) co_return set;
    }
    wire::append_command_complete(client_.channel.out(), tag);
    co_return Status{};
  }
  const bool commits = control.verb == Verb::commit && (session_.state() == sqlite::BlockState::in_block || implicit_);
  if (commits) {
    if (auto held = co_await hold_cursors(); !held) co_return co_await roll_back_instead(std::move(held).error());
    co_await drop_portals_to_commit();
  } else if (control.verb == Verb::commit || control.verb == Verb::rollback) {
    co_await drop_portals();
  }
  if (control.verb == Verb::rollback_to) co_await follow_savepoint(control);
  const bool starts_anew = control.chain && session_.state() == sqlite::BlockState::failed && savepoints_.empty();
  std::vector<model::Error> warnings;
  // The batch up to Sync is a transaction, though not what PostgreSQL calls a block: it warns, and does it.
  if (control.verb == Verb::set_transaction && implicit_ && !in_transaction_block())
    warnings.push_back({"25P01"_state, "SET TRANSACTION can only be used in transaction blocks"});
  if (control.verb == Verb::set_constraints && !in_transaction_block())
    warnings.push_back({"25P01"_state, "SET CONSTRAINTS can only be used in transaction blocks"});
  // The rows of cursors that a ROLLBACK TO leaves open are read before it, and SET CONSTRAINTS looks at tables: that is not brief.
  const bool looks = control.verb == Verb::set_constraints || (control.verb == Verb::rollback_to && has_cursors());
  const Lane lane = looks ? Lane::reads : Lane::brief;
  auto done = co_await engine([&] { return session_.control(control, warnings); }, lane);
  if (commits) co_await settle_held(done && *done == "COMMIT");
  for (const model::Error& warning : warnings) client_.send_notice(warning, wire::Severity::warning);
  if (!done) {
    if (control.verb == Verb::commit && session_.state() == sqlite::BlockState::idle) {
      client_.settings.rollback();
      notifications_.rollback();
    }
    co_return std::unexpected(std::move(done).error());
  }
  if (starts_anew) deferrable_ = chained_deferrable_.value_or(client_.settings.boolean("default_transaction_deferrable"));
  if (control.chain) chained_deferrable_ = deferrable_;
  if (control.verb == Verb::release) co_await follow_savepoint(control);
  follow_control(control, *done);
  // COMMIT of a failed block is a ROLLBACK; BEGIN may be said as START TRANSACTION.
  wire::append_command_complete(client_.channel.out(), done->empty() || control.verb == Verb::begin ? tag : *done);
  const bool goes_on = session_.state() != sqlite::BlockState::idle || implicit_;  // AND CHAIN, or in the middle of a batch
  if (commits && *done == "COMMIT" && goes_on) co_await hold_for_mirror();
  co_return Status{};
}

/// A COMMIT that cannot be: the block is rolled back and has ended.
asio::awaitable<FileSession::Status> FileSession::roll_back_instead(model::Error why) {
  co_await drop_portals();
  const sql::TransactionControl rollback{.verb = Verb::rollback, .name = {}, .isolation = {}, .read_only = {}, .deferrable = {}};
  std::vector<model::Error> warnings;
  (void)co_await engine([&] { return session_.control(rollback, warnings); }, Lane::brief);
  follow_control(rollback, "ROLLBACK");
  co_return std::unexpected(std::move(why));
}

/// Settings and the list of savepoints go along with the block. `tag`: what the engine made of it.
void FileSession::follow_control(const sql::TransactionControl& control, std::string_view tag) {
  const auto cut_after = [&](std::size_t extra) {
    const auto found = std::find(savepoints_.rbegin(), savepoints_.rend(), control.name);
    if (found != savepoints_.rend()) savepoints_.resize(static_cast<std::size_t>(savepoints_.rend() - found) - 1 + extra);
  };
  client_.settings.follow(control, tag);
  switch (control.verb) {
    case Verb::commit:
    case Verb::rollback:
      look_for_temporary_ = true;  // ON COMMIT DROP, or made in what was rolled back
      savepoints_.clear();
      if (tag == "COMMIT") commit_notifications();
      else notifications_.rollback();
      if (tag != "COMMIT") wrote_ = false;
      if (implicit_) client_.settings.begin();  // what follows in the batch is a transaction again
      break;
    case Verb::savepoint:
      savepoints_.push_back(control.name);
      notifications_.savepoint(control.name);
      break;
    case Verb::release:
      cut_after(0);
      notifications_.release(control.name);
      break;
    case Verb::rollback_to:
      cut_after(1);
      notifications_.rollback_to(control.name);
      break;
    case Verb::begin:
    case Verb::set_transaction:
    case Verb::set_session:
    case Verb::set_constraints: break;
  }
}

void FileSession::use_defaults() {
  if (session_.state() != sqlite::BlockState::idle) return;
  const std::string word = client_.settings.show("default_transaction_isolation").value_or("");
  const auto known = std::ranges::find(sql::kIsolationWords, word);
  const auto place = known == sql::kIsolationWords.end() ? 0 : known - sql::kIsolationWords.begin();
  const sqlite::BeginOptions wanted{static_cast<sql::Isolation>(place),
                                    client_.settings.boolean("default_transaction_read_only")};
  if (wanted.isolation == defaults_.isolation && wanted.read_only == defaults_.read_only) return;
  defaults_ = wanted;
  std::vector<model::Error> warnings;
  (void)session_.control({.verb = Verb::set_session,
                          .name = {},
                          .isolation = wanted.isolation,
                          .read_only = wanted.read_only,
                          .deferrable = {},
                          .chain = false},
                         warnings);
}

asio::awaitable<void> FileSession::begin_implicit() {
  if (implicit_ || session_.state() != sqlite::BlockState::idle) co_return;
  use_defaults();
  deferrable_ = client_.settings.boolean("default_transaction_deferrable");
  implicit_ = true;
  client_.settings.begin();
  co_await engine([this] {
    session_.begin_implicit();
    return true;
  }, Lane::brief);
}

asio::awaitable<FileSession::Status> FileSession::end_implicit(bool succeeded) {
  if (!std::exchange(implicit_, false)) co_return Status{};
  if (session_.state() != sqlite::BlockState::idle) {  // a BEGIN has made it the client's own block
    if (!succeeded) session_.mark_failed();
    co_return co_await engine([this] { return session_.end_implicit(); }, Lane::brief);
  }
  Status held;
  if (succeeded) held = co_await hold_cursors();
  if (!succeeded || !held) session_.mark_failed();
  const bool commits = succeeded && held.has_value();
  co_await (commits ? drop_portals_to_commit() : drop_portals());
  auto ended = co_await engine([this] { return session_.end_implicit(); }, Lane::brief);
  if (commits) co_await settle_held(ended.has_value());
  if (!held) ended = std::move(held);
  end_statement(succeeded && ended.has_value());
  if (commits && ended) co_await hold_for_mirror();
  co_return ended;
}

}  // namespace crossfade::session
