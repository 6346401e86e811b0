#include "canceller.hpp"

#include <boost/asio/post.hpp>

namespace crossfade::session {

using namespace model::literals;

namespace {
constexpr std::chrono::milliseconds kSayAgain{20};
}  // namespace

Canceller::Canceller(boost::asio::any_io_executor io, sqlite::Session& session) : session_(&session), io_(std::move(io)) {}

void Canceller::begin(std::chrono::milliseconds timeout) {
  running_ = true;
  ++statement_;
  reason_.reset();
  asked_ = false;
  if (timeout.count() == 0) return;
  if (deadline_ == nullptr) deadline_ = std::make_unique<boost::asio::steady_timer>(io_);
  deadline_->expires_after(timeout);
  deadline_->async_wait([weak = weak_from_this(), statement = statement_](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->statement_ == statement) self->cancel({"57014"_state, "canceling statement due to statement timeout"});
  });
}

void Canceller::end() {
  if (!running_) return;
  running_ = false;
  reason_.reset();  // it was this statement's
  if (deadline_ != nullptr) deadline_->cancel();
  again_.reset();
}

void Canceller::forget() {
  end();
  session_ = nullptr;
  withdraw_ = nullptr;
  wake_ = nullptr;
}

void Canceller::cancel(model::Error reason) {
  if (!running_ || reason_) return;
  reason_ = std::move(reason);
  asked_ = true;
  if (wait_ != nullptr) wait_->cancel();
  if (withdraw_) withdraw_();
  if (wake_) wake_();
  interrupt();
}

void Canceller::wake_soon() {
  boost::asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock(); self && self->wake_) self->wake_();
  });
}

void Canceller::interrupt() {
  if (!running_ || session_ == nullptr) return;
  if (in_engine_) session_->interrupt();
  if (again_ == nullptr) again_ = std::make_unique<boost::asio::steady_timer>(io_);
  again_->expires_after(kSayAgain);
  again_->async_wait([weak = weak_from_this(), statement = statement_](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && self->statement_ == statement) self->interrupt();
  });
}

}  // namespace crossfade::session
