#include <algorithm>
#include <array>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

std::string locking_words(const Locking& lock) {
  constexpr std::array<std::string_view, 4> kStrengths{"FOR KEY SHARE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR UPDATE"};
  return std::string{kStrengths[static_cast<std::size_t>(lock.strength)]};
}

bool has_windows(const Query& query, const Select& select) {
  return std::ranges::any_of(select.targets, [](const ResultColumn& each) { return calls_window(each.expression); }) ||
         std::ranges::any_of(query.order_by, [](const OrderItem& each) { return calls_window(each.expression); });
}

/// What one lock means for the items of FROM. PostgreSQL's rule: all tables when none is named, in derived tables too.
class LockedItems {
 public:
  LockedItems(const Locking& lock, bool (*is_common)(const Query&, std::string_view), const Query& query)
      : lock_(lock), is_common_(is_common), query_(query) {}

  void everywhere(FromItem& item) {
    if (auto* derived = std::get_if<SubqueryReference>(&item.node)) lock_inside(*derived);
    if (auto* join = std::get_if<Join>(&item.node)) everywhere(*join->left), everywhere(*join->right);
  }

  /// false: nothing is called so here.
  Result<bool> named(FromItem& item, const RelationName& name) {
    if (auto* join = std::get_if<Join>(&item.node)) {
      if (join->alias.name == name.name) return cannot("a join", name);
      CROSSFADE_TRY(const bool left, named(*join->left, name));
      return left ? Result<bool>{true} : named(*join->right, name);
    }
    if (auto* table = std::get_if<TableReference>(&item.node)) {
      if ((table->alias.name.empty() ? table->relation.name : table->alias.name) != name.name) return false;
      return table->relation.schema.empty() && is_common_(query_, table->relation.name) ? cannot("a WITH query", name) : Result<bool>{true};
    }
    if (auto* derived = std::get_if<SubqueryReference>(&item.node)) {
      if (derived->alias.name != name.name) return false;
      lock_inside(*derived);
      return true;
    }
    const auto& function = std::get<FunctionReference>(item.node);
    return function.alias.name == name.name ? cannot("a function", name) : Result<bool>{false};
  }

 private:
  Result<bool> cannot(std::string_view what, const RelationName& name) const {
    return refuse("0A000"_state, locking_words(lock_) + " cannot be applied to " + std::string{what}, name.position);
  }
  void lock_inside(SubqueryReference& derived) const {
    if (!std::holds_alternative<Values>(derived.query->body)) derived.query->locks.push_back({.strength = lock_.strength});
  }

  const Locking& lock_;
  bool (*is_common_)(const Query&, std::string_view);
  const Query& query_;
};

bool has_common(const Query& query, std::string_view name) {
  return query.with && std::ranges::find(query.with->tables, name, &CommonTable::name) != query.with->tables.end();
}

}  // namespace

bool calls_window(const Expression& expression) {
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  bool found = call && call->over;
  for_each_child(expression, [&](const Expression& child) { found = found || calls_window(child); }, [](const Query&) {});
  return found;
}

/// Before the query is bound. Errors: 0A000 where no row of a table is a row of the result, 42P01.
/// Source: PostgreSQL 15, "The Locking Clause" of SELECT; CheckSelectLocking.
Result<void> Binder::spread_locks(Query& query) {
  for (std::size_t i = 0; i < query.locks.size(); ++i) {
    const Locking lock = query.locks[i];
    const auto not_with = [&](std::string_view what) { return refuse("0A000"_state, locking_words(lock) + " is not allowed with " + std::string{what}, kNowhere); };
    if (std::holds_alternative<SetOperation>(query.body)) return not_with("UNION/INTERSECT/EXCEPT");
    if (std::holds_alternative<Values>(query.body)) return refuse("0A000"_state, locking_words(lock) + " cannot be applied to VALUES", kNowhere);
    auto& select = std::get<Select>(query.body);
    if (select.distinct != Select::Distinct::none) return not_with("DISTINCT clause");
    if (!select.group_by.empty() || !select.grouping_sets.empty()) return not_with("GROUP BY clause");
    if (select.having) return not_with("HAVING clause");
    if (has_windows(query, select)) return not_with("window functions");
    LockedItems items{lock, has_common, query};
    if (lock.of.empty()) {
      for (FromItem& item : select.from) items.everywhere(item);
    }
    for (const RelationName& name : lock.of) {
      if (!name.schema.empty()) return refuse("42601"_state, locking_words(lock) + " must specify unqualified relation names", name.position);
      bool found = false;
      for (FromItem& item : select.from) {
        if (found) break;
        CROSSFADE_TRY(found, items.named(item, name));
      }
      if (!found) return refuse("42P01"_state, "relation \"" + name.name + "\" in " + locking_words(lock) + " clause not found in FROM clause", name.position);
    }
  }
  return {};
}

/// Of a bound query. Errors: 0A000.
std::unexpected<model::Error> Binder::check_locked(const Query& query, std::string_view what) {
  return refuse("0A000"_state, locking_words(query.locks.front()) + " is not allowed with " + std::string{what}, kNowhere);
}

}  // namespace crossfade::sql
