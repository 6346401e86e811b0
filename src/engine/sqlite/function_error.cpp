#include "function_error.hpp"

#include <sqlite3.h>

#include <utility>

namespace crossfade::sqlite {

using namespace model::literals;

namespace {

thread_local std::optional<model::Error> reported;

}  // namespace

constinit thread_local const std::atomic<bool>* stop_asked = nullptr;

void note_error(model::Error error) { reported = std::move(error); }

void report_error(sqlite3_context* context, model::Error error) {
  sqlite3_result_error(context, error.message.data(), static_cast<int>(error.message.size()));
  note_error(std::move(error));
}

std::optional<model::Error> take_reported_error() { return std::exchange(reported, std::nullopt); }

StopScope::StopScope(const std::atomic<bool>& asked) : before_(std::exchange(stop_asked, &asked)) {}
StopScope::~StopScope() { stop_asked = before_; }

model::Error stopped() { return {"57014"_state, "canceling statement due to user request"}; }

}  // namespace crossfade::sqlite
