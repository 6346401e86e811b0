#include "crossfade/engine/postgres/upstream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <future>

#include "server.hpp"

namespace asio = boost::asio;
using namespace crossfade;
using postgres::Upstream;

namespace {

using Options = std::map<std::string, std::string>;

/// 'Q' as the protocol writes it.
std::string query_message(std::string_view sql) {
  const auto length = static_cast<std::uint32_t>(sql.size() + 5);
  std::string message = "Q";
  for (int shift = 24; shift >= 0; shift -= 8) message += static_cast<char>(length >> shift & 0xff);
  return message.append(sql).append(1, '\0');
}

/// Sends bytes and reads until ReadyForQuery of an idle session ("Z", length 5, "I").
asio::awaitable<std::string> exchange(Upstream& upstream, std::string bytes) {
  co_await asio::async_write(upstream.socket(), asio::buffer(bytes), asio::use_awaitable);
  const std::string ready{"Z\0\0\0\5I", 6};
  std::string answer, part(4096, '\0');
  while (!answer.ends_with(ready)) {
    const std::size_t count = co_await upstream.socket().async_read_some(asio::buffer(part), asio::use_awaitable);
    answer.append(part, 0, count);
  }
  co_return answer;
}

template <class T>
T run(asio::awaitable<T> work) {
  asio::io_context context;
  auto done = asio::co_spawn(context, std::move(work), boost::asio::use_future);
  context.run();
  return done.get();
}

asio::awaitable<std::string> ask(postgres::Conninfo conninfo, Options options, std::string sql) {
  auto upstream = co_await Upstream::connect(std::move(conninfo), std::move(options), std::chrono::seconds{5});
  if (!upstream) co_return std::string{upstream.error().state.code()} + " " + upstream.error().message;
  const std::string answer = co_await exchange(**upstream, query_message(sql));
  co_return answer + "|" + (*upstream)->parameters().at("TimeZone") + "|" + std::to_string((*upstream)->backend_pid());
}

/// A cancel that comes before the statement has begun cancels nothing, as in PostgreSQL.
asio::awaitable<std::string> cancelled(postgres::Conninfo conninfo) {
  auto watcher = co_await Upstream::connect(conninfo, {}, std::chrono::seconds{5});
  auto upstream = co_await Upstream::connect(std::move(conninfo), {}, std::chrono::seconds{5});
  if (!upstream || !watcher) co_return "not connected";
  co_await asio::async_write((*upstream)->socket(), asio::buffer(query_message("SELECT pg_sleep(20)")), asio::use_awaitable);
  const std::string sleeps = "SELECT 'sleeping: ' || (wait_event = 'PgSleep') FROM pg_stat_activity WHERE pid = " + std::to_string((*upstream)->backend_pid());
  for (int i = 0; i < 10'000; ++i)
    if ((co_await exchange(**watcher, query_message(sleeps))).find("sleeping: true") != std::string::npos) break;
  co_await (*upstream)->cancel();
  const std::string ended = co_await exchange(**upstream, "");
  co_return ended + co_await exchange(**upstream, query_message("SELECT 'after'"));
}

}  // namespace

TEST_CASE("an upstream is idle and its socket ours, with the client's start-up parameters in force") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  const Options options{{"TimeZone", "Europe/Berlin"}, {"application_name", "a b\\c"}, {"options", "-c work_mem=7MB"},
                        {"search_path", "one, two"},  {"user", "ignored"},            {"_pq_.x", "1"}};
  const std::string answer = run(ask(*conninfo, options,
                                     "SELECT current_setting('application_name') || ';' || current_setting('work_mem') || ';' || "
                                     "current_setting('search_path')"));
  INFO(answer);
  CHECK(answer.find("a b\\c;7MB;one, two") != std::string::npos);
  CHECK(answer.find("|Europe/Berlin|") != std::string::npos);
}

TEST_CASE("an upstream that refuses says why with the server's SQLSTATE") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  CHECK(run(ask(*conninfo, {{"database", "no_such_db"}}, "")) == "3D000 database \"no_such_db\" does not exist");
  CHECK(run(ask(*conninfo, {{"replication", "database"}}, "")) == "0A000 replication connections are not relayed");
  CHECK(run(ask(conninfo->with("port", "1"), {}, "")).starts_with("08001 cannot connect to PostgreSQL"));
}

TEST_CASE("cancelling an upstream ends what runs there, and the session goes on") {
  const auto conninfo = tests::server();
  if (!conninfo) return;
  const std::string answer = run(cancelled(*conninfo));
  CHECK(answer.find("C57014") != std::string::npos);
  CHECK(answer.find("after") != std::string::npos);
}
