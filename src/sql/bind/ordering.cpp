#include <algorithm>

#include "bind/binder.hpp"
#include "bind/walk.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// The output column that a bare name or a whole number means. Errors: 42P10, 42702.
Result<std::optional<std::size_t>> output_place(const Expression& expression, const Output& output, std::string_view clause) {
  if (const auto* literal = std::get_if<Literal>(&expression.node)) {
    if (literal->kind != Literal::Kind::integer) {
      if (literal->kind == Literal::Kind::null) return std::optional<std::size_t>{};
      return refuse("42601"_state, "non-integer constant in " + std::string{clause}, expression.position);
    }
    const std::size_t place = literal->text.size() < 6 ? std::stoul(literal->text) : 0;
    if (place < 1 || place > output.size()) {
      return refuse("42P10"_state, std::string{clause} + " position " + literal->text + " is not in select list", expression.position);
    }
    return std::optional{place - 1};
  }
  const auto* name = std::get_if<ColumnReference>(&expression.node);
  if (!name || !name->table.empty()) return std::optional<std::size_t>{};
  const auto found = std::ranges::find(output, name->name, &OutputItem::name);
  return found == output.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - output.begin())};
}

/// Two output columns of the name `expression` that are not the same column. Errors: 42702.
Result<void> one_of_its_name(const Expression& expression, const Output& output, const std::vector<ResultColumn>& targets, std::size_t place, std::string_view clause) {
  if (!std::holds_alternative<ColumnReference>(expression.node)) return {};
  const auto* first = std::get_if<ColumnReference>(&targets[place].expression.node);
  for (std::size_t i = place + 1; i < output.size(); ++i) {
    if (output[i].name != output[place].name) continue;
    const auto* other = std::get_if<ColumnReference>(&targets[i].expression.node);
    const bool same = first && other && first->table == other->table && first->name == other->name;
    if (!same) return refuse("42702"_state, std::string{clause} + " \"" + output[place].name + "\" is ambiguous", expression.position);
  }
  return {};
}

/// SQLite makes a whole number of what holds `AND false`, of its cast to integer too, and reads one through parentheses and signs.
bool becomes_number(const Expression& expression) {
  if (std::holds_alternative<Logical>(expression.node)) return true;
  if (const auto* known = std::get_if<Constant>(&expression.node)) return std::holds_alternative<std::int64_t>(known->value);  // of any type: true and dates are whole numbers too
  if (const auto* sign = std::get_if<Operation>(&expression.node)) return !sign->left && becomes_number(*sign->right);
  const auto* cast = std::get_if<Template>(&expression.node);
  if (!cast || !std::ranges::any_of(cast->arguments, becomes_number)) return false;
  return expression.type.oid == oid::int4 || cast->text.find_first_not_of("($1)+- ") == std::string::npos;
}

/// SQLite reads a whole number in ORDER BY and GROUP BY as the place of a column.
void not_a_place(Expression& expression) {
  if (!becomes_number(expression)) return;
  Expression value = expression;
  expression.node = NativeCast{std::move(value), "INTEGER"};
}

}  // namespace

/// NULLs last ascending and first descending, said out loud where SQLite means otherwise and NULLs can be.
Result<void> Binder::finish_order_item(OrderItem& item, Select& select, const Scope& scope) {
  CROSSFADE_TRY(const bool kept, keep_inside(item.expression, select, scope, Need::order));
  if (kept) {
    if (item.nulls == OrderItem::Nulls::unspecified) item.nulls = item.direction == OrderItem::Direction::descending ? OrderItem::Nulls::first : OrderItem::Nulls::last;
    return {};
  }
  return finish_order_item(item, scope);
}

Result<void> Binder::finish_order_item(OrderItem& item, const Scope& scope) {
  const bool descending = item.direction == OrderItem::Direction::descending;
  const auto* reference = std::get_if<ColumnReference>(&item.expression.node);
  const bool never_null = reference && reference->column && reference->column->not_null && !scope.outer_join;
  if (item.nulls == OrderItem::Nulls::unspecified && !never_null) {
    item.nulls = descending ? OrderItem::Nulls::first : OrderItem::Nulls::last;
  }
  if (never_null) item.nulls = OrderItem::Nulls::unspecified;
  not_a_place(item.expression);
  return comparable(item.expression, Need::order);
}

Result<void> Binder::bind_order(std::vector<OrderItem>& items, Select& select, Scope& scope, const Output& output) {
  for (OrderItem& item : items) {
    CROSSFADE_TRY(const auto place, output_place(item.expression, output, "ORDER BY"));
    item.place = place;
    if (!place) {
      CROSSFADE_CHECK(bind(item.expression, scope, Clause::order_by));
      const std::string own = typed_signature(item.expression);
      const auto same = std::ranges::find_if(select.targets, [&](const ResultColumn& target) { return typed_signature(target.expression) == own; });
      if (same != select.targets.end()) item.place = static_cast<std::size_t>(same - select.targets.begin());
      continue;
    }
    CROSSFADE_CHECK(one_of_its_name(item.expression, output, select.targets, *place, "ORDER BY"));
    const Position position = item.expression.position;
    item.expression = select.targets[*place].expression;
    item.expression.position = position;
  }
  return {};
}

/// ORDER BY of VALUES and set operations: only their columns, printed as places.
Result<void> Binder::bind_order_of_output(std::vector<OrderItem>& items, const Output& output) {
  for (OrderItem& item : items) {
    CROSSFADE_TRY(const auto place, output_place(item.expression, output, "ORDER BY"));
    if (!place) {
      if (const auto* name = std::get_if<ColumnReference>(&item.expression.node)) {
        return refuse("42703"_state, "column \"" + name->name + "\" does not exist", item.expression.position);
      }
      return refuse("0A000"_state, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause", item.expression.position,
                    "Add the expression/function to every SELECT, or move the UNION into a FROM clause.",
                    "Only result column names can be used, not expressions or functions.");
    }
    item.place = place;
    const bool descending = item.direction == OrderItem::Direction::descending;
    if (item.nulls == OrderItem::Nulls::unspecified) item.nulls = descending ? OrderItem::Nulls::first : OrderItem::Nulls::last;
    const OutputItem& column = output[*place];
    Expression number = constant(static_cast<std::int64_t>(*place + 1), {oid::int8}, item.expression.position);
    number.type = {oid::void_};
    auto collation = order_collation(column.form, column.type);
    if (column.type.oid == oid::bpchar) collation = "RTRIM";
    else if (!collation && is_textual(column.type.oid)) collation = "BINARY";  // the first part's column may have another one
    if (collation) number = {Collate{number, {}, {}, *collation}, number.position, number.type, number.form};
    item.expression = std::move(number);
  }
  return {};
}

Result<void> Binder::bind_group(Select& select, Scope& scope, const Output& output) {
  for (Expression& expression : select.group_by) {
    std::optional<std::size_t> place;
    const auto* name = std::get_if<ColumnReference>(&expression.node);
    const bool input = name && std::ranges::any_of(scope.visible, [&](const Visible& column) { return column.name == name->name; });
    if (!input) {
      CROSSFADE_TRY(place, output_place(expression, output, "GROUP BY"));
    }
    if (!place) {
      CROSSFADE_CHECK(bind(expression, scope, Clause::group_by));
      CROSSFADE_CHECK(settle(expression));
      continue;
    }
    const Position position = expression.position;
    expression = select.targets[*place].expression;
    expression.position = position;
    CROSSFADE_CHECK(refuse_aggregates(expression, "GROUP BY"));
  }
  for (Expression& expression : select.group_by) not_a_place(expression);
  if (select.group_distinct) return unsupported("GROUP BY DISTINCT", select.group_by.front().position);
  return {};
}

Result<void> Binder::refuse_aggregates(const Expression& expression, std::string_view clause) {
  if (const auto* call = std::get_if<FunctionCall>(&expression.node)) {
    return refuse("42803"_state, std::string{call->over ? "window" : "aggregate"} + " functions are not allowed in " + std::string{clause}, expression.position);
  }
  Result<void> result;
  for_each_child(expression, [&](const Expression& child) { if (result) result = refuse_aggregates(child, clause); }, [](const Query&) {});
  return result;
}

namespace {

/// Looks for a column of the grouped relations outside aggregates that the groups do not determine.
class GroupingCheck {
 public:
  GroupingCheck(const Select& select, const Scope& scope) : scope_(scope) {
    for (const Expression& grouped : select.group_by) {
      const auto* guarded = std::get_if<NativeCast>(&grouped.node);  // by not_a_place()
      for (const Expression* each : {&grouped, guarded ? &*guarded->argument : &grouped}) groups_.insert(typed_signature(*each)), columns_.insert(signature(*each));
    }
    for (const RelationPointer& relation : scope.relations) {
      if (relation->table && key_grouped(*relation)) determined_.insert(relation->printed);
    }
  }

  Result<void> check(const Expression& expression) {
    if (groups_.contains(typed_signature(expression)) || casts_group(expression)) return {};
    if (const auto* call = std::get_if<FunctionCall>(&expression.node); call && !call->over) return {};
    if (const auto* column = std::get_if<ColumnReference>(&expression.node)) return check_column(*column, expression.position);
    Result<void> result;
    for_each_child(expression, [&](const Expression& child) { if (result) result = check(child); }, [&](const Query& query) { if (result) result = check(query); });
    return result;
  }

 private:
  Result<void> check(const Query& query) {
    Result<void> result;
    const auto on_expression = [&](const Expression& child) { if (result) result = check(child); };
    for_each_in_query(query, on_expression, [&](const Query& inner) { if (result) result = check(inner); },
                      [&](const Statement& inner) { if (const auto* q = std::get_if<Query>(&inner.node); q && result) result = check(*q); });
    return result;
  }
  Result<void> check_column(const ColumnReference& column, Position position) {
    for (const RelationPointer& relation : scope_.relations) {
      if (relation->printed != column.printed_qualifier || determined_.contains(relation->printed)) continue;
      return refuse("42803"_state, "column \"" + relation->alias + "." + column.name + "\" must appear in the GROUP BY clause or be used in an aggregate function", position);
    }
    return {};
  }
  /// n::text where n is grouped by: a cast that changes nothing in the file is the column still.
  bool casts_group(const Expression& expression) const {
    const auto* column = std::get_if<ColumnReference>(&expression.node);
    if (!column) return false;
    Expression own = expression;
    if (column->column) own.type = column->column->type;
    return column->column ? groups_.contains(typed_signature(own)) : columns_.contains(signature(expression));
  }
  /// The whole primary key is grouped by: it determines the relation's other columns.
  bool key_grouped(const Relation& relation) const {
    const auto key = relation.table->key();
    return !key.empty() && std::ranges::all_of(key, [&](const plan::Column* part) {
      return std::ranges::any_of(relation.columns, [&](const Visible& column) {
        const auto* reference = std::get_if<ColumnReference>(&column.expression.node);
        return reference && reference->column == part && groups_.contains(typed_signature(column.expression));
      });
    });
  }

  const Scope& scope_;
  std::set<std::string> groups_, columns_, determined_;  // columns_: without types, for those of derived tables
};

}  // namespace

Result<void> Binder::check_grouping(Query& query, Select& select, const Scope& scope) {
  GroupingCheck grouping{select, scope};
  for (const ResultColumn& target : select.targets) CROSSFADE_CHECK(grouping.check(target.expression));
  if (select.having) CROSSFADE_CHECK(grouping.check(*select.having));
  for (const OrderItem& item : query.order_by) CROSSFADE_CHECK(grouping.check(item.expression));
  return {};
}

/// ORDER BY over a primary key or NOT NULL unique index of a single table: no ties.
bool Binder::ordered_by_key(const Query& query, const Select& select, const Scope& scope) {
  if (scope.relations.size() != 1 || !scope.relations.front()->table || !select.group_by.empty()) return false;
  const plan::Table& table = *scope.relations.front()->table;
  std::set<std::string_view> ordered;
  for (const OrderItem& item : query.order_by) {
    const auto* reference = std::get_if<ColumnReference>(&item.expression.node);
    if (reference && reference->column) ordered.insert(reference->column->name);
  }
  const auto key = table.key();
  return !key.empty() && std::ranges::all_of(key, [&](const plan::Column* part) { return ordered.contains(part->name); });
}

}  // namespace crossfade::sql
