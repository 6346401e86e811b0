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

std::string runs_alone(const Parsed& statement) {
  if (statement.tree == nullptr || statement.kind != Kind::maintenance) return {};
  if (statement.command_tag == "VACUUM") return "VACUUM";
  const auto* reorder = std::get_if<Reorder>(&statement.tree->statement.node);
  if (reorder == nullptr) return {};
  using What = Reorder::What;
  switch (reorder->what) {
    case What::schema: return "REINDEX SCHEMA";
    case What::system: return "REINDEX SYSTEM";
    case What::database: return "REINDEX DATABASE";
    case What::cluster: return reorder->relation.name.empty() ? "CLUSTER" : "";
    case What::index:
    case What::table: return reorder->concurrently ? "REINDEX CONCURRENTLY" : "";
  }
  return {};
}

bool makes_table_in_explain(const Parsed& statement) {
  if (statement.tree == nullptr || statement.kind != Kind::explain) return false;
  const auto* explain = std::get_if<Explain>(&statement.tree->statement.node);
  if (explain != nullptr) {
    const auto* made = std::get_if<CreateTableAs>(&explain->statement->node);
    return explain->analyze && made != nullptr && made->persistence != Persistence::temporary && made->relation.schema != "pg_temp";
  }
  const auto words = plan::fold(statement.text);  // it holds what the tree has no place for
  return words.contains("analy") && (words.contains("create") || words.contains("into"));
}

std::string asks_concurrently(const Parsed& statement) {
  if (statement.tree == nullptr) return {};
  const auto* create = std::get_if<CreateIndex>(&statement.tree->statement.node);
  const auto* drop = std::get_if<Drop>(&statement.tree->statement.node);
  const bool asked = (create != nullptr && create->concurrently) || (drop != nullptr && drop->concurrently);
  return asked ? statement.command_tag + " CONCURRENTLY" : "";
}

}  // namespace crossfade::sql
