#pragma once

#include <atomic>
#include <optional>

#include "crossfade/model/error.hpp"

struct sqlite3_context;

namespace crossfade::sqlite {

/// For functions that run inside a statement: ends it with `error`, its SQLSTATE and fields kept, which SQLite's own result_error
/// would reduce to a message. SQLite undoes that statement only (MIRROR 20).
void report_error(sqlite3_context* context, model::Error error);

/// The same slot for callbacks that have no context (the authorizer) and answer by a code of their own.
void note_error(model::Error error);

/// What was reported on this thread since the last take. Statements empty it before a step and look here first after a failure;
/// functions run on the thread that steps, so one slot per thread is one slot per running statement.
std::optional<model::Error> take_reported_error();

/// While it lives, functions that run on this thread look whether they are to end their statement: SQLite undoes that one only.
class StopScope {
 public:
  explicit StopScope(const std::atomic<bool>& asked);
  ~StopScope();
  StopScope(const StopScope&) = delete;
  StopScope& operator=(const StopScope&) = delete;

 private:
  const std::atomic<bool>* before_;
};

extern constinit thread_local const std::atomic<bool>* stop_asked;
/// Whether the statement that runs on this thread is to end; its error is 57014 then. Asked in each call of a function.
inline bool asked_to_stop() { return stop_asked != nullptr && stop_asked->load(std::memory_order_relaxed); }
model::Error stopped();

}  // namespace crossfade::sqlite
