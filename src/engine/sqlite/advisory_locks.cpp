#include "crossfade/engine/sqlite/advisory_locks.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

/// Who holds a key: one exclusively (however often), or several in shared mode.
struct AdvisoryEntry { const void* owner = nullptr; int exclusive = 0; std::map<const void*, int> shared; };

struct AdvisoryBoard {
  std::mutex mutex;
  std::condition_variable freed;
  std::map<AdvisoryLocks::Key, AdvisoryEntry> entries;
};
AdvisoryBoard& board() {
  static AdvisoryBoard one;
  return one;
}

bool others_share(const AdvisoryEntry& entry, const void* self) { return entry.shared.size() > (entry.shared.contains(self) ? 1U : 0U); }

}  // namespace

/// The board's mutex is held.
bool AdvisoryLocks::grant(const Held& wanted) {
  AdvisoryEntry& entry = board().entries[wanted.key];
  if (entry.exclusive > 0 && entry.owner != this) return false;
  if (wanted.mode == Mode::exclusive) {
    if (others_share(entry, this)) return false;
    entry.owner = this;
    ++entry.exclusive;
  } else {
    ++entry.shared[this];
  }
  ++held_[wanted];
  return true;
}

bool AdvisoryLocks::try_lock(Key key, Mode mode, Span span) {
  const std::lock_guard lock{board().mutex};
  return grant({key, mode, span});
}

model::Result<void> AdvisoryLocks::lock(Key key, Mode mode, Span span) {
  constexpr std::chrono::seconds kPatience{10};
  std::unique_lock lock{board().mutex};
  if (board().freed.wait_for(lock, kPatience, [&] { return grant({key, mode, span}); })) return {};
  return model::fail("55P03"_state, "canceling statement due to lock timeout", {}, "On SQLite an advisory lock is waited for ten seconds; pg_try_advisory_lock() says at once.");
}

namespace {

/// The board's mutex is held.
void give_back(AdvisoryLocks::Key key, AdvisoryLocks::Mode mode, const void* self, int times) {
  const auto found = board().entries.find(key);
  if (found == board().entries.end()) return;
  AdvisoryEntry& entry = found->second;
  if (mode == AdvisoryLocks::Mode::exclusive) {
    entry.exclusive -= times;
    if (entry.exclusive == 0) entry.owner = nullptr;
  } else if ((entry.shared[self] -= times) == 0) {
    entry.shared.erase(self);
  }
  if (entry.exclusive == 0 && entry.shared.empty()) board().entries.erase(found);
}

}  // namespace

bool AdvisoryLocks::unlock(Key key, Mode mode) {
  const std::lock_guard lock{board().mutex};
  const auto found = held_.find({key, mode, Span::session});
  if (found == held_.end()) return false;
  if (--found->second == 0) held_.erase(found);
  give_back(key, mode, this, 1);
  board().freed.notify_all();
  return true;
}

bool AdvisoryLocks::holds_for_session() const {
  return std::ranges::any_of(held_, [](const auto& entry) { return entry.first.span == Span::session; });
}

void AdvisoryLocks::release(Span span) {
  const std::lock_guard lock{board().mutex};
  for (auto at = held_.begin(); at != held_.end();) {
    if (at->first.span != span) {
      ++at;
      continue;
    }
    give_back(at->first.key, at->first.mode, this, at->second);
    at = held_.erase(at);
  }
  board().freed.notify_all();
}

void AdvisoryLocks::release_all() {
  release(Span::session);
  release(Span::transaction);
}

}  // namespace crossfade::sqlite
