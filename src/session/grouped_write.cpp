#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include "crossfade/sql/lock_wait.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

/// A write that waits for its group. Lives on its client's io thread, where the group gives the answer.
struct GroupWait {
  explicit GroupWait(asio::any_io_executor io) : timer(std::move(io)) {}
  asio::steady_timer timer;
  std::optional<sqlite::GroupAnswer> answer;
  bool put_back = false;  // it has run, was undone, and waits in the queue again
};

/// A coroutine that is destroyed while it waits (the server stops) is not to be answered.
struct Withdrawal {
  sqlite::GroupCommit& groups;
  sqlite::GroupCommit::Id id;
  ~Withdrawal() { groups.withdraw(id); }
};

}  // namespace

/// A prepared write need not be translated to know that a group can take it.
bool FileSession::known_to_group(const Execution& execution) const {
  if (execution.prepared == nullptr || execution.prepared->translated == nullptr) return false;
  const sql::Translated& translated = *execution.prepared->translated;
  return session_.may_group(translated) && sql::fails_when_locked(*execution.statement).empty() && check_may_run(translated).has_value();
}

/// Waits for each of its turns at most lock_timeout; once it runs, until it is committed. A cancel takes it out of the queue, or ends it
/// while it runs. Nothing else may be asked of the session until then: the group uses it.
asio::awaitable<model::Result<sqlite::GroupAnswer>> FileSession::wait_for_group(sqlite::GroupWrite write) {
  if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
  const auto wait = std::make_shared<GroupWait>(co_await asio::this_coro::executor);
  write.answer = [wait](sqlite::GroupAnswer answer) {
    wait->answer.emplace(std::move(answer));
    wait->timer.cancel();
  };
  write.put_back = [wait] {
    wait->put_back = true;
    wait->timer.cancel();
  };
  const auto limit = lock_limit();
  wait->timer.expires_after(limit);
  const auto id = groups_.add(std::move(write));
  const Withdrawal at_end{groups_, id};
  client_.show(Activity::waiting);
  canceller_->set_wait(&wait->timer);
  canceller_->enter_engine();
  while (!wait->answer) {
    const auto [why] = co_await wait->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (wait->answer) break;
    if (std::exchange(wait->put_back, false) && !canceller_->reason()) {
      wait->timer.expires_after(limit);  // it waits anew
      continue;
    }
    if ((!why || canceller_->reason()) && groups_.withdraw(id)) break;
    // It runs: what ends it now is the engine's, unless it is put back.
    wait->timer.expires_at(asio::steady_timer::time_point::max());
  }
  canceller_->leave_engine();
  canceller_->set_wait(nullptr);
  client_.show(Activity::active);
  if (wait->answer) co_return *std::move(wait->answer);
  if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
  co_return std::unexpected(permit_timeout(limit));
}

asio::awaitable<FileSession::Status> FileSession::run_grouped(Execution execution) {
  wrote_ = true;
  sqlite::GroupWrite write;
  write.session = &session_;
  write.home = client_.home;
  write.values = execution.values;
  write.check = [&execution] { return check_formats(execution.formats); };
  bool stands = false;
  write.translate = [this, &execution, &stands](const plan::Schema& schema) -> model::Result<std::shared_ptr<const sql::Translated>> {
    CROSSFADE_TRY(auto translated, translate_under(schema, *execution.statement, execution.declared, execution.parameters()));
    if (execution.prepared != nullptr && differs(*execution.prepared, *translated)) return std::unexpected(plan_changed());
    stands = true;
    return translated;
  };
  write.forget = [this] {
    client_.settings.rollback();
    notifications_.rollback();
  };
  auto answer = co_await wait_for_group(std::move(write));
  if (!answer) {
    describe_failed(execution);
    co_return std::unexpected(std::move(answer).error());
  }
  if (!answer->cursor && !stands && execution.bound) take_back(*execution.bound);
  execution.translated = std::move(answer->statement);
  if (!answer->cursor) {
    if (session_.begun()) describe_failed(execution);
    co_return std::unexpected(std::move(answer->cursor).error());
  }
  auto batch = encode_rows(execution, **answer->cursor, execution.max_rows);  // its rows are in memory
  if (!batch) co_return std::unexpected(std::move(batch).error());
  co_return co_await send_result(std::move(execution), *std::move(answer->cursor), *std::move(batch));
}

}  // namespace crossfade::session
