#include <algorithm>
#include <array>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Classes that say how PostgreSQL's index compares where SQLite's has one way: what is found is the same.
constexpr std::array<std::string_view, 22> kPlainClasses{
    "text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops", "text_ops", "varchar_ops", "bpchar_ops", "int2_ops", "int4_ops", "int8_ops", "numeric_ops", "float4_ops",
    "float8_ops", "date_ops", "time_ops", "timestamp_ops", "timestamptz_ops", "uuid_ops", "bool_ops", "bytea_ops", "jsonb_ops", "jsonb_path_ops", "array_ops",
};

/// An index that is not unique changes no answer: SQLite's own function stands for ours, which queries call.
std::string with_own_functions(std::string text) {
  for (const std::string_view name : {"lower(", "upper(", "length("}) {
    const std::string ours = "crossfade_" + std::string{name};
    for (std::size_t at = text.find(ours); at != std::string::npos; at = text.find(ours, at)) text.replace(at, ours.size(), name);
  }
  return text;
}

}  // namespace

Result<void> SchemaBinder::bind_index_part(IndexPart& part, const CreateIndex& create, const plan::Table& table) {
  const bool of_class = !part.operator_class.empty();
  const std::string written_class = part.operator_class;
  const auto ignore = [&](std::string message) {
    if (std::ranges::find(result_.notices, message, &model::Error::message) == result_.notices.end()) note("00000"_state, std::move(message));
  };
  if (std::ranges::find(kPlainClasses, part.operator_class) != kPlainClasses.end()) part.operator_class.clear();
  if (of_class && part.operator_class.empty() && (written_class.contains("_pattern_") || written_class.contains("_path_"))) {
    ignore("operator class \"" + written_class + "\" is ignored: SQLite's index compares in one way");
  }
  if (!part.operator_class.empty()) return unsupported("operator class \"" + part.operator_class + "\"", part.column.position);
  if (part.collation == "C" || part.collation == "POSIX" || part.collation == "default") part.collation.clear();
  if (!part.collation.empty()) {
    return refuse("42704"_state, "collation \"" + part.collation + "\" for encoding \"UTF8\" does not exist", part.column.position);
  }
  const bool descending = part.direction == OrderItem::Direction::descending;
  const auto nulls = std::exchange(part.nulls, OrderItem::Nulls::unspecified);  // what a query's ORDER BY says about NULLs it says itself
  if (nulls == (descending ? OrderItem::Nulls::last : OrderItem::Nulls::first)) ignore("NULLS FIRST and LAST are ignored: SQLite's index has its NULLs first");
  if (part.expression) {
    const Expression written = *part.expression;
    auto bound = bind_persisted(*part.expression, table, "an index");
    if (bound && !of_class) CROSSFADE_CHECK(check_index_type(create, part.expression->type));
    if (bound || create.unique) return bound;
    Expression again = written;
    Binder binder{context_, {}, 0};
    Scope scope;
    scope.relations.push_back(binder.relation_of(table, table.name, {}));
    scope.visible = scope.relations.front()->columns;
    CROSSFADE_CHECK(binder.bind(again, scope, Clause::persisted));
    CROSSFADE_TRY(const std::string text, print(again, context_.target));
    const std::string own = with_own_functions(text);
    if (own.find("crossfade_") != std::string::npos) return bound;
    part.expression->node = RawText{own};
    return {};
  }
  const plan::Column* column = table.find_column(part.column.text);
  if (!column) return refuse("42703"_state, "column \"" + part.column.text + "\" does not exist", part.column.position);
  part.column.text = column->sqlite_name;
  if (!of_class) CROSSFADE_CHECK(check_index_type(create, column->type));
  const bool run_time_order = column->type.oid == oid::timetz || model::element_of(column->type);
  const bool loose = run_time_order || column->type.oid == oid::interval || column->type.oid == oid::jsonb || (column->type.oid == oid::numeric && column->type.modifier < 0);
  if (create.unique && loose) return unsupported("a unique index over column \"" + column->name + "\" of type " + model::format_type(column->type), part.column.position);
  return {};
}

/// As PostgreSQL chooses it: the table, its columns (a function's name, "expr"), "idx", cut to 63 bytes; with a number when it is taken.
std::string SchemaBinder::name_of_index(const CreateIndex& create, const plan::Table& table) const {
  std::string parts;
  for (const IndexPart& part : create.parts) {
    const auto* call = part.expression ? std::get_if<FunctionCall>(&part.expression->node) : nullptr;
    parts += (parts.empty() ? "" : "_") + (!part.expression ? part.column.text : call != nullptr ? call->name : std::string{"expr"});
  }
  const plan::Schema::Tables& beside = table.temporary ? context_.schema->temporary : context_.schema->tables;
  const auto stands = [&](const std::string& name) {
    const std::string folded = plan::fold(name);
    if (constraints_.contains(name)) return true;
    return std::ranges::any_of(beside, [&](const auto& entry) {
      const auto alike = [&](const plan::Index& each) { return plan::fold(each.name) == folded; };
      return plan::fold(entry.second.sqlite_name) == folded || std::ranges::any_of(entry.second.indexes, alike) || names_key_of(entry.second, name);
    });
  };
  std::string name = plan::object_name(table.name, parts, "idx");
  for (int number = 1; stands(name); ++number) name = plan::object_name(table.name, parts, "idx" + std::to_string(number));
  return name;
}

Result<void> SchemaBinder::bind(CreateIndex& create, Statement& statement) {
  CROSSFADE_TRY(const plan::Table* table, find(create.relation, "relation"));
  if (table->view) return refuse("42809"_state, "\"" + table->name + "\" is not a table", kNowhere);
  CROSSFADE_CHECK(check_index_method(create));
  if (create.name.empty()) {
    create.name = name_of_index(create, *table);
  }
  RelationName name{.name = create.name};
  CROSSFADE_TRY(const bool exists, taken(name, create.if_not_exists ? Existing::skip : Existing::refuse));
  if (exists) return {};
  create.if_not_exists = false;
  for (const std::string& included : std::exchange(create.included, {})) {  // what an index also holds changes no answer
    if (!table->find_column(included)) return refuse("42703"_state, "column \"" + included + "\" does not exist", create.relation.position);
    if (result_.notices.empty()) note("00000"_state, "INCLUDE is ignored: SQLite's index holds its key columns");
  }
  for (IndexPart& part : create.parts) CROSSFADE_CHECK(bind_index_part(part, create, *table));
  if (create.where) CROSSFADE_CHECK(bind_persisted(*create.where, *table, "the predicate of an index"));
  create.method = "btree";
  return finish(statement);
}

Result<void> SchemaBinder::add_column(AddColumn& add, const plan::Table& table) {
  ColumnDefinition& definition = add.column;
  CROSSFADE_TRY(plan::Column column, describe_column(definition, table.name));
  plan::Table wider = table;
  wider.columns.push_back(column);
  CROSSFADE_CHECK(bind_column(definition, wider));
  result_.type_changes.push_back({TypeChange::Verb::declare, declaration(table.name, column), {}});
  return {};
}

/// SQLite cannot rename an index: it is made again.
Result<void> SchemaBinder::rename_index(const RelationName& name, const std::string& new_name) {
  const auto [table, index] = find_index(name);
  if (!index) {
    const plan::Table* keyed = table_of_key(name);
    if (!keyed) return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", name.position);
    RelationName fresh{.name = new_name};
    CROSSFADE_CHECK(taken(fresh, Existing::refuse));
    AlterTable rename{.relation = {.name = keyed->name}};
    rename.actions.emplace_back(RenameConstraint{name.name, new_name});
    note_place(false);
    return rebuild(rename, *keyed);
  }
  RelationName fresh{.name = new_name};
  note_place(table->temporary);
  CROSSFADE_CHECK(taken(fresh, Existing::refuse));
  const std::string place = table->temporary ? "temp." : "main.";
  std::string text = std::string{"CREATE "} + (index->unique ? "UNIQUE " : "") + "INDEX " + place + quoted(new_name) + " ON " + quoted(table->sqlite_name) + " (";
  for (const plan::IndexPart& part : index->parts) {
    const plan::Column* column = part.column.empty() ? nullptr : table->find_column(part.column);
    text += (&part == index->parts.data() ? "" : ", ") + (column ? quoted(column->sqlite_name) : part.expression);
    if (part.collation != "BINARY" && !part.collation.empty()) text += " COLLATE " + quoted(part.collation);
    if (part.descending) text += " DESC";
  }
  result_.texts = {text + ")" + (index->predicate ? " WHERE " + *index->predicate : ""), "DROP INDEX " + place + quoted(index->name)};
  return {};
}

Result<void> SchemaBinder::bind(AlterTable& alter, Statement& statement) {
  // ALTER TABLE is said of sequences too, where PostgreSQL's other ALTER has the same words.
  if (alter.object == AlterTable::Object::table && is_sequence(alter.relation) && !context_.schema->find(alter.relation.schema, alter.relation.name)) {
    alter.object = AlterTable::Object::sequence;
  }
  const auto* renamed = alter.actions.size() == 1 ? std::get_if<RenameTable>(&alter.actions.front()) : nullptr;
  if (alter.object == AlterTable::Object::sequence) {
    if (auto* owner = alter.actions.size() == 1 ? std::get_if<ChangeOwner>(&alter.actions.front()) : nullptr) {
      TableEdit none{.before = {}, .after = {}, .text = {}};
      return edit_action(none, *owner);
    }
    if (!renamed) return unsupported("this form of ALTER SEQUENCE", alter.relation.position);
    if (alter.if_exists && !context_.schema->sequences.contains(alter.relation.name)) {
      note("00000"_state, "relation \"" + alter.relation.name + "\" does not exist, skipping");
      return {};
    }
    return rename_sequence(alter.relation, renamed->new_name);
  }
  const bool index = find_index(alter.relation).second != nullptr;
  if (renamed && (alter.object == AlterTable::Object::index || index)) {
    if (alter.if_exists && !index && !table_of_key(alter.relation)) {
      note("00000"_state, "relation \"" + alter.relation.name + "\" does not exist, skipping");
      return {};
    }
    return rename_index(alter.relation, renamed->new_name);
  }
  if (alter.if_exists && !context_.schema->find(alter.relation.schema, alter.relation.name)) {
    note("00000"_state, "relation \"" + alter.relation.name + "\" does not exist, skipping");
    return {};
  }
  alter.if_exists = false;
  CROSSFADE_TRY(const plan::Table* table, find(alter.relation, "relation"));
  const bool only_owner = std::ranges::all_of(alter.actions, [](const AlterAction& action) { return std::holds_alternative<ChangeOwner>(action); });
  if (alter.object == AlterTable::Object::view && !table->view) return refuse("42809"_state, "\"" + table->name + "\" is not a view", kNowhere);
  if (table->view && renamed) return rename_view(*table, renamed->new_name);
  if (table->view && !only_owner) return unsupported("ALTER of a view", alter.relation.position, "DROP VIEW and CREATE VIEW work.");
  if (only_owner) {
    TableEdit none{.before = *table, .after = {}, .text = {}};
    return edit_action(none, std::get<ChangeOwner>(alter.actions.front()));
  }
  const auto can = [&](const AlterAction& action) {
    const auto* add = std::get_if<AddColumn>(&action);
    const auto named = add ? context_.schema->named_types.find(add->column.type.name) : context_.schema->named_types.end();
    const bool domain = named != context_.schema->named_types.end() && named->second.kind == plan::NamedType::Kind::domain;  // its CHECKs look at all rows
    return !domain && sqlite_can(action, *table);
  };
  if (!std::ranges::all_of(alter.actions, can)) return rebuild(alter, *table);
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
      const plan::Column* column = table->find_column(drop->column);
      if (!column) return missing(drop->column, true);
      TableEdit edit{.before = *table, .after = *table, .text = {}};
      CROSSFADE_CHECK(check_column_dependents(edit, *column, false));
      drop->if_exists = false;
      result_.type_changes.push_back({TypeChange::Verb::forget_column, {.table = table->name, .column = column->name}, {}});
      drop->column = column->sqlite_name;
    } else if (auto* rename = std::get_if<RenameColumn>(&action)) {
      const plan::Column* column = table->find_column(rename->column);
      if (!column) return missing(rename->column, false);
      if (table->find_column(rename->new_name)) {
        return refuse("42701"_state, "column \"" + rename->new_name + "\" of relation \"" + table->name + "\" already exists", kNowhere);
      }
      if (column == table->rowid_alias()) keep_counter(*table);
      result_.type_changes.push_back({TypeChange::Verb::rename_column, {.table = table->name, .column = column->name}, rename->new_name});
      rename->column = column->sqlite_name;
    } else if (auto* name = std::get_if<RenameTable>(&action)) {
      RelationName fresh{.name = name->new_name};
      CROSSFADE_TRY(const bool exists, taken(fresh, Existing::refuse));
      keep_counter(*table);
      if (!exists) result_.type_changes.push_back({TypeChange::Verb::rename_table, {.table = table->name}, name->new_name});
    }
  }
  return alter.actions.empty() ? Result<void>{} : finish(statement);
}

}  // namespace crossfade::sql
