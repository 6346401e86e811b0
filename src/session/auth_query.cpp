#include "auth_query.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crossfade/model/text_format.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/wire/frontend.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kFailureLasts{500};  // those who queued up behind a failure need not each wait for it

/// PostgreSQL cannot be asked at all. All else may be the doing of the name that was asked about, and is nobody else's matter.
bool concerns_everybody(const model::Error& error) {
  constexpr std::array<std::string_view, 3> kStates{"08", "53", "57P"};
  return std::ranges::any_of(kStates, [&error](std::string_view state) { return error.state.code().starts_with(state); });
}

model::Error not_found_out(model::SqlState state, const std::string& user) {
  return {state, "the password of user \"" + user + "\" could not be looked up"};
}

}  // namespace

asio::awaitable<AuthQuery::Found> AuthQuery::ask(std::string query, std::string user) {
  if (!wire::check_utf8(user)) co_return std::optional<std::string>{};  // no role's name: PostgreSQL would say 22021
  std::call_once(begun_, [this] { thread_ = std::make_unique<asio::thread_pool>(1); });
  co_return co_await asio::co_spawn(*thread_, ask_here(std::move(query), std::move(user)), asio::use_awaitable);
}

asio::awaitable<AuthQuery::Found> AuthQuery::ask_here(std::string query, std::string user) {
  if (failure_ && std::chrono::steady_clock::now() - failed_at_ < kFailureLasts) co_return std::unexpected(not_found_out(failure_->state, user));
  const bool fresh = !connection_;
  auto found = run(query, user);
  if (!found && !fresh && found.error().state.family() == "08") {  // it was closed since it was used last
    connection_.reset();
    found = run(query, user);
  }
  failure_.reset();
  if (found) co_return found;
  const model::Error& error = found.error();
  observe::log(observe::Level::warn, "auth_query failed", {{"user", user}, {"sqlstate", std::string(error.state.code())}, {"message", error.message}});
  if (connection_ && !connection_->healthy()) connection_.reset();  // a passed deadline, too
  if (!connection_ || concerns_everybody(error)) {
    failure_ = error;
    failed_at_ = std::chrono::steady_clock::now();
  }
  co_return std::unexpected(not_found_out(error.state, user));
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
