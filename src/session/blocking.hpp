#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace crossfade::session {

/// Runs `work` on a thread of `pool` and comes back to this coroutine's executor with its result (or its exception).
/// Lifetime: what `work` refers to must live until then; the coroutine's frame does.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work>> on_pool(boost::asio::thread_pool& pool, Work work) {
  using T = std::invoke_result_t<Work>;
  const auto io = co_await boost::asio::this_coro::executor;
  std::optional<T> result;
  std::exception_ptr thrown;
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
      [&](auto handler) {
        boost::asio::post(pool, [&, handler = std::move(handler)]() mutable {
          try {
            result.emplace(work());
          } catch (...) {
            thrown = std::current_exception();
          }
          boost::asio::post(io, std::move(handler));
        });
      },
      boost::asio::use_awaitable);
  if (thrown) std::rethrow_exception(thrown);
  co_return std::move(*result);
}

}  // namespace crossfade::session
