#include "crossfade/sql/lock_wait.hpp"

#include <algorithm>

#include "tree.hpp"

namespace crossfade::sql {

bool fails_when_locked(const Parsed& statement) {
  if (statement.kind != Kind::select || statement.tree == nullptr) return false;
  const auto* query = std::get_if<Query>(&statement.tree->statement.node);
  return query != nullptr && std::ranges::any_of(query->locks, [](const Locking& lock) { return lock.wait == Locking::Wait::nowait; });
}

}  // namespace crossfade::sql
