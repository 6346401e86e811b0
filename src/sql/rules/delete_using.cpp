#include "rules/rules.hpp"

namespace crossfade::sql::rules {

const Rule kDeleteUsing{"delete_using", "DELETE FROM t USING g WHERE t.id = g.a",
                        "DELETE FROM t WHERE rowid IN (SELECT t.rowid FROM t AS t, g AS g WHERE t.id = g.a)"};

model::Result<void> delete_using(Delete& statement, const plan::Table& table) {
  if (statement.using_.empty()) return {};
  const Position position = statement.relation.relation.position;
  if (table.without_rowid) return unsupported("DELETE … USING on a WITHOUT ROWID table", position);
  for (const plan::Column& column : table.columns) {
    if (plan::fold(column.sqlite_name) == "rowid") return unsupported("DELETE … USING on a table with a column \"rowid\"", position);
  }
  const model::Type int8{model::oid::int8};
  const auto rowid = [&](std::string qualifier) {
    return Expression{ColumnReference{{}, {}, "rowid", std::move(qualifier), "rowid", nullptr}, kNowhere, int8, plan::runtime_form(int8)};
  };
  Select select;
  select.targets.push_back({rowid(statement.relation.alias.name), {}});
  select.from.push_back({statement.relation, position});
  for (FromItem& item : statement.using_) select.from.push_back(std::move(item));
  if (statement.where) select.where = std::move(*statement.where);
  statement.using_.clear();
  statement.relation.alias = {};
  Query query;
  query.body = std::move(select);
  Subquery in{.kind = Subquery::Kind::any, .operand = rowid({}), .operation = "=", .in_syntax = true, .query = std::move(query)};
  const model::Type boolean{model::oid::boolean};
  statement.where = Expression{std::move(in), position, boolean, plan::runtime_form(boolean)};
  return {};
}

}  // namespace crossfade::sql::rules
