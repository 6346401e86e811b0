#include <sqlite3.h>

#include <utility>

#include "function_error.hpp"
#include "progress.hpp"
#include "session_impl.hpp"

namespace crossfade::sqlite {

namespace {

using Clock = std::chrono::steady_clock;

/// How long a statement whose interrupt does harm is asked to end by itself; interrupt() is said again until it has.
constexpr std::chrono::milliseconds kGentle{500};
/// A write that takes longer is not run again for its error's detail.
constexpr std::chrono::milliseconds kWorthAnotherRun{200};

/// While it lives, the statement that runs ends by an error of its own when it is `asked` to, where that can be: SQLite undoes that
/// statement and nothing else. In a run-time function; in a read at its next instructions; in a write where it makes a record or a text
/// that it has no room for yet, as there is no length left for any.
class EndsByItself {
 public:
  enum class Kind : std::uint8_t { read, write };
  EndsByItself(Connection::Impl& connection, const std::atomic<bool>& asked, Kind kind)
      : handle_(connection.handle.get()), watch_(connection, [this, &asked, kind] {
          if (!asked) return false;
          if (kind == Kind::write && !length_) length_ = sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 1);
          return kind == Kind::read;
        }) {}
  ~EndsByItself() {
    if (length_) sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, *length_);
  }
  EndsByItself(const EndsByItself&) = delete;
  EndsByItself& operator=(const EndsByItself&) = delete;

 private:
  sqlite3* handle_;
  std::optional<int> length_;  // as it was
  ProgressWatch watch_;
};

}  // namespace

void Session::interrupt() {
  const std::lock_guard lock{impl_->running_mutex};
  if (impl_->running == nullptr) return;
  const auto now = Clock::now();
  if (!impl_->cancelled.exchange(true)) impl_->cancelled_since = now;
  if (impl_->harm == Session::Impl::Harm::none || now - impl_->cancelled_since >= kGentle) impl_->running->interrupt();
}

Session::Impl::Harm Session::Impl::harm_to_write() const { return savepoints.empty() ? Harm::none : Harm::savepoints; }

Session::Impl::Harm Session::Impl::harm_to_read(const Connection& on) const {
  const Database::Lease* shared = held != nullptr ? held.get() : kept.get();
  if (shared == nullptr || &on != &shared->connection) return Harm::none;
  int open = 0;
  for (auto cursor = cursors.begin(); cursor != cursors.end() && open < 2; ++cursor) open += (*cursor)->reads_on(on) ? 1 : 0;
  return open > 1 ? Harm::cursors : Harm::none;
}

/// 57014 also when the interrupt came and SQLite has not noticed: a write is undone then.
model::Result<bool> Session::Impl::run_open(Connection& on, Harm with, const std::function<model::Result<bool>()>& work) {
  start_running(on, with);
  auto done = [&]() -> model::Result<bool> {
    const StopScope functions{cancelled};  // a path over a document may walk for minutes in one call, where SQLite does not look
    if (with == Harm::none) return work();
    const EndsByItself scope{on.internals(), cancelled, with == Harm::cursors ? EndsByItself::Kind::read : EndsByItself::Kind::write};
    return work();
  }();
  if (stop_running()) return std::unexpected(stopped());
  return done;
}

model::Result<bool> Session::Impl::step(Connection& on, Statement& statement) {
  has_begun = true;
  context.connection = &on.internals();  // another cursor's statement may have run since
  const bool reads = statement.readonly();
  const auto begun = reads ? Clock::time_point{} : Clock::now();
  auto more = run_open(on, reads ? harm_to_read(on) : harm_to_write(), [&] { return statement.step(); });
  if (!more && !reads && Clock::now() - begun < kWorthAnotherRun) explain(on, statement, more.error());
  return more;
}

void Session::Impl::start_running(Connection& on, Harm with) {
  const std::lock_guard lock{running_mutex};
  running = &on;
  harm = with;
  cancelled = false;
  on.internals().cancel_wait = false;
}

bool Session::Impl::stop_running() {
  const std::lock_guard lock{running_mutex};
  running = nullptr;
  return cancelled.exchange(false);
}

model::Result<void> Session::Impl::own_interruptible(std::string_view sql) {
  start_running(connection(), Harm::none);
  auto done = own(sql);
  (void)stop_running();
  return done;
}

}  // namespace crossfade::sqlite
