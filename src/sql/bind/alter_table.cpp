#include <algorithm>

#include "bind/schema_binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

Result<void> SchemaBinder::bind_index_part(IndexPart& part, const CreateIndex& create, const plan::Table& table) {
  if (!part.operator_class.empty()) return unsupported("operator class \"" + part.operator_class + "\"", part.column.position);
  if (part.collation == "C" || part.collation == "POSIX" || part.collation == "default") part.collation.clear();
  if (!part.collation.empty()) {
    return refuse("42704"_state, "collation \"" + part.collation + "\" for encoding \"UTF8\" does not exist", part.column.position);
  }
  part.nulls = OrderItem::Nulls::unspecified;  // what a query's ORDER BY says about NULLs it says itself
  if (part.expression) return bind_persisted(*part.expression, table, "an index");
  const plan::Column* column = table.find_column(part.column.text);
  if (!column) return refuse("42703"_state, "column \"" + part.column.text + "\" does not exist", part.column.position);
  part.column.text = column->sqlite_name;
  const bool run_time_order = column->type.oid == oid::timetz || model::element_of(column->type);
  const bool loose = run_time_order || column->type.oid == oid::interval || column->type.oid == oid::jsonb || (column->type.oid == oid::numeric && column->type.modifier < 0);
  if (create.unique && loose) return unsupported("a unique index over column \"" + column->name + "\" of type " + model::format_type(column->type), part.column.position);
  return {};
}

Result<void> SchemaBinder::bind(CreateIndex& create, Statement& statement) {
  CROSSFADE_TRY(const plan::Table* table, find(create.relation, "relation"));
  if (table->view) return refuse("42809"_state, "\"" + table->name + "\" is not a table", kNowhere);
  if (create.name.empty()) {
    create.name = table->name;
    for (const IndexPart& part : create.parts) create.name += "_" + (part.expression ? std::string{"expr"} : part.column.text);
    create.name += "_idx";
  }
  RelationName name{.name = create.name};
  CROSSFADE_TRY(const bool exists, taken(name, create.if_not_exists ? Existing::skip : Existing::refuse));
  if (exists) return {};
  create.if_not_exists = false;
  for (IndexPart& part : create.parts) CROSSFADE_CHECK(bind_index_part(part, create, *table));
  if (create.where) CROSSFADE_CHECK(bind_persisted(*create.where, *table, "the predicate of an index"));
  return finish(statement);
}

Result<void> SchemaBinder::add_column(AddColumn& add, const plan::Table& table) {
  ColumnDefinition& definition = add.column;
  for (const Constraint& constraint : definition.constraints) {
    const bool key = constraint.kind == Constraint::Kind::primary_key || constraint.kind == Constraint::Kind::unique;
    if (key) return unsupported("ADD COLUMN with a key", definition.position, "CREATE UNIQUE INDEX after it works.");
  }
  CROSSFADE_TRY(plan::Column column, describe_column(definition, table.name));
  plan::Table wider = table;
  wider.columns.push_back(column);
  CROSSFADE_CHECK(bind_column(definition, wider));
  const auto given = std::ranges::find(definition.constraints, Constraint::Kind::default_, &Constraint::kind);
  const bool filled = given != definition.constraints.end();
  if (filled && !std::holds_alternative<Constant>(given->expression->node)) {
    return unsupported("ADD COLUMN with a DEFAULT that is not a constant", definition.position);
  }
  if (column.not_null && !filled) return unsupported("ADD COLUMN … NOT NULL without a DEFAULT", definition.position, "Give it a DEFAULT.");
  result_.type_changes.push_back({TypeChange::Verb::declare, {table.name, column.name, column.type, column.form, column.serial}, {}});
  return {};
}

Result<void> SchemaBinder::drop_column(const DropColumn& drop, const plan::Table& table, Position position) {
  const plan::Column& column = *table.find_column(drop.column);
  const auto names = [&](const std::vector<std::string>& list) { return std::ranges::find(list, column.name) != list.end(); };
  const bool indexed = std::ranges::any_of(table.indexes, [&](const plan::Index& index) {
    return index.predicate || std::ranges::any_of(index.parts, [&](const plan::IndexPart& part) { return part.column == column.name || part.column.empty(); });
  });
  const bool refers = std::ranges::any_of(table.foreign_keys, [&](const plan::ForeignKey& key) { return names(key.columns); });
  if (column.primary_key > 0 || indexed || refers || !table.checks.empty() || drop.cascade) {
    return unsupported("DROP COLUMN of a column that an index, key or check uses", position);
  }
  result_.type_changes.push_back({TypeChange::Verb::forget_column, {.table = table.name, .column = column.name}, {}});
  return {};
}

Result<void> SchemaBinder::bind(AlterTable& alter, Statement& statement) {
  if (alter.object != AlterTable::Object::table) return unsupported("ALTER of this kind of object", alter.relation.position);
  if (alter.if_exists && !context_.schema->find(alter.relation.schema, alter.relation.name)) {
    note("00000"_state, "relation \"" + alter.relation.name + "\" does not exist, skipping");
    return {};
  }
  alter.if_exists = false;
  CROSSFADE_TRY(const plan::Table* table, find(alter.relation, "relation"));
  const auto missing = [&](const std::string& column, bool relation) {
    return refuse("42703"_state, "column \"" + column + "\"" + (relation ? " of relation \"" + table->name + "\"" : "") + " does not exist", kNowhere);
  };
  std::erase_if(alter.actions, [&](auto& action) {
    const auto* add = std::get_if<AddColumn>(&action);
    const bool skipped = add && add->if_not_exists && table->find_column(add->column.name);
    if (skipped) note("42701"_state, "column \"" + add->column.name + "\" of relation \"" + table->name + "\" already exists, skipping");
    const auto* drop = std::get_if<DropColumn>(&action);
    const bool gone = drop && drop->if_exists && !table->find_column(drop->column);
    if (gone) note("00000"_state, "column \"" + drop->column + "\" of relation \"" + table->name + "\" does not exist, skipping");
    return skipped || gone;
  });
  for (auto& action : alter.actions) {
    if (auto* add = std::get_if<AddColumn>(&action)) {
      if (table->find_column(add->column.name)) {
        return refuse("42701"_state, "column \"" + add->column.name + "\" of relation \"" + table->name + "\" already exists", kNowhere);
      }
      add->if_not_exists = false;
      CROSSFADE_CHECK(add_column(*add, *table));
    } else if (auto* drop = std::get_if<DropColumn>(&action)) {
      if (!table->find_column(drop->column)) return missing(drop->column, true);
      drop->if_exists = false;
      CROSSFADE_CHECK(drop_column(*drop, *table, alter.relation.position));
      drop->column = table->find_column(drop->column)->sqlite_name;
    } else if (auto* rename = std::get_if<RenameColumn>(&action)) {
      const plan::Column* column = table->find_column(rename->column);
      if (!column) return missing(rename->column, false);
      if (table->find_column(rename->new_name)) {
        return refuse("42701"_state, "column \"" + rename->new_name + "\" of relation \"" + table->name + "\" already exists", kNowhere);
      }
      result_.type_changes.push_back({TypeChange::Verb::rename_column, {.table = table->name, .column = column->name}, rename->new_name});
      rename->column = column->sqlite_name;
    } else if (auto* renamed = std::get_if<RenameTable>(&action)) {
      RelationName name{.name = renamed->new_name};
      CROSSFADE_TRY(const bool exists, taken(name, Existing::refuse));
      if (!exists) result_.type_changes.push_back({TypeChange::Verb::rename_table, {.table = table->name}, renamed->new_name});
    } else {
      return unsupported("ALTER TABLE … ADD CONSTRAINT", alter.relation.position);
    }
  }
  return alter.actions.empty() ? Result<void>{} : finish(statement);
}

}  // namespace crossfade::sql
