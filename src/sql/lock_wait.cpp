#include "crossfade/sql/lock_wait.hpp"

#include <algorithm>

#include "tree.hpp"

namespace crossfade::sql {

std::string fails_when_locked(const Parsed& statement) {
  if (statement.tree == nullptr || (statement.kind != Kind::select && statement.kind != Kind::lock)) return {};
  if (const auto* lock = std::get_if<LockTable>(&statement.tree->statement.node))
    return lock->nowait ? "relation \"" + lock->relations.front().name + "\"" : std::string{};
  const auto* query = std::get_if<Query>(&statement.tree->statement.node);
  const bool nowait = query != nullptr && std::ranges::any_of(query->locks, [](const Locking& lock) { return lock.wait == Locking::Wait::nowait; });
  return nowait ? "row" : "";
}

}  // namespace crossfade::sql
