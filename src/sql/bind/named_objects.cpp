#include <algorithm>
#include <array>
#include <charconv>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using TypeKind = plan::NamedType::Kind;

/// Our own table in the file: types of CREATE TYPE and CREATE DOMAIN, and schemas. `definition` is JSON: an enum's [[label, place], …]; a
/// domain's {"base": type, "not_null": 0, "checks": [[name, condition], …]}. Which column has such a type stands in
/// crossfade_column_types (engine/sqlite/type_changes.cpp).
constexpr std::string_view kKeptObjects =
    "CREATE TABLE IF NOT EXISTS main.crossfade_objects (kind TEXT NOT NULL, name TEXT NOT NULL, oid INTEGER NOT NULL, definition TEXT NOT NULL, "
    "PRIMARY KEY (kind, name)) WITHOUT ROWID";

constexpr std::size_t kLongestLabel = 63;

/// Types of PostgreSQL that are not to be had here.
constexpr std::string_view kForeignTypes[] = {
    "bit",        "box",           "cid",           "cidr",        "circle",      "datemultirange", "daterange", "inet",     "int4multirange", "int4range",
    "int8multirange", "int8range", "line",        "lseg",        "macaddr",        "macaddr8",  "money",    "nummultirange",  "numrange",
    "path",       "pg_snapshot",   "point",         "polygon",     "refcursor",   "tid",            "tsmultirange", "tsquery", "tsrange",      "tstzmultirange",
    "tstzrange",  "tsvector",      "txid_snapshot", "varbit",      "xid8",        "xml",
};

std::string dotted_name(const RelationName& name) { return (name.schema.empty() ? "" : name.schema + ".") + name.name; }

/// Places as written, so that halves of halves stay apart; when there is no number between two any more, all are counted anew.
std::string label_definition(std::vector<plan::NamedType::Label> labels) {
  const auto out_of_order = [](const plan::NamedType::Label& a, const plan::NamedType::Label& b) { return !(a.place < b.place); };
  if (std::ranges::adjacent_find(labels, out_of_order) != labels.end()) {
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i].place = static_cast<double>(i + 1);
  }
  std::string text = "json_array(";
  for (const plan::NamedType::Label& label : labels) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), label.place).ptr;
    text += (&label == labels.data() ? "json_array(" : ", json_array(") + quote_text(label.text) + ", " + std::string(digits.data(), end) + ")";
  }
  return text + ")";
}

bool in_public(const RelationName& name) { return name.schema.empty() || name.schema == "public"; }

std::string_view kind_of(const plan::NamedType& type) { return type.kind == TypeKind::enumeration ? "enum" : "domain"; }

}  // namespace

Result<const plan::NamedType*> resolve_type(TypeName& type, const plan::Schema& schema) {
  const bool built_in = type.schema.empty() || type.schema == "pg_catalog";
  if (built_in && !type.resolved && std::ranges::find(kForeignTypes, type.name) != std::end(kForeignTypes)) {
    return unsupported("type " + type.name, type.position);
  }
  const bool built_in_name = type.schema.empty() && (type.name.empty() || model::find_type(type.name) != nullptr);
  if (built_in_name || !(type.schema.empty() || type.schema == "public")) return nullptr;
  const auto found = schema.named_types.find(type.name);
  if (found == schema.named_types.end()) return nullptr;
  const plan::NamedType& named = found->second;
  if (!type.modifiers.empty()) return refuse("42601"_state, "type modifier is not allowed for type \"" + type.name + "\"", type.position);
  const bool label = named.kind == TypeKind::enumeration;
  if (type.array_dimensions > 0 && !label) return unsupported("an array of type " + type.name, type.position);
  type.resolved = !label ? named.base : type.array_dimensions > 0 ? *model::array_of({named.oid}) : model::Type{named.oid};
  return &named;
}

Result<const plan::NamedType*> SchemaBinder::find_type(const RelationName& name) const {
  const auto found = in_public(name) ? context_.schema->named_types.find(name.name) : context_.schema->named_types.end();
  if (found != context_.schema->named_types.end()) return &found->second;
  if (!name.schema.empty()) CROSSFADE_CHECK(check_schema(name));
  return refuse("42704"_state, "type \"" + dotted_name(name) + "\" does not exist", kNowhere);
}

Result<void> SchemaBinder::check_type_free(const RelationName& name) const {
  if (context_.schema->namespaces.contains(name.schema)) {
    return unsupported("an object in schema \"" + name.schema + "\"", name.position, "On SQLite all objects are in schema \"public\".");
  }
  CROSSFADE_CHECK(check_schema(name));
  if (!in_public(name)) return unsupported("a type in schema \"" + name.schema + "\"", name.position);
  const bool taken = context_.schema->named_types.contains(name.name) || context_.schema->tables.contains(name.name);
  return taken ? refuse("42710"_state, "type \"" + name.name + "\" already exists", kNowhere) : Result<void>{};
}

Result<void> SchemaBinder::check_row_type(const RelationName& name) const {
  if (result_.temporary || !context_.schema->named_types.contains(name.name)) return {};
  return refuse("42710"_state, "type \"" + name.name + "\" already exists", kNowhere,
                "A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.");
}

Result<void> SchemaBinder::check_role(const std::string& role) const {
  const bool own = role == "current_user" || role == "session_user" || role == "current_role" || role == context_.user;
  // A file has no owners: who may connect may do everything.
  return own ? Result<void>{} : refuse("42704"_state, "role \"" + role + "\" does not exist", kNowhere);
}

plan::Declared SchemaBinder::declaration(const std::string& table, const plan::Column& column) const {
  plan::Declared declared{table, column.name, column.type, column.form, column.serial, column.identity, column.domain};
  const auto label = model::enumeration_of(column.type);
  if (!label) return declared;
  if (const plan::NamedType* named = context_.schema->find_named_type(*label)) declared.named = named->name;
  declared.type = model::element_of(column.type) ? *model::array_of({oid::text}) : model::Type{oid::text};
  return declared;
}

void SchemaBinder::keep_object(std::string_view kind, const std::string& name, model::Oid number, const std::string& definition) {
  note_place(false);
  result_.own_texts.emplace_back(kKeptObjects);
  result_.own_texts.push_back("INSERT OR REPLACE INTO main.crossfade_objects VALUES (" + quote_text(kind) + ", " + quote_text(name) + ", " + std::to_string(number) +
                              ", " + definition + ")");
  bump();
}

void SchemaBinder::forget_object(std::string_view kind, const std::string& name) {
  note_place(false);
  result_.own_texts.push_back("DELETE FROM main.crossfade_objects WHERE kind = " + quote_text(kind) + " AND name = " + quote_text(name));
  result_.own_texts.emplace_back("CREATE TABLE IF NOT EXISTS main.crossfade_comments (object TEXT NOT NULL, table_name TEXT NOT NULL, name TEXT NOT NULL, "
                                 "comment TEXT NOT NULL, PRIMARY KEY (object, table_name, name)) WITHOUT ROWID");
  result_.own_texts.push_back("DELETE FROM main.crossfade_comments WHERE object = " + quote_text(kind == "schema" ? kind : "type") + " AND table_name = " + quote_text(name));
  bump();
}

Result<void> SchemaBinder::bind(CreateEnum& create, Statement&) {
  CROSSFADE_CHECK(check_type_free(create.name));
  std::vector<plan::NamedType::Label> labels;
  for (const std::string& label : create.labels) {
    if (label.size() > kLongestLabel) return refuse("42602"_state, "invalid enum label \"" + label + "\"", kNowhere, {}, "Labels must be 63 bytes or less.");
    if (std::ranges::find(labels, label, &plan::NamedType::Label::text) != labels.end()) {
      return refuse("23505"_state, "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"", kNowhere);
    }
    labels.push_back({label, static_cast<double>(labels.size() + 1)});
  }
  keep_object("enum", create.name.name, plan::oid_of("type " + create.name.name), label_definition(labels));
  return {};
}

Result<void> SchemaBinder::bind(AlterEnum& alter, Statement&) {
  CROSSFADE_TRY(const plan::NamedType* type, find_type(alter.name));
  if (type->kind != TypeKind::enumeration) return refuse("42809"_state, "\"" + dotted_name(alter.name) + "\" is not an enum", kNowhere);
  if (alter.label.size() > kLongestLabel) return refuse("42602"_state, "invalid enum label \"" + alter.label + "\"", kNowhere, {}, "Labels must be 63 bytes or less.");
  if (alter.renames) return rename_label(*type, alter);
  if (type->has_label(alter.label)) {
    if (!alter.if_not_exists) return refuse("42710"_state, "enum label \"" + alter.label + "\" already exists", kNowhere);
    note("42710"_state, "enum label \"" + alter.label + "\" already exists, skipping");
    return {};
  }
  std::vector<plan::NamedType::Label> labels = type->labels;
  auto place = labels.end();
  if (!alter.neighbour.empty()) {
    place = std::ranges::find(labels, alter.neighbour, &plan::NamedType::Label::text);
    if (place == labels.end()) return refuse("22023"_state, "\"" + alter.neighbour + "\" is not an existing enum label", kNowhere);
    if (!alter.before) ++place;
  }
  const double before = place == labels.begin() ? (labels.empty() ? 0 : labels.front().place - 2) : (place - 1)->place;
  const double after = place == labels.end() ? before + 2 : place->place;
  labels.insert(place, {alter.label, (before + after) / 2});
  keep_object("enum", type->name, type->oid, label_definition(labels));
  return {};
}

/// The rows that hold the label get the new one. What is written in the file (a DEFAULT, a CHECK, a view) cannot be told from a text that
/// only looks like it.
Result<void> SchemaBinder::rename_label(const plan::NamedType& type, const AlterEnum& alter) {
  if (!type.has_label(alter.renamed)) return refuse("22023"_state, "\"" + alter.renamed + "\" is not an existing enum label", kNowhere);
  if (type.has_label(alter.label)) return refuse("42710"_state, "enum label \"" + alter.label + "\" already exists", kNowhere);
  const std::string old = quote_text(alter.renamed);
  const auto says = [&](const plan::Table& table) {
    return table.sql.contains(old) || std::ranges::any_of(table.indexes, [&](const plan::Index& index) {
      return index.predicate.value_or("").contains(old) || std::ranges::any_of(index.parts, [&](const plan::IndexPart& part) { return part.expression.contains(old); });
    });
  };
  // The key's own action would change the rows that refer to the label; CASCADE does what is wanted.
  const auto is_lost = [&](const plan::Table& table, const plan::Column& column) {
    return std::ranges::any_of(context_.schema->beside(table), [&](const auto& entry) {
      return std::ranges::any_of(entry.second.foreign_keys, [&](const plan::ForeignKey& key) {
        const bool named = std::ranges::find(key.target_columns, column.name) != key.target_columns.end() || (key.target_columns.empty() && column.primary_key != 0);
        return named && key.target_table == table.name && key.on_update.starts_with("SET ");
      });
    });
  };
  bool said = false, used = false, lost = false, arrays = false;
  result_.own_texts.emplace_back("PRAGMA defer_foreign_keys = ON");  // table by table, rows refer to what is not there yet, or not any more
  for (const auto* group : {&context_.schema->tables, &context_.schema->temporary}) {
    for (const auto& [name, table] : *group) {
      said = said || says(table);
      for (const plan::Column& column : table.columns) {
        if (model::enumeration_of(column.type) != type.oid || table.view || column.generated) continue;
        arrays = arrays || model::element_of(column.type).has_value();
        used = true;
        lost = lost || is_lost(table, column);
        result_.own_texts.push_back(std::string{"UPDATE "} + (table.temporary ? "temp." : "main.") + quoted(table.sqlite_name) + " SET " + quoted(column.sqlite_name) + " = " +
                                    quote_text(alter.label) + " WHERE " + quoted(column.sqlite_name) + " = " + old);
      }
    }
  }
  result_.own_texts.emplace_back("PRAGMA defer_foreign_keys = OFF");
  if (arrays) return unsupported("renaming a label of an enum of which a column has arrays", kNowhere);
  if (lost) return unsupported("renaming a label under a foreign key with ON UPDATE SET NULL or SET DEFAULT", kNowhere, "Drop the foreign key before it, and make it again.");
  if (used && said) {
    return unsupported("renaming a label that a table or view of the file says in its definition", kNowhere, "Drop its DEFAULT, CHECK or view before it, and make it again.");
  }
  std::vector<plan::NamedType::Label> labels = type.labels;
  std::ranges::find(labels, alter.renamed, &plan::NamedType::Label::text)->text = alter.label;
  keep_object("enum", type.name, type.oid, label_definition(labels));
  return {};
}

Result<void> SchemaBinder::bind(CreateSchema& create, Statement&) {
  if (!create.role.empty()) CROSSFADE_CHECK(check_role(create.role));
  if (create.name == "current_user" || create.name == "session_user" || create.name == "current_role") create.name = context_.user;
  if (create.name.starts_with("pg_")) {
    return refuse("42939"_state, "unacceptable schema name \"" + create.name + "\"", kNowhere, {}, "The prefix \"pg_\" is reserved for system schemas.");
  }
  const bool taken = create.name == "public" || create.name == "information_schema" || context_.schema->namespaces.contains(create.name);
  if (taken && !create.if_not_exists) return refuse("42P06"_state, "schema \"" + create.name + "\" already exists", kNowhere);
  if (taken) {
    note("42P06"_state, "schema \"" + create.name + "\" already exists, skipping");
    return {};
  }
  keep_object("schema", create.name, plan::oid_of("schema " + create.name), "'{}'");
  return {};
}

Result<void> SchemaBinder::bind(AlterNamed& alter, Statement&) {
  if (alter.object == NamedObject::schema) {
    const std::string& name = alter.name.name;
    if (!context_.schema->namespaces.contains(name)) {
      const bool known = name == "public" || name == "information_schema" || name.starts_with("pg_");
      if (known && alter.new_name.empty()) return check_role(alter.role);
      return known ? unsupported("renaming schema \"" + name + "\"", kNowhere) : refuse("3F000"_state, "schema \"" + name + "\" does not exist", kNowhere);
    }
    if (alter.new_name.empty()) return check_role(alter.role);
    if (alter.new_name == "public" || context_.schema->namespaces.contains(alter.new_name)) {
      return refuse("42P06"_state, "schema \"" + alter.new_name + "\" already exists", kNowhere);
    }
    const model::Oid number = context_.schema->namespaces.find(name)->second;
    forget_object("schema", name);
    keep_object("schema", alter.new_name, number, "'{}'");
    return {};
  }
  CROSSFADE_TRY(const plan::NamedType* type, find_type(alter.name));
  if (alter.object == NamedObject::domain && type->kind != TypeKind::domain) return refuse("42809"_state, dotted_name(alter.name) + " is not a domain", kNowhere);
  if (alter.new_name.empty()) return check_role(alter.role);
  if (type->kind == TypeKind::domain) return unsupported("renaming a domain", kNowhere);
  RelationName fresh{.name = alter.new_name};
  CROSSFADE_CHECK(check_type_free(fresh));
  forget_object(kind_of(*type), type->name);
  keep_object(kind_of(*type), alter.new_name, type->oid, label_definition(type->labels));
  for (const plan::Table* table : tables_of(*type)) {
    for (const plan::Column& column : table->columns) {
      if (model::enumeration_of(column.type) != type->oid) continue;
      plan::Declared declared = declaration(table->name, column);
      declared.named = alter.new_name;
      result_.type_changes.push_back({TypeChange::Verb::declare, declared, {}, table->temporary});
    }
  }
  return {};
}

std::vector<const plan::Table*> SchemaBinder::tables_of(const plan::NamedType& type) const {
  std::vector<const plan::Table*> tables;
  for (const auto* group : {&context_.schema->tables, &context_.schema->temporary}) {
    for (const auto& [name, table] : *group) {
      const auto has = [&](const plan::Column& column) { return model::enumeration_of(column.type) == type.oid || column.domain == type.name; };
      if (std::ranges::any_of(table.columns, has)) tables.push_back(&table);
    }
  }
  return tables;
}

std::vector<std::string> SchemaBinder::users_of(const plan::NamedType& type) const {
  std::vector<std::string> users;
  for (const plan::Table* table : tables_of(type)) {
    for (const plan::Column& column : table->columns) {
      if (model::enumeration_of(column.type) != type.oid && column.domain != type.name) continue;
      const bool array = model::element_of(column.type) && column.domain.empty();
      users.push_back("column " + column.name + " of " + (table->view ? "view " : "table ") + table->name + " depends on type " + type.name + (array ? "[]" : ""));
    }
  }
  return users;
}

Result<void> SchemaBinder::drop_schema(const DropNamed& drop, const std::string& name) {
  if (context_.schema->namespaces.contains(name)) {
    forget_object("schema", name);
    return {};
  }
  if (name == "public" || name == "information_schema") return unsupported("dropping schema \"" + name + "\"", kNowhere);
  if (name == "pg_catalog" || name == "pg_toast") return refuse("2BP01"_state, "cannot drop schema " + name + " because it is required by the database system", kNowhere);
  if (!drop.if_exists) return refuse("3F000"_state, "schema \"" + name + "\" does not exist", kNowhere);
  note("00000"_state, "schema \"" + name + "\" does not exist, skipping");
  return {};
}

Result<void> SchemaBinder::bind(DropNamed& drop, Statement&) {
  for (const RelationName& name : drop.names) {
    if (drop.object == NamedObject::schema) {
      CROSSFADE_CHECK(drop_schema(drop, name.name));
      continue;
    }
    const auto type = find_type(name);
    if (!type) {
      const bool built_in = (name.schema.empty() || name.schema == "pg_catalog") && model::find_type(name.name) != nullptr;
      if (built_in) return refuse("2BP01"_state, "cannot drop type " + model::format_type({model::find_type(name.name)->oid}) + " because it is required by the database system", kNowhere);
      if (in_public(name) && context_.schema->tables.contains(name.name)) {
        return refuse("2BP01"_state, "cannot drop type " + name.name + " because table " + name.name + " requires it", kNowhere,
                      "You can drop table " + name.name + " instead.");
      }
      if (!drop.if_exists) return std::unexpected(type.error());
      const bool schema = type.error().state == "3F000"_state;
      note("00000"_state, schema ? "schema \"" + name.schema + "\" does not exist, skipping" : "type \"" + dotted_name(name) + "\" does not exist, skipping");
      continue;
    }
    const plan::NamedType& found = **type;
    if (drop.object == NamedObject::domain && found.kind != TypeKind::domain) return refuse("42809"_state, "\"" + dotted_name(name) + "\" is not a domain", kNowhere);
    const std::vector<std::string> users = users_of(found);
    if (!users.empty() && drop.cascade) return unsupported("DROP … CASCADE of a type that a column has", kNowhere);
    if (!users.empty()) {
      std::string detail;
      for (const std::string& user : users) detail += (detail.empty() ? "" : "\n") + user;
      return refuse("2BP01"_state, "cannot drop type " + found.name + " because other objects depend on it", kNowhere,
                    "Use DROP ... CASCADE to drop the dependent objects too.", std::move(detail));
    }
    forget_object(kind_of(found), found.name);
  }
  return {};
}

/// Whoever connects may do everything: there are no roles to be made or taken away.
Result<void> SchemaBinder::bind(DropRole& drop, Statement&) {
  for (const std::string& name : drop.names) {
    if (name == "current_user" || name == "session_user" || name == "current_role" || name == "public") {
      return refuse("22023"_state, "cannot use special role specifier in DROP ROLE", kNowhere);
    }
    if (name == context_.user) return refuse("55006"_state, "current user cannot be dropped", kNowhere);
    if (name.starts_with("pg_")) return unsupported("dropping role \"" + name + "\"", kNowhere);
    if (!drop.if_exists) return refuse("42704"_state, "role \"" + name + "\" does not exist", kNowhere);
    note("00000"_state, "role \"" + name + "\" does not exist, skipping");
  }
  return {};
}

}  // namespace crossfade::sql
