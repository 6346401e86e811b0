#include "cancel_run.hpp"

#include <array>
#include <atomic>
#include <system_error>
#include <thread>

namespace crossfade::postgres {
namespace {

constexpr int kMostCancels = 64;  // that hang

std::atomic<int> cancels = 0;

}  // namespace

std::shared_ptr<CancelRun> CancelRun::start(std::shared_ptr<PGcancel> canceller) {
  if (cancels.fetch_add(1) >= kMostCancels) {
    --cancels;
    return nullptr;
  }
  auto made = std::make_shared<CancelRun>();
  try {
    std::thread([made, kept = std::move(canceller)] { made->run(kept.get()); }).detach();
  } catch (const std::system_error&) {
    --cancels;
    return nullptr;
  }
  return made;
}

void CancelRun::run(PGcancel* canceller) {
  std::array<char, 256> message{};
  const bool asked = PQcancel(canceller, message.data(), static_cast<int>(message.size())) != 0;
  --cancels;
  const std::scoped_lock lock(mutex_);
  state_ = asked ? State::arrived : State::failed;
  ended_.notify_all();
}

CancelRun::State CancelRun::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

CancelRun::State CancelRun::wait(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  ended_.wait_until(lock, until, [this] { return state_ != State::under_way; });
  return state_;
}

}  // namespace crossfade::postgres
