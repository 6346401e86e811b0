#include "auth_query.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crossfade/model/text_format.hpp"
#include "crossfade/observe/log.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kFailureLasts{500};  // those who queued up behind a failure need not each wait for it

}  // namespace

asio::awaitable<AuthQuery::Found> AuthQuery::ask(std::string query, std::string user) {
  std::call_once(begun_, [this] { thread_ = std::make_unique<asio::thread_pool>(1); });
  co_return co_await asio::co_spawn(*thread_, ask_here(std::move(query), std::move(user)), asio::use_awaitable);
}

asio::awaitable<AuthQuery::Found> AuthQuery::ask_here(std::string query, std::string user) {
  const auto now = std::chrono::steady_clock::now();
  if (!failure_ || now - failed_at_ >= kFailureLasts) {
    const bool fresh = !connection_;
    auto found = run(query, user);
    if (!found && !fresh && found.error().state.family() == "08") {  // it was closed since it was used last
      connection_.reset();
      found = run(query, user);
    }
    failure_.reset();
    if (found) co_return found;
    if (!connection_ || !connection_->healthy()) connection_.reset();
    failure_ = found.error();
    failed_at_ = std::chrono::steady_clock::now();
    observe::log(observe::Level::warn, "auth_query failed", {{"user", user}, {"sqlstate", std::string(failure_->state.code())}, {"message", failure_->message}});
  }
  co_return model::fail(failure_->state, "the password of user \"" + user + "\" could not be looked up");
}

AuthQuery::Found AuthQuery::run(const std::string& query, const std::string& user) {
  if (!connection_) {
    CROSSFADE_TRY(connection_, postgres::Connection::connect(conninfo_, timeout_, "crossfade auth query"));
  }
  connection_->set_deadline(std::chrono::steady_clock::now() + timeout_);
  const std::array parameters{postgres::Parameter{user, {model::oid::unknown, -1}}};
  CROSSFADE_TRY(const model::ResultSet set, connection_->query(query, parameters));
  if (set.rows.empty() || set.rows.front().empty() || model::is_null(set.rows.front().back())) return std::optional<std::string>{};
  return std::optional(model::to_text(set.rows.front().back(), set.columns.back().type));
}

}  // namespace crossfade::session
