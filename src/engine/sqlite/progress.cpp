#include "progress.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace crossfade::sqlite {
namespace {

constexpr int kInstructionsBetweenLooks = 4'096;

}  // namespace

ProgressWatch::ProgressWatch(Connection::Impl& connection, std::function<bool()> ends) : connection_(connection), ends_(std::move(ends)) {
  connection_.watches.push_back(this);
  if (connection_.watches.size() == 1)
    sqlite3_progress_handler(connection_.handle.get(), kInstructionsBetweenLooks, &ProgressWatch::look, &connection_);
}

ProgressWatch::~ProgressWatch() {
  std::erase(connection_.watches, this);
  if (connection_.watches.empty()) sqlite3_progress_handler(connection_.handle.get(), 0, nullptr, nullptr);
}

int ProgressWatch::look(void* connection) {
  const auto& watches = static_cast<const Connection::Impl*>(connection)->watches;
  return std::ranges::any_of(watches, [](const ProgressWatch* watch) { return watch->ends_(); }) ? 1 : 0;
}

}  // namespace crossfade::sqlite
