#pragma once

#include <cstdint>
#include <map>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite {

/// A session's part of the process's board of advisory locks: what only the clients of this process see. Its end gives them all back.
class AdvisoryLocks {
 public:
  struct Key {
    bool pair = false;  // of two integers: another space than that of one
    std::int64_t value = 0;
    auto operator<=>(const Key&) const = default;
  };
  enum class Mode : std::uint8_t { exclusive, shared };
  enum class Span : std::uint8_t { session, transaction };

  AdvisoryLocks() = default;
  ~AdvisoryLocks() { release_all(); }
  AdvisoryLocks(const AdvisoryLocks&) = delete;
  AdvisoryLocks& operator=(const AdvisoryLocks&) = delete;

  bool try_lock(Key key, Mode mode, Span span);
  /// Waits at most ten seconds. Errors: 55P03 then.
  model::Result<void> lock(Key key, Mode mode, Span span);
  /// false: the session does not hold it so.
  bool unlock(Key key, Mode mode);
  /// Some that outlive the transaction. From the session's own thread.
  bool holds_for_session() const;
  void release_transaction() { release(Span::transaction); }
  void release_all();

 private:
  struct Held { Key key; Mode mode; Span span; auto operator<=>(const Held&) const = default; };
  bool grant(const Held& wanted);
  void release(Span span);
  std::map<Held, int> held_;
};

}  // namespace crossfade::sqlite
