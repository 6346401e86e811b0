#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/wire/frame_reader.hpp"

namespace crossfade::session {

/// Which of a client's messages the server has still to answer, from their types alone; no I/O. After an error in the extended protocol
/// the server passes over everything up to the Sync, a Query too.
class AnswersDue {
 public:
  void sent(char type);
  void received(const wire::Frame& frame);
  /// Everything was answered, no block is open, nor the transaction of a batch that lacks its Sync.
  bool quiet() const { return first_ == due_.size() && !unsynced_ && !skipping_ && status_ == 'I'; }

 private:
  struct Due { char type; bool copy_ended = false; };  // of an Execute: CopyDone or CopyFail went after it
  static bool ends_batch(const Due& one) { return one.type == 'Q' || one.type == 'S' || one.type == 'F'; }
  bool none() const { return first_ == due_.size(); }
  void drop_first();
  void drop_until(std::vector<Due>::iterator end);
  void received_error();

  std::vector<Due> due_;  // from first_ on
  std::size_t first_ = 0;
  char status_ = 'I';
  bool unsynced_ = false;
  bool skipping_ = false;
};

}  // namespace crossfade::session
