#pragma once

#include <cstddef>
#include <functional>

#include "crossfade/model/error.hpp"

namespace crossfade::migrate {

/// Runs items 0 … count - 1, each once, on at most `threads` threads (the caller's is one of them), in order of their numbers as threads come
/// free. `worker` is the thread's number from 0. After an error no item is begun any more; the first error is the answer.
model::Result<void> run_parallel(std::size_t count, int threads, const std::function<model::Result<void>(std::size_t item, std::size_t worker)>& run);

}  // namespace crossfade::migrate
