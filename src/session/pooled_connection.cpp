#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "pooled_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::size_t kResetReadBytes = 4'096;

/// Ends what may be left of a batch, then runs `text`. false: a transaction is open, or it failed.
asio::awaitable<bool> reset_session(postgres::Server& server, std::string text) {
  std::string bytes;
  wire::append_sync(bytes);
  wire::append_query(bytes, text);
  if (co_await postgres::send(server.upstream, std::move(bytes))) co_return false;
  for (int ready = 0; ready < 2;) {
    wire::Step step = server.reader.next();
    if (const auto* frame = std::get_if<wire::Frame>(&step)) {
      if (frame->type == 'E' || (frame->type == 'Z' && frame->body != "I")) co_return false;
      if (frame->type == 'S') server.note_parameter(frame->body);
      ready += frame->type == 'Z' ? 1 : 0;
      continue;
    }
    if (std::holds_alternative<wire::Refuse>(step)) co_return false;
    if (co_await postgres::receive(server.upstream, server.reader, kResetReadBytes)) co_return false;
  }
  co_return true;
}

}  // namespace

asio::awaitable<model::Result<postgres::Lease>> borrow_connection(Client& client, postgres::Pool& pool,
                                                                  std::shared_ptr<const postgres::Startup> startup) {
  const auto io = co_await asio::this_coro::executor;
  if (auto lease = pool.try_acquire(startup, client.pid, postgres::Upstream::context_of(io))) co_return lease;
  const auto place = std::make_shared<postgres::Place>(io);
  auto before = std::exchange(client.on_cancel, [place] {
    place->abandon({"57014"_state, "canceling statement due to user request"});
  });
  client.on_vanished = [place] { place->abandon({"08006"_state, "client connection lost"}); };
  client.on_drain = [&client, place] { place->abandon(client.shutdown_error()); };
  client.show(Activity::waiting);
  const auto begin = std::chrono::steady_clock::now();
  auto lease = co_await pool.acquire(std::move(startup), client.pid, place);
  const auto waited = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  pool.counters.waited_micros.fetch_add(static_cast<std::uint64_t>(waited.count()), std::memory_order_relaxed);
  client.on_cancel = std::move(before);
  client.on_vanished = nullptr;
  client.on_drain = nullptr;
  co_return lease;
}

asio::awaitable<void> return_connection(Hub::Impl& hub, postgres::Lease lease) {
  using namespace asio::experimental::awaitable_operators;
  if (hub.options.pool.reset.empty()) co_return;  // closed
  lease->statements.clear();
  lease->unnamed = 0;
  lease->drawn_by = 0;
  asio::steady_timer timer(co_await asio::this_coro::executor, hub.options.connect_timeout);
  const auto first = co_await (reset_session(*lease, hub.options.pool.reset) || timer.async_wait(asio::as_tuple(asio::use_awaitable)));
  if (first.index() == 0 && std::get<0>(first)) lease.give_back();
}

}  // namespace crossfade::session
