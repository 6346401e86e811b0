#include "reader.hpp"

namespace crossfade::sql::postgres_front {

TargetColumn Reader::target_column(const ::ResTarget* node) {
  TargetColumn out{{text_of(node->name), at(node->location)}};
  if (node->indirection == nullptr || too_many_steps(node->indirection, node->location)) return out;
  for (const ::Node* step : Nodes<::Node>{node->indirection}) {
    TargetStep& made = out.steps.emplace_back();
    if (tag_of(step) == T_A_Indices) made.subscript = subscript(reinterpret_cast<const ::A_Indices*>(step));
    else made.field = tag_of(step) == T_A_Star ? "" : reinterpret_cast<const ::String*>(step)->sval;
  }
  return out;
}

std::vector<TargetColumn> Reader::target_columns(const List* res_targets) {
  std::vector<TargetColumn> out;
  for (const ::ResTarget* target : Nodes<::ResTarget>{res_targets}) out.push_back(target_column(target));
  return out;
}

/// (a, b) = source: a row's values go to the columns one by one; a subquery keeps its columns together.
void Reader::multi_assignment(const std::vector<const ::ResTarget*>& targets, std::vector<Assignment>& out) {
  std::vector<TargetColumn> names;
  for (const ::ResTarget* target : targets) names.push_back(target_column(target));
  Expression source = expression(reinterpret_cast<const ::MultiAssignRef*>(targets[0]->val)->source);
  auto* row = std::get_if<RowConstructor>(&source.node);
  const auto* query = std::get_if<Subquery>(&source.node);
  if (!row && !(query && query->kind == Subquery::Kind::scalar)) {
    return fail(targets[0]->location, model::SqlState{"0A000"}, "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression");
  }
  if (!row) {
    out.push_back({std::move(names), std::move(source)});
    return;
  }
  if (row->fields.size() != names.size()) {
    fail(targets[0]->location, model::SqlState{"42601"}, "number of columns does not match number of values");
    return;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    Assignment made;
    made.columns.push_back(std::move(names[i]));
    made.value = std::move(row->fields[i]);
    out.push_back(std::move(made));
  }
}

std::vector<Assignment> Reader::assignments(const List* list) {
  std::vector<Assignment> out;
  const Nodes<::ResTarget> targets{list};
  for (std::size_t i = 0; i < targets.size();) {
    const ::ResTarget* target = targets[i];
    if (tag_of(target->val) != T_MultiAssignRef) {
      Assignment made;
      made.columns.push_back(target_column(target));
      made.value = expression(target->val);
      out.push_back(std::move(made));
      ++i;
      continue;
    }
    const auto count = static_cast<std::size_t>(reinterpret_cast<const ::MultiAssignRef*>(target->val)->ncolumns);
    std::vector<const ::ResTarget*> together;
    for (; together.size() < count; ++i) together.push_back(targets[i]);
    multi_assignment(together, out);
  }
  return out;
}

std::optional<OnConflict> Reader::on_conflict(const ::OnConflictClause* node) {
  if (!node) return std::nullopt;
  OnConflict out{.update = node->action == ONCONFLICT_UPDATE, .position = at(node->location)};
  if (const ::InferClause* infer = node->infer) {
    for (const ::IndexElem* part : Nodes<::IndexElem>{infer->indexElems}) out.target.push_back(index_part(part));
    out.target_where = boxed(infer->whereClause);
    out.constraint = text_of(infer->conname);
  }
  out.assignments = assignments(node->targetList);
  out.where = boxed(node->whereClause);
  return out;
}

Statement Reader::insert(const ::InsertStmt* node) {
  Insert out{.with = with(node->withClause), .relation = relation_name(node->relation)};
  out.alias = alias(node->relation->alias).name;
  out.columns = target_columns(node->cols);
  out.source = boxed_query(node->selectStmt);
  if (node->override == OVERRIDING_USER_VALUE) out.overriding = Insert::Overriding::user;
  if (node->override == OVERRIDING_SYSTEM_VALUE) out.overriding = Insert::Overriding::system;
  out.on_conflict = on_conflict(node->onConflictClause);
  out.returning = targets(node->returningList);
  return {std::move(out)};
}

Statement Reader::update(const ::UpdateStmt* node) {
  Update out{.with = with(node->withClause), .relation = table_reference(node->relation)};
  out.assignments = assignments(node->targetList);
  out.from = from_items(node->fromClause);
  out.where = boxed(node->whereClause);
  out.returning = targets(node->returningList);
  return {std::move(out)};
}

Statement Reader::delete_(const ::DeleteStmt* node) {
  Delete out{.with = with(node->withClause), .relation = table_reference(node->relation)};
  out.using_ = from_items(node->usingClause);
  out.where = boxed(node->whereClause);
  out.returning = targets(node->returningList);
  return {std::move(out)};
}

}  // namespace crossfade::sql::postgres_front
