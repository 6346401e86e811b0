#include <algorithm>
#include <utility>

#include "bind/walk.hpp"
#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

/// May this join stand unparenthesised after a comma? SQLite joins from left to right, commas included.
bool reads_alike_after_comma(const FromItem& item) {
  const auto* join = std::get_if<Join>(&item.node);
  if (!join) return true;
  const bool outer = join->kind == Join::Kind::right || join->kind == Join::Kind::full;
  return !outer && !join->natural && join->using_columns.empty() && reads_alike_after_comma(*join->left);
}

bool is_plain_arm(const Query& query) {
  return !query.with && query.order_by.empty() && !query.limit && !query.offset && !query.with_ties && query.locks.empty();
}

bool reads_columns(const Expression& expression) {
  bool found = std::holds_alternative<ColumnReference>(expression.node);
  for_each_child(expression, [&](const Expression& child) { found = found || reads_columns(child); }, [&](const Query&) { found = true; });
  return found;
}

/// Is a part of the condition the same for every row? SQLite compares rows field by field, each a part of its own.
bool holds_constant(const Expression& condition) {
  const auto* compared = std::get_if<Operation>(&condition.node);
  const auto* left = compared && compared->left ? std::get_if<RowConstructor>(&compared->left->node) : nullptr;
  const auto* right = left ? std::get_if<RowConstructor>(&compared->right->node) : nullptr;
  for (std::size_t i = 0; right && i < left->fields.size(); ++i)
    if (!reads_columns(left->fields[i]) && !reads_columns(right->fields[i])) return true;
  const auto* logical = std::get_if<Logical>(&condition.node);
  if (!logical || logical->kind != Logical::Kind::and_) return !reads_columns(condition);
  return std::ranges::any_of(logical->arguments, holds_constant);
}

}  // namespace

void SqlitePrinter::query(const Query& query) {
  const bool around = std::exchange(outer_right_, false);
  out_.refuse_if(query.position, {{query.with_ties, "WITH TIES"}, {!query.locks.empty(), "a row lock that was not resolved"}});
  with(query.with);
  // SQLite's VALUES takes no ORDER BY or LIMIT of its own.
  const bool wrapped = std::holds_alternative<Values>(query.body) && (!query.order_by.empty() || query.limit || query.offset);
  keyword_if(wrapped, "SELECT * FROM (");
  body(query, query.position);
  keyword_if(wrapped, ")");
  if (!query.order_by.empty()) {
    out_.put(" ORDER BY ");
    order_by(query.order_by);
  }
  limit(query);
  outer_right_ = around;
}

void SqlitePrinter::body(const Query& query, Position position) {
  if (const auto* plain = std::get_if<Select>(&query.body)) select(*plain, position);
  else if (const auto* rows = std::get_if<Values>(&query.body)) values(*rows);
  else set_operation(std::get<SetOperation>(query.body), position);
}

void SqlitePrinter::select(const Select& select, Position position) {
  out_.refuse_if(position, {{select.distinct == Select::Distinct::on, "DISTINCT ON"}, {select.group_distinct, "GROUP BY DISTINCT"}, {!select.grouping_sets.empty(), "GROUPING SETS"}});
  out_.put("SELECT ");
  keyword_if(select.distinct == Select::Distinct::all, "DISTINCT ");
  targets(select.targets);
  if (select.targets.empty()) out_.put("NULL");  // rows without columns: SQLite's have one
  if (!select.from.empty()) from(select.from);
  if (select.where) {
    out_.put(" WHERE ");
    expression(*select.where);
  }
  if (!select.group_by.empty()) {
    out_.put(" GROUP BY ");
    expressions(select.group_by);
  }
  if (select.having) {
    out_.put(" HAVING ");
    expression(*select.having);
  }
  if (select.windows.empty()) return;
  out_.put(" WINDOW ");
  out_.list(select.windows, ", ", [this](const Window& each) {
    name(each.name);
    out_.put(" AS ");
    window(each);
  });
}

void SqlitePrinter::targets(const std::vector<ResultColumn>& targets) {
  out_.list(targets, ", ", [this](const ResultColumn& target) {
    expression(target.expression);
    if (target.alias.empty()) return;
    out_.put(" AS ");
    name(target.alias);
  });
}

void SqlitePrinter::values(const Values& values) {
  out_.put("VALUES ");
  out_.list(values.rows, ", ", [this](const Expressions& row) {
    out_.put('(');
    expressions(row);
    out_.put(')');
  });
}

/// SQLite evaluates set operations strictly from left to right and takes no parentheses round them.
void SqlitePrinter::set_operation(const SetOperation& operation, Position position) {
  using Kind = SetOperation::Kind;
  static constexpr std::string_view kWords[] = {" UNION ", " INTERSECT ", " EXCEPT "};  // by SetOperation::Kind
  out_.refuse_if(position, {{operation.all && operation.kind == Kind::intersect, "INTERSECT ALL"},
                            {operation.all && operation.kind == Kind::except, "EXCEPT ALL"}});
  arm(*operation.left, false);
  out_.put(kWords[static_cast<std::size_t>(operation.kind)]);
  keyword_if(operation.all, "ALL ");
  arm(*operation.right, true);
}

void SqlitePrinter::arm(const Query& query, bool right) {
  const bool nested = std::holds_alternative<SetOperation>(query.body);
  if (is_plain_arm(query) && !(right && nested)) return body(query, query.position);
  out_.put("SELECT * FROM (");
  this->query(query);
  out_.put(')');
}

void SqlitePrinter::with(const Box<With>& with) {
  static constexpr std::string_view kMaterialize[] = {"", "MATERIALIZED ", "NOT MATERIALIZED "};  // by CommonTable::Materialize
  if (!with) return;
  out_.put("WITH ");
  keyword_if(with->recursive, "RECURSIVE ");
  out_.list(with->tables, ", ", [this](const CommonTable& table) {
    name(table.name);
    names(table.columns);
    out_.put(" AS ");
    out_.put(kMaterialize[static_cast<std::size_t>(table.materialize)]);
    out_.put('(');
    const auto* select = std::get_if<Query>(&table.statement->node);
    out_.refuse_if(table.position, {{!select, "INSERT, UPDATE or DELETE in WITH"}});
    if (select) query(*select);
    out_.put(')');
  });
  out_.put(' ');
}

void SqlitePrinter::from(const std::vector<FromItem>& items) {
  out_.put(" FROM ");
  bool first = true;
  out_.list(items, ", ", [&](const FromItem& item) {
    const bool parentheses = !first && !reads_alike_after_comma(item);
    first = false;
    keyword_if(parentheses, "(");
    from_item(item);
    keyword_if(parentheses, ")");
  });
}

void SqlitePrinter::from_item(const FromItem& item) {
  if (const auto* table = std::get_if<TableReference>(&item.node)) {
    relation(table->relation);  // ONLY says nothing where no table inherits
    alias(table->alias, item.position);
  } else if (const auto* inner = std::get_if<SubqueryReference>(&item.node)) {
    out_.refuse_if(item.position, {{inner->lateral, "LATERAL"}});
    out_.put('(');
    query(*inner->query);
    out_.put(')');
    alias(inner->alias, item.position);
  } else if (const auto* function = std::get_if<FunctionReference>(&item.node)) {
    out_.refuse_if(item.position, {{function->ordinality, "WITH ORDINALITY"},
                                   {!function->columns.empty(), "a column definition list of a function"}});
    const bool apart = outer_right_ && !reads_columns(function->call);  // SQLite finds no plan for the function itself there
    keyword_if(apart, "(SELECT * FROM ");
    expression(function->call);
    keyword_if(apart, ")");
    alias(function->alias, item.position);
  } else {
    join(std::get<Join>(item.node), item.position);
  }
}

void SqlitePrinter::alias(const Alias& alias, Position position) {
  out_.refuse_if(position, {{!alias.columns.empty(), "an alias with a column list"}});
  if (alias.name.empty()) return;
  out_.put(" AS ");
  name(alias.name);
}

void SqlitePrinter::join(const Join& join, Position position) {
  static constexpr std::string_view kWords[] = {"JOIN ", "LEFT JOIN ", "RIGHT JOIN ", "FULL JOIN ", "JOIN "};  // by Join::Kind
  out_.refuse_if(position, {{!join.alias.name.empty(), "an alias of a join"}, {!join.using_alias.empty(), "an alias of USING"}});
  const bool around = std::exchange(outer_right_, outer_right_ || join.kind == Join::Kind::right || join.kind == Join::Kind::full);
  from_item(*join.left);
  out_.put(' ');
  keyword_if(join.natural, "NATURAL ");
  out_.put(kWords[static_cast<std::size_t>(join.kind)]);
  const bool nested = std::holds_alternative<Join>(join.right->node);
  keyword_if(nested, "(");
  from_item(*join.right);
  keyword_if(nested, ")");
  if (join.on) {
    // Of an inner join beside a RIGHT or FULL one, SQLite 3.40 takes a constant condition for the whole WHERE's.
    const bool constant = outer_right_ && join.kind == Join::Kind::inner && holds_constant(*join.on);
    out_.put(constant ? " ON CASE WHEN random() IS NOT NULL THEN " : " ON ");
    expression(*join.on);
    keyword_if(constant, " END");
  }
  outer_right_ = around;
  if (join.using_columns.empty()) return;
  out_.put(" USING (");
  out_.list(join.using_columns, ", ", [this](const Name& column) { name(column.text); });
  out_.put(')');
}

void SqlitePrinter::limit(const Query& query) {
  if (!query.limit && !query.offset) return;
  out_.put(" LIMIT ");
  if (query.limit) expression(*query.limit);
  else out_.put("-1");  // SQLite takes no OFFSET alone
  if (!query.offset) return;
  out_.put(" OFFSET ");
  expression(*query.offset);
}

}  // namespace crossfade::sql
