#include "silences.hpp"

#include <algorithm>

namespace crossfade::session {

namespace {
constexpr std::chrono::milliseconds kTick{500};
}  // namespace

boost::asio::execution_context::id Silences::id;

Silences::Silences(boost::asio::execution_context& context)
    : boost::asio::execution_context::service(context), timer_(static_cast<boost::asio::io_context&>(context)) {}

void Silences::shutdown() { timer_.reset(); }

void Silences::Place::leave() {
  if (line_ == nullptr) return;
  (before_ != nullptr ? before_->after_ : line_->first) = after_;
  (after_ != nullptr ? after_->before_ : line_->last) = before_;
  before_ = after_ = nullptr;
  line_ = nullptr;
}

void Silences::wait(Place& place, boost::asio::execution_context& context, Kind kind, std::chrono::milliseconds time) {
  place.leave();
  if (place.io_ == nullptr) place.io_ = &boost::asio::use_service<Silences>(context);
  const auto ticks = static_cast<std::uint64_t>((time + kTick - std::chrono::milliseconds(1)) / kTick);
  place.io_->add(place, place.io_->lines_[static_cast<std::size_t>(kind)], ticks);
}

/// The tick that comes next may be there at once: one more. A line's order is kept also where its time was changed in between.
void Silences::add(Place& place, Line& line, std::uint64_t ticks) {
  place.due_ = now_ + ticks + 1;
  Place* before = line.last;
  while (before != nullptr && before->due_ > place.due_) before = before->before_;
  place.line_ = &line;
  place.before_ = before;
  place.after_ = before != nullptr ? before->after_ : line.first;
  (before != nullptr ? before->after_ : line.first) = &place;
  (place.after_ != nullptr ? place.after_->before_ : line.last) = &place;
  if (!ticking_) set_timer();
}

void Silences::set_timer() {
  if (!timer_) return;
  ticking_ = true;
  timer_->expires_after(kTick);
  timer_->async_wait([this](boost::system::error_code failed) {
    if (!failed) tick();
  });
}

void Silences::tick() {
  ++now_;
  for (Line& line : lines_) {
    while (line.first != nullptr && line.first->due_ <= now_) {
      Place& place = *line.first;
      place.leave();
      place.silent();
    }
  }
  ticking_ = std::ranges::any_of(lines_, [](const Line& line) { return line.first != nullptr; });
  if (ticking_) set_timer();
}

}  // namespace crossfade::session
