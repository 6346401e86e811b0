#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::session {

/// Verifiers of users, asked of PostgreSQL: one connection that stays, one question at a time, on a thread of its own.
class AuthQuery {
 public:
  AuthQuery(postgres::Conninfo conninfo, std::chrono::milliseconds timeout) : conninfo_(std::move(conninfo)), timeout_(timeout) {}

  /// The last column of the first row of `query`, $1 being `user`; nothing: there is no row, or it is NULL.
  /// Errors: 08001 and the server's, said to the log; what the client is told says nothing of PostgreSQL.
  boost::asio::awaitable<model::Result<std::optional<std::string>>> ask(std::string query, std::string user);
  /// No more questions; those that wait are thrown away. While the io_contexts of those who asked are still there.
  void end() { thread_.reset(); }

 private:
  using Found = model::Result<std::optional<std::string>>;
  boost::asio::awaitable<Found> ask_here(std::string query, std::string user);
  Found run(const std::string& query, const std::string& user);

  const postgres::Conninfo conninfo_;
  const std::chrono::milliseconds timeout_;
  std::optional<postgres::Connection> connection_;  // on the thread, like what follows
  std::chrono::steady_clock::time_point failed_at_{};
  std::optional<model::Error> failure_;
  std::once_flag begun_;
  std::unique_ptr<boost::asio::thread_pool> thread_;  // from the first question on; the last member: its work uses the others
};

}  // namespace crossfade::session
