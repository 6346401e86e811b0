#include <algorithm>
#include <array>
#include <utility>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::array<std::string_view, 3> kNames{"UNION", "INTERSECT", "EXCEPT"};

/// The expressions that make output column `index` of a query.
void column_expressions(Query& query, std::size_t index, std::vector<Expression*>& out) {
  if (auto* select = std::get_if<Select>(&query.body)) return out.push_back(&select->targets[index].expression);
  if (auto* values = std::get_if<Values>(&query.body)) {
    for (Expressions& row : values->rows) out.push_back(&row[index]);
    return;
  }
  auto& operation = std::get<SetOperation>(query.body);
  column_expressions(*operation.left, index, out);
  column_expressions(*operation.right, index, out);
}

}  // namespace

Result<void> Binder::coerce_output(Query& query, std::size_t index, model::Type type, CastContext context) {
  std::vector<Expression*> all;
  column_expressions(query, index, all);
  for (Expression* expression : all) CROSSFADE_CHECK(coerce(*expression, type, context));
  return {};
}

Result<void> Binder::form_output(Query& query, std::size_t index, const plan::StoredForm& form) {
  std::vector<Expression*> all;
  column_expressions(query, index, all);
  for (Expression* expression : all) {
    if (to_form(*expression, form)) continue;
    to_runtime(*expression);
    if (!(expression->form == form)) return unsupported("this mixture of stored forms", expression->position);
  }
  return {};
}

void Binder::name_items(Query& query, std::size_t index) {
  std::vector<Expression*> all;
  column_expressions(query, index, all);
  for (Expression* expression : all) {
    const model::Type element = *model::element_of(expression->type);
    RawCall call{"crossfade_reg_items", {}};
    call.arguments.push_back(*expression);
    call.arguments.push_back(text_argument(run_time_name(element)));
    call.arguments.push_back(constant(std::int64_t{1}, {oid::int4}));
    expression->node = std::move(call);
  }
}

/// Where a UNION ALL is merged into the query that reads it, and a later part has a RIGHT or FULL JOIN, SQLite (3.40) loses the other parts'
/// WHERE; not when that part reads a derived table.
void Binder::nest_joins(Query& part) {
  const auto keeps_right = [](const auto& self, const FromItem& item) -> bool {
    const auto* join = std::get_if<Join>(&item.node);
    return join && (join->kind == Join::Kind::right || join->kind == Join::Kind::full || self(self, *join->left) || self(self, *join->right));
  };
  auto* select = std::get_if<Select>(&part.body);
  if (!select || part.with || !part.order_by.empty() || part.limit || part.offset) return;  // the latter are not merged
  if (std::ranges::none_of(select->from, [&](const FromItem& item) { return keeps_right(keeps_right, item); })) return;
  const std::string alias = unique_printed("part");
  Select around;
  for (ResultColumn& target : select->targets) {
    std::string name = "c" + std::to_string(around.targets.size() + 1);
    ColumnReference column{{}, alias, name, alias, name, nullptr};
    Expression read{std::move(column), target.expression.position, target.expression.type, target.expression.form};
    around.targets.push_back({.expression = std::move(read), .alias = std::exchange(target.alias, name), .open = target.open});
  }
  SubqueryReference inside{.query = std::move(part), .alias = {alias, {}}};
  around.from.push_back({std::move(inside)});
  part = Query{};
  part.body = std::move(around);
}

Result<Output> Binder::bind_set_operation(Query& query, SetOperation& operation, const Scope* outer, Place) {
  const std::string_view name = kNames[static_cast<std::size_t>(operation.kind)];
  if (operation.all && operation.kind != SetOperation::Kind::union_) return unsupported(std::string{name} + " ALL", query.position);
  CROSSFADE_TRY(QueryShape left, bind_query(*operation.left, outer, Place::row_source));
  CROSSFADE_TRY(const QueryShape right, bind_query(*operation.right, outer, Place::row_source));
  if (left.output.size() != right.output.size()) {
    const auto* right_select = std::get_if<Select>(&operation.right->body);
    const bool known = right_select && !right_select->targets.empty();
    return refuse("42601"_state, "each " + std::string{name} + " query must have the same number of columns",
                  known ? right_select->targets.front().expression.position : operation.right->position);
  }
  for (std::size_t i = 0; i < left.output.size(); ++i) {
    std::vector<Expression*> all;
    column_expressions(*operation.left, i, all);
    column_expressions(*operation.right, i, all);
    CROSSFADE_TRY(const model::Type type, common_type(all, name));
    const bool same_form = std::ranges::all_of(all, [&](const Expression* each) { return each->form == all.front()->form && each->type.oid == type.oid; });
    for (Expression* expression : all) {
      CROSSFADE_CHECK(coerce(*expression, type, CastContext::implicit));
      if (!same_form || !plan::traits(expression->form, type).keeps_order) to_runtime(*expression);
      if (!operation.all) CROSSFADE_CHECK(comparable(*expression, Need::equality));
    }
    OutputItem& item = left.output[i];
    item.type = type;
    item.form = all.front()->form;
    item.column = nullptr;
  }
  if (operation.all) {
    nest_joins(*operation.left);
    nest_joins(*operation.right);
  }
  return left.output;
}

Result<void> Binder::bind_with(With& with, const Scope* outer) {
  for (CommonTable& table : with.tables) {
    auto* query = std::get_if<Query>(&table.statement->node);
    CommonRelation relation{table.name, unique_printed(table.name), {}};
    auto reads = std::exchange(reads_.back(), {});
    const std::uint64_t before = relations_;
    bool recursive = false;
    if (query && with.recursive) {
      CROSSFADE_TRY(recursive, is_recursive(table, *query));
    }
    if (!query) {
      CROSSFADE_CHECK(bind_change_item(with, table, relation));
    } else if (recursive) {
      CROSSFADE_CHECK(bind_recursive(table, *query, outer, relation));
    } else {
      const bool outside = std::exchange(volatile_, false);
      CROSSFADE_TRY(QueryShape shape, bind_query(*query, outer, Place::subquery));
      relation.columns = std::move(shape.output);
      if (volatile_) table.materialize = CommonTable::Materialize::always;
      volatile_ = volatile_ || outside;
    }
    relation.reads = std::exchange(reads_.back(), std::move(reads));
    if (table.columns.size() > relation.columns.size()) {
      return refuse("42P10"_state, "WITH query \"" + table.name + "\" has " + std::to_string(relation.columns.size()) + " columns available but " +
                                       std::to_string(table.columns.size()) + " columns specified", table.position);
    }
    for (std::size_t i = 0; i < table.columns.size(); ++i) relation.columns[i].name = table.columns[i];
    table.name = relation.printed;
    table.columns.clear();
    for (const OutputItem& item : relation.columns) table.columns.push_back(item.printed);
    relation.expands = std::max<std::uint64_t>(relations_ - before, 1);
    relations_ = before;
    common_.push_back(std::move(relation));
  }
  return {};
}

/// The first arm gives the types; in the second the name means what the first gave, in run-time forms.
Result<void> Binder::bind_recursive(CommonTable& table, Query& query, const Scope* outer, CommonRelation& relation) {
  auto& operation = std::get<SetOperation>(query.body);
  const std::size_t common = common_.size();
  if (query.with) return unsupported("WITH inside a recursive query", table.position);
  CROSSFADE_TRY(QueryShape left, bind_query(*operation.left, outer, Place::subquery));
  for (std::size_t i = 0; i < left.output.size(); ++i) {
    CROSSFADE_CHECK(form_output(*operation.left, i, plan::runtime_form(left.output[i].type)));
    left.output[i].form = plan::runtime_form(left.output[i].type);
    left.output[i].column = nullptr;
    if (plan::collation(left.output[i].form, left.output[i].type) && !operation.all) return unsupported("UNION of numerics or intervals in a recursive query", table.position);
  }
  relation.columns = left.output;
  for (std::size_t i = 0; i < table.columns.size() && i < relation.columns.size(); ++i) relation.columns[i].name = table.columns[i];
  common_.push_back(relation);
  CROSSFADE_TRY(const QueryShape right, bind_query(*operation.right, outer, Place::row_source));
  common_.resize(common);
  if (right.output.size() != left.output.size()) {
    return refuse("42601"_state, "each UNION query must have the same number of columns", operation.right->position);
  }
  for (std::size_t i = 0; i < left.output.size(); ++i) {
    const model::Type wanted = left.output[i].type, given = right.output[i].type;
    const bool other = given.oid != oid::unknown && given.oid != wanted.oid && !implicitly_castable(given.oid, wanted.oid);
    const bool narrower = given.oid == wanted.oid && given.modifier >= 0 && wanted.modifier >= 0 && given.modifier != wanted.modifier;
    if (other || narrower) {
      return refuse("42804"_state, "recursive query \"" + table.name + "\" column " + std::to_string(i + 1) + " has type " +
                                       model::format_type(wanted) + " in non-recursive term but type " + model::format_type({given.oid}) + " overall",
                    table.position, "Cast the output of the non-recursive term to the correct type.");
    }
    CROSSFADE_CHECK(coerce_output(*operation.right, i, wanted, CastContext::implicit));
    CROSSFADE_CHECK(form_output(*operation.right, i, left.output[i].form));
  }
  CROSSFADE_CHECK(bind_order_of_output(query.order_by, relation.columns));
  return bind_limits(query, outer);
}

}  // namespace crossfade::sql
