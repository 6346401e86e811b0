#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine_pool.hpp"

namespace crossfade::session {

/// Runs `work` on a thread of `pool` and comes back to this coroutine's executor with its result (or its exception); empty when it
/// was withdrawn by the ticket, which is set before this coroutine is left.
/// Lifetime: what `work` and `ticket` refer to must live until then; the coroutine's frame does.
template <class Work>
boost::asio::awaitable<std::optional<std::invoke_result_t<Work>>> on_lane(EnginePool& pool, Lane lane, Work work,
                                                                          EnginePool::Ticket* ticket = nullptr) {
  using T = std::invoke_result_t<Work>;
  const auto io = co_await boost::asio::this_coro::executor;
  std::optional<T> result;
  std::exception_ptr thrown;
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
      [&](auto handler) {
        const auto posted = pool.post(lane, [&, handler = std::move(handler)](EnginePool::Turn turn) mutable {
          try {
            if (turn == EnginePool::Turn::run) result.emplace(work());
          } catch (...) {
            thrown = std::current_exception();
          }
          boost::asio::post(io, std::move(handler));
        });
        if (ticket != nullptr) *ticket = posted;
      },
      boost::asio::use_awaitable);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(result);
}

/// The same for what is never withdrawn.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> on_pool(EnginePool& pool, Work work, Lane lane = Lane::reads) {
  auto result = co_await on_lane(pool, lane, std::move(work));
  co_return std::move(*result);
}

}  // namespace crossfade::session
