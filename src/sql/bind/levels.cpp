#include <algorithm>
#include <set>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using Qualifiers = std::set<std::string, std::less<>>;

void read_of(const Query& query, Qualifiers& read);

/// The relations, by their printed names, whose columns a bound expression reads, its subqueries' included.
void read_of(const Expression& expression, Qualifiers& read) {
  if (const auto* column = std::get_if<ColumnReference>(&expression.node)) read.insert(column->printed_qualifier);
  for_each_child(expression, [&](const Expression& child) { read_of(child, read); }, [&](const Query& query) { read_of(query, read); });
}

void read_of(const Query& query, Qualifiers& read) {
  for_each_in_query(query, [&](const Expression& child) { read_of(child, read); }, [&](const Query& inner) { read_of(inner, read); },
                    [&](const Statement& inner) { if (const auto* item = std::get_if<Query>(&inner.node)) read_of(*item, read); });
}

bool reads_of(const Scope& scope, const Qualifiers& read) {
  return std::ranges::any_of(scope.relations, [&](const RelationPointer& relation) { return read.contains(relation->printed); });
}

}  // namespace

Qualifiers read_by(const Expression& bound) {
  Qualifiers read;
  read_of(bound, read);
  return read;
}

bool Binder::reads_here(const Expression& item) const {
  const Qualifiers read = read_by(item);
  return listed_in_ == nullptr ? !read.empty() : reads_of(*listed_in_, read);
}

/// An aggregate belongs to the innermost query of whose columns its arguments read one: an outer query's is computed there, and has to be
/// allowed where the subquery stands. SQLite decides alike. Errors: 42803.
Result<void> Binder::note_aggregate(const FunctionCall& call, const Scope& scope, Position position) {
  Qualifiers read;
  for (const Expression& argument : call.arguments) read_of(argument, read);
  if (call.filter) read_of(*call.filter, read);
  const Scope* own = &scope;
  while (own && !reads_of(*own, read)) own = own->outer;
  if (!own) own = &scope;
  if (own != &scope) {
    if (own->holds == Clause::from) return refuse("42803"_state, "aggregate functions are not allowed in FROM clause of their own query level", position);
    CROSSFADE_CHECK(check_aggregate_place(call, position, own->holds));
  }
  if (own->aggregated) *own->aggregated = true;
  return {};
}

/// SQLite's GROUP BY and ORDER BY cannot name an outer query's columns. What reads none of its own query's is the same for every row:
/// a constant; a result is said by its place. false: nothing to be done.
Result<bool> Binder::keep_inside(Expression& expression, Select& select, const Scope& scope, Need need) {
  if (!scope.outer) return false;
  Qualifiers read;
  read_of(expression, read);
  const Scope* outside = scope.outer;
  while (outside && !reads_of(*outside, read)) outside = outside->outer;
  if (!outside) return false;
  const model::Type none{oid::void_};
  if (!reads_of(scope, read)) {
    expression = {NativeCast{constant(std::int64_t{0}, {oid::int8}), "INTEGER"}, expression.position, none, {}};
    return true;
  }
  const std::string own = signature(expression);
  for (std::size_t i = 0; i < select.targets.size(); ++i) {
    Expression& target = select.targets[i].expression;
    if (signature(target) != own) continue;
    Expression sorted = target;
    CROSSFADE_CHECK(comparable(sorted, need));
    const auto* collated = std::get_if<Collate>(&sorted.node);
    if (sorted.form != target.form) to_runtime(target);
    Expression number = constant(static_cast<std::int64_t>(i + 1), {oid::int8}, expression.position);
    number.type = none;
    if (collated) number = {Collate{number, {}, {}, collated->printed}, number.position, none, number.form};
    expression = std::move(number);
    return true;
  }
  return unsupported(std::string{need == Need::order ? "ORDER BY" : "GROUP BY"} + " over an outer query's column", expression.position);
}

}  // namespace crossfade::sql
