#include "answers_due.hpp"

#include <algorithm>

namespace crossfade::session {

void AnswersDue::drop_first() {
  if (++first_ < due_.size()) return;
  due_.clear();
  first_ = 0;
}

void AnswersDue::drop_until(std::vector<Due>::iterator end) {
  first_ = static_cast<std::size_t>(end - due_.begin());
  if (first_ < due_.size()) return;
  due_.clear();
  first_ = 0;
}

void AnswersDue::sent(char type) {
  if (skipping_ && type != 'S') return;
  switch (type) {
    case 'S': skipping_ = false; [[fallthrough]];
    case 'Q':
    case 'F':
      unsynced_ = false;
      due_.push_back({type});
      break;
    case 'P':
    case 'B':
    case 'D':
    case 'C':
    case 'E':
      unsynced_ = true;
      due_.push_back({type});
      break;
    case 'c':
    case 'f':
      if (!none() && due_.back().type == 'E') due_.back().copy_ended = true;
      break;
    default: break;
  }
}

/// What follows an error in its batch is passed over up to the Sync; a Query or FunctionCall has its own end.
void AnswersDue::received_error() {
  const auto begin = due_.begin() + static_cast<std::ptrdiff_t>(first_);
  const bool of_query = none() || ends_batch(*begin);
  const auto end = std::find_if(begin, due_.end(), [&](const Due& one) { return of_query ? ends_batch(one) : one.type == 'S'; });
  skipping_ = end == due_.end() && !of_query;
  if (skipping_) unsynced_ = false;  // the Sync is waited for all the same
  drop_until(end);
}

void AnswersDue::received(const wire::Frame& frame) {
  const char first = none() ? '\0' : due_[first_].type;
  switch (frame.type) {
    case 'Z': {
      status_ = frame.body[0];
      const auto end = std::find_if(due_.begin() + static_cast<std::ptrdiff_t>(first_), due_.end(), ends_batch);
      return drop_until(end == due_.end() ? end : end + 1);
    }
    case 'E': return received_error();
    case '1': if (first == 'P') drop_first(); break;
    case '2': if (first == 'B') drop_first(); break;
    case '3': if (first == 'C') drop_first(); break;
    case 'T':
    case 'n': if (first == 'D') drop_first(); break;
    case 'C':
    case 'I':
    case 's': if (first == 'E') drop_first(); break;
    case 'G':
      // While it takes COPY data PostgreSQL passes over a Sync: only one that goes after the data's end is answered.
      if (first != 'E' || due_[first_].copy_ended) break;
      due_.erase(std::remove_if(due_.begin() + static_cast<std::ptrdiff_t>(first_), due_.end(), ends_batch), due_.end());
      unsynced_ = true;
      break;
    default: break;
  }
}

}  // namespace crossfade::session
