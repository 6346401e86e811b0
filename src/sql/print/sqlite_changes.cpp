#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

/// INSERT … SELECT … FROM t ON CONFLICT reads as a join's ON to SQLite's grammar, unless the SELECT has a WHERE.
bool needs_where(const Query& source) {
  const auto* select = std::get_if<Select>(&source.body);
  return select ? !select->where : !std::holds_alternative<Values>(source.body);
}

}  // namespace

void SqlitePrinter::relation(const RelationName& relation) {
  out_.refuse_if(relation.position, {{relation.printed.empty(), "relation \"" + relation.name + "\", not resolved,"}});
  if (!relation.printed_schema.empty()) {
    name(relation.printed_schema);
    out_.put('.');
  }
  name(relation.printed);
}

void SqlitePrinter::conflict_source(const Query& source) {
  if (!needs_where(source)) return query(source);
  out_.put("SELECT * FROM (");
  query(source);
  out_.put(") WHERE 1");
}

void SqlitePrinter::change(const Insert& insert) {
  out_.refuse_if(insert.relation.position, {{insert.overriding != Insert::Overriding::none, "OVERRIDING"}});
  with(insert.with);
  out_.put("INSERT INTO ");
  relation(insert.relation);
  if (!insert.alias.empty()) {
    out_.put(" AS ");
    name(insert.alias);
  }
  if (!insert.columns.empty()) {
    out_.put(" (");
    out_.list(insert.columns, ", ", [this](const TargetColumn& column) { target(column); });
    out_.put(')');
  }
  out_.put(' ');
  if (!insert.source) out_.put("DEFAULT VALUES");
  else if (insert.on_conflict) conflict_source(*insert.source);
  else query(*insert.source);
  if (insert.on_conflict) on_conflict(*insert.on_conflict);
  returning(insert.returning);
}

void SqlitePrinter::on_conflict(const OnConflict& conflict) {
  out_.refuse_if(conflict.position, {{!conflict.constraint.empty(), "ON CONFLICT ON CONSTRAINT"}});
  out_.put(" ON CONFLICT");
  if (!conflict.target.empty()) {
    out_.put(" (");
    out_.list(conflict.target, ", ", [&](const IndexPart& part) { index_part(part, conflict.position); });
    out_.put(')');
  }
  if (conflict.target_where) {
    out_.put(" WHERE ");
    expression(*conflict.target_where);
  }
  if (!conflict.update) return out_.put(" DO NOTHING");
  out_.put(" DO UPDATE SET ");
  assignments(conflict.assignments);
  if (!conflict.where) return;
  out_.put(" WHERE ");
  expression(*conflict.where);
}

void SqlitePrinter::target(const TargetColumn& column) {
  out_.refuse_if(column.position, {{!column.steps.empty(), "assigning to a part of a column"}});
  name(column.text);
}

void SqlitePrinter::assignments(const std::vector<Assignment>& assignments) {
  out_.list(assignments, ", ", [this](const Assignment& assignment) {
    const bool several = assignment.columns.size() > 1;
    keyword_if(several, "(");
    out_.list(assignment.columns, ", ", [this](const TargetColumn& column) { target(column); });
    keyword_if(several, ")");
    out_.put(" = ");
    expression(assignment.value);
  });
}

void SqlitePrinter::returning(const std::vector<ResultColumn>& columns) {
  if (columns.empty()) return;
  out_.put(" RETURNING ");
  out_.list(columns, ", ", [this](const ResultColumn& column) {
    in_returning_ = !std::holds_alternative<ColumnReference>(column.expression.node);
    targets({column});
    in_returning_ = false;
  });
}

void SqlitePrinter::change(const Update& update) {
  with(update.with);
  out_.put("UPDATE ");
  relation(update.relation.relation);
  alias(update.relation.alias, update.relation.relation.position);
  out_.put(" SET ");
  assignments(update.assignments);
  if (!update.from.empty()) from(update.from);
  if (update.where) {
    out_.put(" WHERE ");
    expression(*update.where);
  }
  returning(update.returning);
}

void SqlitePrinter::change(const Delete& delete_) {
  out_.refuse_if(delete_.relation.relation.position, {{!delete_.using_.empty(), "DELETE … USING"}});
  with(delete_.with);
  out_.put("DELETE FROM ");
  relation(delete_.relation.relation);
  alias(delete_.relation.alias, delete_.relation.relation.position);
  if (delete_.where) {
    out_.put(" WHERE ");
    expression(*delete_.where);
  }
  returning(delete_.returning);
}

}  // namespace crossfade::sql
