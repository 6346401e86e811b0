#include <algorithm>
#include <array>

#include "bind/schema_binder.hpp"
#include "bind/walk.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using ConstraintKind = Constraint::Kind;

Constraint* find_constraint(std::vector<Constraint>& list, ConstraintKind kind) {
  const auto found = std::ranges::find(list, kind, &Constraint::kind);
  return found == list.end() ? nullptr : &*found;
}

/// What fills a column is said once, in one way. Source: PostgreSQL 15, transformColumnDefinition.
Result<void> check_fillings(const ColumnDefinition& definition, const std::string& table) {
  struct Pair { ConstraintKind a, b; std::string_view what; };
  constexpr std::array kPairs{
      Pair{ConstraintKind::default_, ConstraintKind::default_, "multiple default values"},
      Pair{ConstraintKind::identity, ConstraintKind::identity, "multiple identity specifications"},
      Pair{ConstraintKind::generated, ConstraintKind::generated, "multiple generation clauses"},
      Pair{ConstraintKind::default_, ConstraintKind::identity, "both default and identity"},
      Pair{ConstraintKind::default_, ConstraintKind::generated, "both default and generation expression"},
      Pair{ConstraintKind::identity, ConstraintKind::generated, "both identity and generation expression"},
  };
  const auto count = [&](ConstraintKind kind) {
    const auto said = std::ranges::count(definition.constraints, kind, &Constraint::kind);
    return said + (definition.serial && kind == ConstraintKind::default_ ? 1 : 0);
  };
  for (const Pair& pair : kPairs) {
    if (pair.a == pair.b ? count(pair.a) < 2 : count(pair.a) == 0 || count(pair.b) == 0) continue;
    return refuse("42601"_state, std::string{pair.what} + " specified for column \"" + definition.name + "\" of table \"" + table + "\"", definition.position);
  }
  return {};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : "_") + name;
  return text;
}

/// PRIMARY KEY (id) of one column moves to that column, where serial and the rowid rule look for it.
void move_key(CreateTable& create) {
  auto* key = find_constraint(create.constraints, ConstraintKind::primary_key);
  if (!key || key->columns.size() != 1) return;
  const auto column = std::ranges::find(create.columns, key->columns.front(), &ColumnDefinition::name);
  if (column == create.columns.end()) return;
  key->columns.clear();
  column->constraints.push_back(std::move(*key));
  create.constraints.erase(create.constraints.begin() + (key - create.constraints.data()));
}

Result<void> check_keys(const CreateTable& create) {
  const auto keys = [](const std::vector<Constraint>& list) { return std::ranges::count(list, ConstraintKind::primary_key, &Constraint::kind); };
  auto count = keys(create.constraints);
  for (const ColumnDefinition& column : create.columns) count += keys(column.constraints);
  return count < 2 ? Result<void>{} : refuse("42P16"_state, "multiple primary keys for table \"" + create.relation.name + "\" are not allowed", kNowhere);
}

/// Constraints of one name. Errors: 42710, and 42P07 of two keys, whose indexes are relations.
Result<void> check_names(const CreateTable& create) {
  struct Named { const Constraint* constraint; std::vector<std::string> columns; };
  std::map<std::string, Named> known;
  const auto note = [&](const Constraint& each, const ColumnDefinition* column) -> Result<void> {
    const bool key = each.kind == ConstraintKind::unique || each.kind == ConstraintKind::primary_key;
    if (each.name.empty() || !(key || each.kind == ConstraintKind::check || each.kind == ConstraintKind::foreign_key)) return {};
    Named named{&each, column ? std::vector{column->name} : each.columns};
    const auto [other, first] = known.try_emplace(each.name, named);
    if (first) return {};
    const ConstraintKind before = other->second.constraint->kind;
    const bool keys = key && (before == ConstraintKind::unique || before == ConstraintKind::primary_key);
    if (keys && other->second.columns == named.columns) return {};  // one index for both
    if (keys) return refuse("42P07"_state, "relation \"" + each.name + "\" already exists", kNowhere);
    return refuse("42710"_state, "constraint \"" + each.name + "\" for relation \"" + create.relation.name + "\" already exists", kNowhere);
  };
  for (const ColumnDefinition& column : create.columns) for (const Constraint& each : column.constraints) CROSSFADE_CHECK(note(each, &column));
  for (const Constraint& each : create.constraints) CROSSFADE_CHECK(note(each, nullptr));
  return {};
}

/// Whether rows are told apart by these columns.
bool is_key(const plan::Table& table, const std::vector<std::string>& names) {
  const std::set<std::string> wanted{names.begin(), names.end()};
  std::set<std::string> primary;
  for (const plan::Column* part : table.key()) primary.insert(part->name);
  if (wanted == primary) return true;
  return std::ranges::any_of(table.indexes, [&](const plan::Index& index) {
    std::set<std::string> own;
    for (const plan::IndexPart& part : index.parts) own.insert(part.column);
    return index.unique && !index.predicate && own == wanted;
  });
}

/// The columns that an unbound expression of the table mentions.
void mentioned(const Expression& expression, std::set<std::string>& names) {
  if (const auto* column = std::get_if<ColumnReference>(&expression.node)) names.insert(column->name);
  for_each_child(expression, [&](const Expression& child) { mentioned(child, names); }, [](const Query&) {});
}

}  // namespace

bool bytewise_equality(const plan::Column& column) {
  if (column.type.oid == oid::numeric) return column.type.modifier >= 0;
  if (column.type.oid == oid::timetz || model::element_of(column.type)) return false;
  return column.type.oid != oid::interval && column.type.oid != oid::jsonb && column.type.oid != oid::json && column.type.oid != oid::jsonpath;
}

/// Not in use by another constraint of the statement: PostgreSQL counts on, "t_a_check1".
namespace {

/// Types of the system catalogs' columns: no table keeps them.
bool is_catalog_type(model::Oid type) {
  constexpr model::Oid kTypes[] = {oid::char_, 22, 28, 30, 194, 1033, 1034, 2277, 3220, 3361, 3402, 5017};
  return is_object(type) || std::ranges::find(kTypes, type) != std::end(kTypes);
}

}  // namespace

namespace {

/// Is there an = between a referencing and a referenced value: an operator of one family, or of the referenced type behind an implicit cast?
/// Source: PostgreSQL 15, ATAddForeignKeyConstraint.
bool referable(model::Oid own, model::Oid target) {
  const auto point = [](model::Oid type) { return type == oid::date || type == oid::timestamp || type == oid::timestamptz; };
  const auto family = [&](model::Oid type) { return is_integer(type) ? 1 : is_float(type) ? 2 : point(type) ? 3 : 0; };
  return own == target || implicitly_castable(own, target) || (family(own) != 0 && family(own) == family(target));
}

}  // namespace

std::string SchemaBinder::fresh_name(std::string_view first, std::string_view second, std::string_view label) {
  std::string name = plan::object_name(first, second, label);
  for (int suffix = 1; !constraints_.insert(name).second; ++suffix) name = plan::object_name(first, second, std::string{label} + std::to_string(suffix));
  return name;
}

/// After its only column, else after the table alone. Source: ChooseConstraintName in AddRelationNewConstraints.
std::string SchemaBinder::check_name(const Expression& expression, const plan::Table& table) {
  std::set<std::string> names;
  mentioned(expression, names);
  return fresh_name(table.name, names.size() == 1 ? *names.begin() : std::string{}, "check");
}

namespace {

Result<void> check_type(TypeName& type, const plan::Schema& schema) {
  CROSSFADE_CHECK(resolve_type(type, schema));
  if (type.resolved) return {};
  return refuse("42704"_state, "type \"" + type.name + (type.array_dimensions > 0 ? "[]" : "") + "\" does not exist", type.position);
}

}  // namespace

Result<plan::Column> SchemaBinder::describe_column(ColumnDefinition& definition, const std::string& table) {
  constexpr std::string_view kSystemColumns[] = {"tableoid", "ctid", "xmin", "cmin", "xmax", "cmax"};
  if (std::ranges::find(kSystemColumns, definition.name) != std::end(kSystemColumns)) {
    return refuse("42701"_state, "column name \"" + definition.name + "\" conflicts with a system column name", definition.position);
  }
  CROSSFADE_CHECK(check_fillings(definition, table));
  TypeName& type = definition.type;
  CROSSFADE_TRY(const plan::NamedType* named, resolve_type(type, *context_.schema));
  CROSSFADE_CHECK(check_type(type, *context_.schema));
  const model::Oid storable = type.resolved->oid;
  if (storable == oid::unknown || category_of(storable) == model::Category::pseudo) {
    return refuse("42P16"_state, "column \"" + definition.name + "\" has pseudo-type " + std::string{type_name(storable)}, kNowhere);
  }
  if (is_catalog_type(storable)) {
    return unsupported("a column of type " + std::string{type_name(storable)}, type.position);
  }
  plan::Column column{.name = definition.name, .sqlite_name = definition.name};
  column.type = *type.resolved;
  column.form = plan::created_form(column.type);
  if (named && named->kind == plan::NamedType::Kind::domain) {
    column.domain = named->name;
    CROSSFADE_CHECK(add_domain_checks(definition, column));
  }
  const bool said_not_null = definition.serial || find_constraint(definition.constraints, ConstraintKind::not_null) || find_constraint(definition.constraints, ConstraintKind::identity);
  if (said_not_null && find_constraint(definition.constraints, ConstraintKind::null)) {
    return refuse("42601"_state, "conflicting NULL/NOT NULL declarations for column \"" + definition.name + "\" of table \"" + table + "\"", definition.position);
  }
  SequenceOptions options;
  if (Constraint* identity = find_constraint(definition.constraints, ConstraintKind::identity)) {
    if (!is_integer(storable)) return refuse("22023"_state, "identity column type must be smallint, integer, or bigint", kNowhere);
    column.identity = true;
    column.identity_always = identity->identity_always;
    options = identity->sequence;
    definition.serial = true;
    std::erase_if(definition.constraints, [](const Constraint& each) { return each.kind == ConstraintKind::identity; });
  }
  const bool key = find_constraint(definition.constraints, ConstraintKind::primary_key) != nullptr;
  const bool plain = !column.identity_always && !options.start && !options.increment && !options.minimum && !options.maximum && options.name.empty();
  if (definition.serial && !(key && plain)) {  // SQLite counts on by itself only for the rowid, by one, and lets a value be given
    CROSSFADE_TRY(column.sequence, own_sequence(definition, options, table));
    definition.serial = false;
    definition.constraints.insert(definition.constraints.begin(), {.kind = ConstraintKind::not_null});
  }
  if (const Constraint* given = find_constraint(definition.constraints, ConstraintKind::default_)) {
    if (const auto sequence = default_sequence(*given->expression)) column.sequence = *sequence;
  }
  column.serial = definition.serial;
  column.primary_key = key ? 1 : 0;
  column.not_null = key || find_constraint(definition.constraints, ConstraintKind::not_null) != nullptr;
  column.generated = find_constraint(definition.constraints, ConstraintKind::generated) != nullptr;
  definition.declared = definition.serial ? "INTEGER" : plan::created_declaration(column.type);
  // INTEGER PRIMARY KEY would be the rowid, which SQLite fills by itself; INT has the same affinity and is an ordinary key.
  if (key && !definition.serial && plan::fold(definition.declared) == "integer") definition.declared = "INT";
  column.declared = definition.declared;
  return column;
}

Result<plan::Table> SchemaBinder::describe(CreateTable& create) {
  plan::Table table{.name = create.relation.name, .sqlite_name = create.relation.name};
  table.temporary = create.persistence == Persistence::temporary;
  for (ColumnDefinition& definition : create.columns) {
    CROSSFADE_TRY(plan::Column column, describe_column(definition, table.name));
    if (table.find_column(column.name)) return refuse("42701"_state, "column \"" + column.name + "\" specified more than once", definition.position);
    table.columns.push_back(std::move(column));
  }
  if (const Constraint* key = find_constraint(create.constraints, ConstraintKind::primary_key)) {
    for (const std::string& name : key->columns) {
      const auto column = std::ranges::find(table.columns, name, &plan::Column::name);
      if (column == table.columns.end()) return refuse("42703"_state, "column \"" + name + "\" named in key does not exist", key->position);
      column->primary_key = 1;
      column->not_null = true;
    }
  }
  return table;
}

Result<void> SchemaBinder::bind(CreateTable& create, Statement& statement) {
  CROSSFADE_TRY(create.persistence, persistence_of(create.relation, create.persistence));
  if (!create.if_not_exists) {  // a type that is not there is found before a table that is
    for (ColumnDefinition& definition : create.columns) {
      const auto known = check_type(definition.type, *context_.schema);
      if (!known && known.error().state != "0A000"_state) return known;  // a type that only PostgreSQL has is no error there
    }
  }
  if (!create.if_not_exists) CROSSFADE_CHECK(expand_likes(create));  // which is before it is looked whether the name is free
  CROSSFADE_TRY(const bool exists, taken(create.relation, create.if_not_exists ? Existing::skip : Existing::refuse));
  if (exists) return {};
  if (create.if_not_exists) CROSSFADE_CHECK(expand_likes(create));
  CROSSFADE_CHECK(check_row_type(create.relation));
  CROSSFADE_CHECK(check_keys(create));
  CROSSFADE_CHECK(check_names(create));
  move_key(create);
  CROSSFADE_TRY(const plan::Table table, describe(create));
  for (ColumnDefinition& definition : create.columns) CROSSFADE_CHECK(bind_column(definition, table));
  for (Constraint& constraint : create.constraints) CROSSFADE_CHECK(bind_constraint(constraint, table, nullptr));
  for (const Constraint& constraint : create.constraints) {
    if (!resets(constraint)) continue;
    for (const std::string& name : constraint.columns) {
      CROSSFADE_CHECK(check_reset(*std::ranges::find(create.columns, name, &ColumnDefinition::name), *table.find_column(name)));
    }
  }
  declare(table);
  for (const plan::Column& column : table.columns) use_sequence(table.name, column);
  if (const plan::Column* key = table.rowid_alias(); key && key->serial && !table.temporary) {
    const std::string counter = fresh_sequence_name(table.name, key->name);
    if (counter != plan::counter_name(table, *key)) name_counter(table.name, key->name, counter);
  }
  CROSSFADE_CHECK(note_on_commit(create));
  result_.tables.push_back(table.name);
  CROSSFADE_CHECK(finish(statement));
  finish_likes(create, table);
  return {};
}

Result<void> SchemaBinder::note_on_commit(CreateTable& create) {
  const OnCommit written = std::exchange(create.on_commit, OnCommit::none);
  if (written == OnCommit::none) return {};
  if (create.persistence != Persistence::temporary) return refuse("42P16"_state, "ON COMMIT can only be used on temporary tables", kNowhere);
  if (written == OnCommit::preserve_rows) return {};
  const auto verb = written == OnCommit::drop ? TypeChange::Verb::drop_on_commit : TypeChange::Verb::delete_rows_on_commit;
  result_.type_changes.push_back({verb, {.table = create.relation.name}, {}});
  return {};
}

Result<void> SchemaBinder::bind_column(ColumnDefinition& definition, const plan::Table& table) {
  const plan::Column& column = *table.find_column(definition.name);
  const bool shown = definition.collation == "C" && is_textual(column.type.oid);  // SQLite's own order, said so that the catalog can say it
  if (definition.collation == "C" || definition.collation == "POSIX" || definition.collation == "default") definition.collation = shown ? kBytewise : "";
  for (Constraint& constraint : definition.constraints) CROSSFADE_CHECK(bind_constraint(constraint, table, &column));
  if (!column.sequence.empty()) std::erase_if(definition.constraints, [](const Constraint& each) { return each.kind == ConstraintKind::default_; });
  if (std::ranges::any_of(definition.constraints, resets)) CROSSFADE_CHECK(check_reset(definition, column));
  const bool said = find_constraint(definition.constraints, ConstraintKind::not_null) != nullptr;
  if (column.not_null && !said && !column.serial) definition.constraints.insert(definition.constraints.begin(), {.kind = ConstraintKind::not_null});
  return {};
}

Result<void> SchemaBinder::bind_constraint(Constraint& constraint, const plan::Table& table, const plan::Column* column) {
  switch (constraint.kind) {
    case ConstraintKind::not_null:
    case ConstraintKind::null:
    case ConstraintKind::identity: return {};
    case ConstraintKind::default_: return bind_default(constraint, table, *column);
    case ConstraintKind::primary_key:
    case ConstraintKind::unique: return bind_key(constraint, table, column);
    case ConstraintKind::foreign_key: return bind_reference(constraint, table, column);
    case ConstraintKind::check: {
      if (std::holds_alternative<RawText>(constraint.expression->node)) return {};  // of a domain or LIKE: bound when that was made
      if (constraint.name.starts_with(kDomainCheck)) return unsupported("a CHECK whose name begins with \"domain \"", constraint.position);
      if (constraint.name.empty()) constraint.name = check_name(*constraint.expression, table);
      else if (!constraints_.insert(constraint.name).second) return refuse("42710"_state, "check constraint \"" + constraint.name + "\" already exists", kNowhere);
      CROSSFADE_CHECK(bind_persisted(*constraint.expression, table, "a CHECK constraint"));
      if (constraint.expression->type.oid == oid::boolean) return {};
      return refuse("42804"_state, "argument of CHECK must be type boolean, not type " + std::string{type_name(constraint.expression->type.oid)}, constraint.expression->position);
    }
    case ConstraintKind::generated: {
      if (std::holds_alternative<RawText>(constraint.expression->node)) return {};  // of LIKE
      const auto* literal = std::get_if<Literal>(&constraint.expression->node);
      if (literal && literal->kind == Literal::Kind::string && !is_textual(column->type.oid) && !model::enumeration_of(column->type)) {  // it is of the column's type
        Cast cast{std::move(*constraint.expression), {.name = model::format_type({column->type.oid}), .resolved = model::Type{column->type.oid}}};
        constraint.expression = Expression{std::move(cast), constraint.position};
      }
      CROSSFADE_CHECK(bind_persisted(*constraint.expression, table, "a generated column"));
      Binder binder{context_, {}, 0};
      if (!binder.persisted_assign(*constraint.expression, *column)) CROSSFADE_CHECK(binder.assign(*constraint.expression, *column, table));
      CROSSFADE_TRY(const std::string text, print(*constraint.expression, context_.target));
      keep_written(text, table);
      if (text.find("crossfade_") == std::string::npos) return {};
      return unsupported("this expression in a generated column", constraint.position);
    }
  }
  std::unreachable();
}

Result<void> SchemaBinder::bind_key(Constraint& constraint, const plan::Table& table, const plan::Column* column) {
  std::vector<std::string> names = constraint.columns;
  if (column) names = {column->name};
  for (const std::string& name : names) {
    const plan::Column* part = table.find_column(name);
    if (!part) return refuse("42703"_state, "column \"" + name + "\" named in key does not exist", constraint.position);
    CROSSFADE_CHECK(check_index_type(CreateIndex{}, part->type));
    if (!bytewise_equality(*part)) {
      return unsupported("a key over column \"" + name + "\" of type " + model::format_type(part->type), constraint.position,
                         part->type.oid == oid::numeric ? "numeric(p,s) works." : "");
    }
  }
  const bool primary = constraint.kind == ConstraintKind::primary_key;
  if (constraint.name.empty()) constraint.name = primary ? fresh_name(table.name, {}, "pkey") : fresh_name(table.name, joined(names), "key");
  return {};
}

Result<void> SchemaBinder::bind_reference(Constraint& constraint, const plan::Table& table, const plan::Column* column) {
  const std::vector<std::string> own = column ? std::vector{column->name} : constraint.columns;
  for (const std::string& name : own) {
    if (!table.find_column(name)) return refuse("42703"_state, "column \"" + name + "\" referenced in foreign key constraint does not exist", constraint.position);
  }
  const bool itself = constraint.target.name == table.name;
  const plan::Table* target = itself ? &table : context_.schema->find(constraint.target.schema, constraint.target.name);
  if (target && target->temporary != table.temporary) {
    const std::string kind = table.temporary ? "temporary" : "permanent";
    return refuse("42P16"_state, "constraints on " + kind + " tables may reference only " + kind + " tables", kNowhere);
  }
  if (!target) return refuse("42P01"_state, "relation \"" + constraint.target.name + "\" does not exist", kNowhere);
  constraint.target.printed = target->sqlite_name;
  if (constraint.target_columns.empty()) {
    for (const plan::Column* part : target->key()) constraint.target_columns.push_back(part->name);
    if (constraint.target_columns.empty()) return refuse("42704"_state, "there is no primary key for referenced table \"" + target->name + "\"", kNowhere);
  }
  const bool named = std::ranges::all_of(constraint.target_columns, [&](const std::string& name) { return target->find_column(name) != nullptr; });
  const bool keys_known = !itself || context_.schema->find(table.name) != nullptr;  // else they are those of this statement
  if (named && keys_known && !is_key(*target, constraint.target_columns)) {
    return refuse("42830"_state, "there is no unique constraint matching given keys for referenced table \"" + target->name + "\"", kNowhere);
  }
  if (constraint.target_columns.size() != own.size()) {
    return refuse("42830"_state, "number of referencing and referenced columns for foreign key disagree", kNowhere);
  }
  if (constraint.name.empty()) constraint.name = fresh_name(table.name, joined(own), "fkey");
  for (std::size_t i = 0; i < own.size(); ++i) {
    std::string& name = constraint.target_columns[i];
    const plan::Column *part = target->find_column(name), *column_here = table.find_column(own[i]);
    if (!part) return refuse("42703"_state, "column \"" + name + "\" referenced in foreign key constraint does not exist", kNowhere);
    if (!referable(column_here->type.oid, part->type.oid)) {
      return refuse("42804"_state, "foreign key constraint \"" + constraint.name + "\" cannot be implemented", kNowhere, {},
                    "Key columns \"" + own[i] + "\" and \"" + name + "\" are of incompatible types: " + std::string{type_name(column_here->type.oid)} + " and " +
                        std::string{type_name(part->type.oid)} + ".");
    }
    name = part->sqlite_name;
  }
  return {};
}

}  // namespace crossfade::sql
