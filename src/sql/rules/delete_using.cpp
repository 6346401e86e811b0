#include <algorithm>

#include "rules/rules.hpp"

namespace crossfade::sql::rules {

const Rule kDeleteUsing{"delete_using", "DELETE FROM t USING g WHERE t.id = g.a",
                        "DELETE FROM t WHERE rowid IN (SELECT t.rowid FROM t AS t, g AS g WHERE t.id = g.a)"};

bool has_row_number(const plan::Table& table) {
  const auto hides = [](const plan::Column& column) { return plan::fold(column.sqlite_name) == "rowid"; };
  return !table.view && !table.without_rowid && std::ranges::none_of(table.columns, hides);
}

Expression row_number(std::string qualifier) {
  const model::Type int8{model::oid::int8};
  return {ColumnReference{{}, {}, "rowid", std::move(qualifier), "rowid", nullptr}, kNowhere, int8, plan::runtime_form(int8)};
}

model::Result<void> delete_using(Delete& statement, const plan::Table& table) {
  if (statement.using_.empty()) return {};
  const Position position = statement.relation.relation.position;
  if (table.without_rowid) return unsupported("DELETE … USING on a WITHOUT ROWID table", position);
  if (!has_row_number(table)) return unsupported("DELETE … USING on a table with a column \"rowid\"", position);
  Select select;
  select.targets.push_back({row_number(statement.relation.alias.name), {}});
  select.from.push_back({statement.relation, position});
  for (FromItem& item : statement.using_) select.from.push_back(std::move(item));
  if (statement.where) select.where = std::move(*statement.where);
  statement.using_.clear();
  statement.relation.alias = {};
  Query query;
  query.body = std::move(select);
  Subquery in{.kind = Subquery::Kind::any, .operand = row_number({}), .operation = "=", .in_syntax = true, .query = std::move(query)};
  const model::Type boolean{model::oid::boolean};
  statement.where = Expression{std::move(in), position, boolean, plan::runtime_form(boolean)};
  return {};
}

}  // namespace crossfade::sql::rules
