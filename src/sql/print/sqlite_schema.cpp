#include <algorithm>

#include "sqlite_printer.hpp"

namespace crossfade::sql {
namespace {

constexpr std::string_view kActions[] = {"NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"};  // by Constraint::Action
constexpr std::string_view kObjects[] = {"TABLE ", "INDEX ", "VIEW "};                                  // by Drop::Object

bool has_primary_key(const ColumnDefinition& column) {
  return std::ranges::any_of(column.constraints, [](const Constraint& each) { return each.kind == Constraint::Kind::primary_key; });
}

}  // namespace

void SqlitePrinter::define(const CreateTable& create) {
  out_.refuse_if(create.relation.position,
                 {{create.persistence == Persistence::unlogged, "UNLOGGED"}, {create.columns.empty(), "a table without columns"},
                  {create.on_commit == OnCommit::delete_rows, "ON COMMIT DELETE ROWS"},
                  {create.on_commit == OnCommit::drop, "ON COMMIT DROP"}});
  out_.put("CREATE ");
  keyword_if(create.persistence == Persistence::temporary, "TEMP ");
  out_.put("TABLE ");
  keyword_if(create.if_not_exists, "IF NOT EXISTS ");
  relation(create.relation);
  out_.put(" (");
  out_.list(create.columns, ", ", [this](const ColumnDefinition& each) { column(each); });
  for (const Constraint& each : create.constraints) {
    out_.put(", ");
    constraint(each, nullptr);
  }
  out_.put(')');
  keyword_if(create.without_rowid, " WITHOUT ROWID");
  keyword_if(create.without_rowid && create.strict, ",");
  keyword_if(create.strict, " STRICT");
}

model::Result<std::string> SqlitePrinter::alone(const ColumnDefinition& definition) {
  column(definition);
  return out_.take();
}

model::Result<std::string> SqlitePrinter::alone(const Constraint& written) {
  constraint(written, nullptr);
  return out_.take();
}

void SqlitePrinter::column(const ColumnDefinition& column) {
  out_.refuse_if(column.position,
                 {{column.serial && !has_primary_key(column), "a serial column that is not the primary key"},
                  {!column.collation.empty() && column.collation != "BINARY", "collation \"" + column.collation + "\""}});
  name(column.name);
  if (!column.declared.empty()) {
    out_.put(' ');
    out_.put(column.declared);
  }
  if (!column.collation.empty()) out_.put(" COLLATE BINARY");
  for (const Constraint& each : column.constraints) {
    if (each.kind == Constraint::Kind::null) continue;  // NULL is every column's default
    out_.put(' ');
    constraint(each, &column);
  }
}

/// `column`: of a column constraint; nullptr for one of the table.
void SqlitePrinter::constraint(const Constraint& constraint, const ColumnDefinition* column) {
  using Kind = Constraint::Kind;
  const bool unique = constraint.kind == Kind::unique || constraint.kind == Kind::primary_key;
  out_.refuse_if(constraint.position,
                 {{constraint.kind == Kind::identity, "an identity that was not resolved"},
                  {constraint.not_valid, "NOT VALID"}, {constraint.nulls_not_distinct, "NULLS NOT DISTINCT"},
                  {unique && (constraint.deferrable || constraint.initially_deferred), "a unique constraint that is DEFERRABLE"},
                  {constraint.match == Constraint::Match::full, "MATCH FULL"}});
  if (!constraint.name.empty()) {
    out_.put("CONSTRAINT ");
    name(constraint.name);
    out_.put(' ');
  }
  const auto parenthesised = [&](std::string_view keyword) {
    out_.put(keyword);
    out_.put(" (");
    expression(*constraint.expression);
    out_.put(')');
  };
  switch (constraint.kind) {
    case Kind::not_null: return out_.put("NOT NULL");
    case Kind::default_: return parenthesised("DEFAULT");
    case Kind::check: return parenthesised("CHECK");
    case Kind::generated:
      parenthesised("GENERATED ALWAYS AS");
      return out_.put(" STORED");
    case Kind::primary_key:
    case Kind::unique:
      out_.put(constraint.kind == Kind::unique ? "UNIQUE" : "PRIMARY KEY");
      names(constraint.columns);
      return keyword_if(column && column->serial && constraint.kind == Kind::primary_key, " AUTOINCREMENT");
    case Kind::foreign_key:
      if (!column) {
        out_.put("FOREIGN KEY");
        names(constraint.columns);
        out_.put(' ');
      }
      return reference(constraint);
    case Kind::identity:
    case Kind::null: return;
  }
}

void SqlitePrinter::reference(const Constraint& constraint) {
  out_.put("REFERENCES ");
  relation(constraint.target);
  names(constraint.target_columns);
  const auto action = [this](std::string_view event, Constraint::Action what) {
    if (what == Constraint::Action::no_action) return;
    out_.put(event);
    out_.put(kActions[static_cast<std::size_t>(what)]);
  };
  action(" ON UPDATE ", constraint.on_update);
  action(" ON DELETE ", constraint.on_delete);
  keyword_if(constraint.deferrable, " DEFERRABLE");
  keyword_if(constraint.initially_deferred, " INITIALLY DEFERRED");
}

void SqlitePrinter::define(const CreateTableAs& create) {
  out_.refuse_if(create.relation.position,
                 {{create.materialized_view, "CREATE MATERIALIZED VIEW"}, {!create.with_data, "WITH NO DATA"},
                  {!create.columns.empty(), "column names of CREATE TABLE AS"},
                  {create.persistence == Persistence::unlogged, "UNLOGGED"},
                  {create.on_commit == OnCommit::delete_rows || create.on_commit == OnCommit::drop, "ON COMMIT"}});
  out_.put("CREATE ");
  keyword_if(create.persistence == Persistence::temporary, "TEMP ");
  out_.put("TABLE ");
  keyword_if(create.if_not_exists, "IF NOT EXISTS ");
  relation(create.relation);
  out_.put(" AS ");
  query(*create.query);
}

void SqlitePrinter::define(const CreateIndex& create) {
  // CONCURRENTLY changes how long PostgreSQL locks, not what there is afterwards.
  out_.refuse_if(create.relation.position,
                 {{create.name.empty(), "an index without a name"}, {create.nulls_not_distinct, "NULLS NOT DISTINCT"},
                  {create.method != "btree" && !create.method.empty(), "index method \"" + create.method + "\""}});
  out_.put("CREATE ");
  keyword_if(create.unique, "UNIQUE ");
  out_.put("INDEX ");
  keyword_if(create.if_not_exists, "IF NOT EXISTS ");
  // SQLite takes a schema before the index's name, and none before the table's.
  RelationName index = create.relation, table = create.relation;
  index.printed = create.name;
  table.printed_schema.clear();
  relation(index);
  out_.put(" ON ");
  relation(table);
  out_.put(" (");
  out_.list(create.parts, ", ", [&](const IndexPart& part) { index_part(part, create.relation.position); });
  out_.put(')');
  if (!create.where) return;
  out_.put(" WHERE ");
  expression(*create.where);
}

void SqlitePrinter::index_part(const IndexPart& part, Position position) {
  out_.refuse_if(position, {{!part.operator_class.empty(), "operator class \"" + part.operator_class + "\""},
                            {part.nulls != OrderItem::Nulls::unspecified, "NULLS FIRST or LAST in an index"}});
  if (part.expression) operand(*part.expression);
  else name(part.column.text);
  if (!part.collation.empty()) {
    out_.put(" COLLATE ");
    name(part.collation);
  }
  keyword_if(part.direction == OrderItem::Direction::ascending, " ASC");
  keyword_if(part.direction == OrderItem::Direction::descending, " DESC");
}

void SqlitePrinter::define(const CreateView& create) {
  out_.refuse_if(create.relation.position, {{create.or_replace, "CREATE OR REPLACE VIEW"}});
  out_.put("CREATE ");
  keyword_if(create.persistence == Persistence::temporary, "TEMP ");
  out_.put("VIEW ");
  relation(create.relation);
  names(create.columns);
  out_.put(" AS ");
  query(*create.query);
}

void SqlitePrinter::alter(const AlterTable& alter, std::size_t action) {
  const Position position = alter.relation.position;
  out_.refuse_if(position, {{alter.object != AlterTable::Object::table, "ALTER of this kind of object"},
                            {alter.if_exists, "ALTER TABLE IF EXISTS, not resolved,"}});
  out_.put("ALTER TABLE ");
  relation(alter.relation);
  const auto& written = alter.actions[action];
  if (const auto* add = std::get_if<AddColumn>(&written)) {
    out_.refuse_if(position, {{add->if_not_exists, "ADD COLUMN IF NOT EXISTS, not resolved,"}});
    out_.put(" ADD COLUMN ");
    column(add->column);
  } else if (const auto* dropped = std::get_if<DropColumn>(&written)) {
    out_.refuse_if(position, {{dropped->if_exists, "DROP COLUMN IF EXISTS, not resolved,"}, {dropped->cascade, "CASCADE"}});
    out_.put(" DROP COLUMN ");
    name(dropped->column);
  } else if (const auto* renamed = std::get_if<RenameColumn>(&written)) {
    out_.put(" RENAME COLUMN ");
    name(renamed->column);
    out_.put(" TO ");
    name(renamed->new_name);
  } else if (const auto* table = std::get_if<RenameTable>(&written)) {
    out_.put(" RENAME TO ");
    name(table->new_name);
  } else {
    out_.refuse(position, "this form of ALTER TABLE");
  }
}

void SqlitePrinter::drop(const Drop& drop, const RelationName& dropped) {
  out_.refuse_if(dropped.position, {{drop.cascade, "CASCADE"}});
  out_.put("DROP ");
  out_.put(kObjects[static_cast<std::size_t>(drop.object)]);
  keyword_if(drop.if_exists, "IF EXISTS ");
  relation(dropped);
}

}  // namespace crossfade::sql
