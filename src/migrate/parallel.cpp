#include "parallel.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace crossfade::migrate {

model::Result<void> run_parallel(std::size_t count, int threads, const std::function<model::Result<void>(std::size_t, std::size_t)>& run) {
  std::atomic<std::size_t> next{0};
  std::mutex guard;
  std::optional<model::Error> first;
  const auto work = [&](std::size_t worker) {
    while (true) {
      const std::size_t item = next.fetch_add(1);
      if (item >= count) return;
      auto done = run(item, worker);
      if (done) continue;
      next = count;
      const std::scoped_lock lock(guard);
      if (!first) first = std::move(done).error();
    }
  };
  {
    std::vector<std::jthread> others;
    const auto wanted = std::min(count, static_cast<std::size_t>(std::max(threads, 1)));
    for (std::size_t worker = 1; worker < wanted; ++worker) others.emplace_back(work, worker);
    work(0);
  }
  if (first) return std::unexpected(*std::move(first));
  return {};
}

}  // namespace crossfade::migrate
