#include "function_error.hpp"

#include <sqlite3.h>

#include <utility>

namespace crossfade::sqlite {
namespace {

thread_local std::optional<model::Error> reported;

}  // namespace

void note_error(model::Error error) { reported = std::move(error); }

void report_error(sqlite3_context* context, model::Error error) {
  sqlite3_result_error(context, error.message.data(), static_cast<int>(error.message.size()));
  note_error(std::move(error));
}

std::optional<model::Error> take_reported_error() { return std::exchange(reported, std::nullopt); }

}  // namespace crossfade::sqlite
