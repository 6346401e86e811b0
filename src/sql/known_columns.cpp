#include "known_columns.hpp"

#include <algorithm>
#include <iterator>

namespace crossfade::sql {

namespace {

const std::string& called(const TableReference& reference) { return reference.alias.name.empty() ? reference.relation.name : reference.alias.name; }

void aliases(const FromItem& item, std::set<std::string, std::less<>>& out) {
  if (const auto* join = std::get_if<Join>(&item.node)) {
    aliases(*join->left, out);
    aliases(*join->right, out);
  } else if (const auto* reference = std::get_if<TableReference>(&item.node)) {
    out.insert(called(*reference));
  }
}

}  // namespace

KnownColumns::KnownColumns(const Select& select, const plan::Schema& schema) {
  for (const FromItem& item : select.from) add(item, schema);
  for (const FromItem& item : select.from) conditions(item);
  if (select.where) conjuncts(*select.where, nullptr);
}

bool KnownColumns::fixes(const OrderedBy& order) const {
  if (strange_) return false;
  std::vector<bool> known(leads_.size());
  Places missing, next = constants_;
  for (const Relation& each : relations_) missing.push_back(each.key);
  for (const Expression* each : order) {
    if (const auto* column = std::get_if<ColumnReference>(&each->node)) std::ranges::copy(places(*column), std::back_inserter(next));
  }
  while (!next.empty()) {
    const std::size_t place = next.back();
    next.pop_back();
    if (known[place]) continue;
    known[place] = true;
    std::ranges::copy(leads_[place], std::back_inserter(next));
    const std::size_t at = relation_of(place);
    const Relation& relation = relations_[at];
    if (relation.table->columns[place - relation.first].primary_key == 0 || missing[at] == kNoKey || --missing[at] != 0) continue;
    for (std::size_t i = 0; i < relation.table->columns.size(); ++i) next.push_back(relation.first + i);
  }
  return std::ranges::all_of(missing, [](std::size_t each) { return each == 0; });
}

void KnownColumns::add(const FromItem& item, const plan::Schema& schema) {
  if (const auto* join = std::get_if<Join>(&item.node)) {
    add(*join->left, schema);
    add(*join->right, schema);
    strange_ = strange_ || join->natural || !join->alias.name.empty();
    return;
  }
  const auto* reference = std::get_if<TableReference>(&item.node);
  const plan::Table* table = reference ? schema.find(reference->relation.schema, reference->relation.name) : nullptr;
  if (!table || table->view || !reference->alias.columns.empty()) {
    strange_ = true;
    return;
  }
  const std::size_t key = table->key().size();
  relations_.push_back({called(*reference), table, leads_.size(), key == 0 ? kNoKey : key});
  for (std::size_t i = 0; i < table->columns.size(); ++i) columns_[table->columns[i].name].push_back(leads_.size() + i);
  leads_.resize(leads_.size() + table->columns.size());
}

/// What an outer join lacks is NULL there: its condition tells of the side that may lack rows only, and only from the other side on.
void KnownColumns::conditions(const FromItem& item) {
  const auto* join = std::get_if<Join>(&item.node);
  if (!join || strange_) return;
  conditions(*join->left);
  conditions(*join->right);
  if (join->kind == Join::Kind::full) return;
  Aliases left, right;
  aliases(*join->left, left);
  aliases(*join->right, right);
  const Aliases* only = join->kind == Join::Kind::left ? &right : join->kind == Join::Kind::right ? &left : nullptr;
  if (join->on) conjuncts(*join->on, only);
  for (const Name& name : join->using_columns) join_by(name.text, left, right, only);
}

void KnownColumns::join_by(const std::string& column, const Aliases& left, const Aliases& right, const Aliases* only) {
  const auto found = columns_.find(column);
  if (found == columns_.end()) return;
  for (const std::size_t one : found->second) {
    if (!left.contains(alias_of(one))) continue;
    for (const std::size_t other : found->second) {
      if (!right.contains(alias_of(other))) continue;
      lead(one, other, only);
      lead(other, one, only);
    }
  }
}

/// What stands in all of AND: column = column, and column = what holds no column of here.
void KnownColumns::conjuncts(const Expression& condition, const Aliases* only) {
  if (const auto* both = std::get_if<Logical>(&condition.node)) {
    if (both->kind == Logical::Kind::and_) for (const Expression& each : both->arguments) conjuncts(each, only);
    return;
  }
  const auto* operation = std::get_if<Operation>(&condition.node);
  if (!operation || operation->name != "=" || !operation->left || !operation->right) return;
  const auto left = operand(*operation->left), right = operand(*operation->right);
  if (!left || !right) return;
  for (const auto& [from, to] : {std::pair{&*left, &*right}, {&*right, &*left}}) {
    for (const std::size_t place : *to) {
      if (from->empty() && (!only || only->contains(alias_of(place)))) constants_.push_back(place);
      for (const std::size_t other : *from) lead(other, place, only);
    }
  }
}

/// The columns of here that an operand names: none of a constant or of the query around, nothing of any other expression.
std::optional<KnownColumns::Places> KnownColumns::operand(const Expression& given) const {
  if (const auto* column = std::get_if<ColumnReference>(&given.node)) {
    Places named = places(*column);
    if (named.empty() && column->table.empty()) return std::nullopt;
    return named;
  }
  if (std::holds_alternative<Literal>(given.node) || std::holds_alternative<Parameter>(given.node)) return Places{};
  const auto* cast = std::get_if<Cast>(&given.node);
  return cast && !std::holds_alternative<ColumnReference>(cast->argument->node) ? operand(*cast->argument) : std::nullopt;
}

void KnownColumns::lead(std::size_t from, std::size_t to, const Aliases* only) {
  const bool leads = from != to && (!only || (only->contains(alias_of(to)) && !only->contains(alias_of(from))));
  if (leads) leads_[from].push_back(to);
}

/// An unqualified name is that of one relation, or of all that USING joins by it.
KnownColumns::Places KnownColumns::places(const ColumnReference& column) const {
  Places out;
  const auto found = columns_.find(column.name);
  if (found == columns_.end()) return out;
  std::ranges::copy_if(found->second, std::back_inserter(out), [&](std::size_t place) { return column.table.empty() || alias_of(place) == column.table; });
  return out;
}

std::size_t KnownColumns::relation_of(std::size_t place) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(relations_, place, {}, &Relation::first) - relations_.begin()) - 1;
}

}  // namespace crossfade::sql
