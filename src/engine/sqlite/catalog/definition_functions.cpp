#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <map>

#include "../connection_impl.hpp"
#include "../functions/sequences.hpp"
#include "catalog/functions.hpp"
#include "crossfade/sql/catalog.hpp"
#include "crossfade/sql/updatable_view.hpp"
#include "crossfade/sql/view_layout.hpp"

namespace crossfade::sqlite::catalog {

using namespace model::literals;
using functions::Answer;
using functions::Call;
using functions::Nulls;
using functions::StorageValue;

namespace {

Oid oid_argument(const Call& call, std::size_t index) { return static_cast<Oid>(call.integer(index)); }

std::string text_cell(Catalog& catalog, std::string_view relation, Oid oid, std::string_view column) {
  const auto value = catalog.value(relation, oid, column);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string{};
}

/// The columns of one of PostgreSQL's own indexes: none has an expression, an order or an operator class of its own.
std::vector<std::string> own_index_columns(Catalog& catalog, Oid table, std::string_view key) {
  const plan::Table& attributes = sql::find_catalog_relation("pg_catalog", "pg_attribute")->table;
  const auto place = [&](std::string_view name) { return static_cast<std::size_t>(attributes.find_column(name) - attributes.columns.data()); };
  const auto* rows = catalog.matching(attributes, place("attrelid"), static_cast<std::int64_t>(table));
  std::vector<std::string> names;
  std::string number;
  for (const char c : std::string{key.substr(key.rfind('{') + 1)}) {
    if (c >= '0' && c <= '9') {
      number += c;
      continue;
    }
    for (const Cells* row : rows ? *rows : std::vector<const Cells*>{}) {
      const bool own = !number.empty() && (*row)[place("attnum")] == model::StorageValue{static_cast<std::int64_t>(std::stoll(number))};
      if (own) names.push_back(quoted_name(std::get<std::string>((*row)[place("attname")])));
    }
    number.clear();
  }
  return names;
}

Answer own_index_text(Catalog& catalog, Oid oid, std::size_t column, bool pretty) {
  const Cells* row = catalog.find("pg_index", oid);
  if (!row) return model::Null{};
  const auto table = static_cast<Oid>(std::get<std::int64_t>((*row)[1]));
  const auto key = catalog.value("pg_index", oid, "indkey"), unique = catalog.value("pg_index", oid, "indisunique");
  const auto names = own_index_columns(catalog, table, std::get<std::string>(key));
  if (column > 0) return column > names.size() ? std::string{} : names[column - 1];
  const auto space = catalog.value("pg_class", table, "relnamespace");
  const std::string schema = text_cell(catalog, "pg_namespace", static_cast<Oid>(std::get<std::int64_t>(space)), "nspname");
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  const bool bare = pretty && schema == "pg_catalog";
  return std::string{"CREATE "} + (unique == model::StorageValue{std::int64_t{1}} ? "UNIQUE " : "") + "INDEX " + quoted_name(text_cell(catalog, "pg_class", oid, "relname")) + " ON " +
         (bare ? "" : quoted_name(schema) + ".") + quoted_name(text_cell(catalog, "pg_class", table, "relname")) + " USING btree (" + list + ")";
}

/// crossfade_indexdef(oid, column, pretty): column 0 is the whole.
Answer index_text(Catalog& catalog, const Call& call) {
  const IndexObject* index = catalog.objects().find_index(oid_argument(call, 0));
  if (!index) return own_index_text(catalog, oid_argument(call, 0), static_cast<std::size_t>(call.integer(1)), call.integer(2) != 0);
  if (call.integer(1) == 0) return index_definition(*index, call.integer(2) != 0);
  const auto column = static_cast<std::size_t>(call.integer(1));
  if (column > index->parts.size()) return std::string{};
  return index_part(*index, column, call.integer(2) != 0);
}

Answer constraint_text(Catalog& catalog, const Call& call) {
  for (const ConstraintObject& each : catalog.objects().constraints) {
    if (each.oid == oid_argument(call, 0)) return constraint_definition(each, call.integer(1) != 0);
  }
  for (const Objects::DomainCheck& each : catalog.objects().domain_checks) {
    if (each.oid == oid_argument(call, 0)) return "CHECK ((" + domain_condition(*each.check) + "))";
  }
  return model::Null{};
}

Answer view_text(Catalog& catalog, const Call& call) {
  const plan::Table* table = catalog.objects().find_table(oid_argument(call, 0));
  if (!table && !catalog.objects().find_index(oid_argument(call, 0)) && !catalog.objects().find_sequence(oid_argument(call, 0))) return model::Null{};
  if (!table || !table->view) return std::string{"Not a view"};
  const std::string plain = view_definition(*table);
  const auto layout = call.integer(1) != 0 ? sql::ViewLayout::pretty : sql::ViewLayout::full;
  return sql::view_layout(plain, *table, *catalog.objects().made_of, layout).value_or(plain);
}

/// crossfade_changes(oid, column): of column 0 the events that a relation takes (8 INSERT, 4 UPDATE, 16 DELETE), of another whether it can be written.
Answer relation_changes(Catalog& catalog, const Call& call) {
  constexpr std::int64_t kWrites = 12, kDeletes = 16;
  const plan::Table* table = catalog.objects().find_table(oid_argument(call, 0));
  const std::int64_t column = call.integer(1);
  if (!table) return std::int64_t{0};
  if (!table->view) return column == 0 ? kWrites + kDeletes : std::int64_t{column > 0};
  const sql::ViewChanges changes = sql::view_changes(*table, *catalog.objects().made_of);
  if (column == 0) return (changes.writes ? kWrites : 0) + (changes.deletes ? kDeletes : 0);
  const bool there = column > 0 && static_cast<std::size_t>(column) <= changes.columns.size();
  return std::int64_t{changes.deletes && there && changes.columns[static_cast<std::size_t>(column) - 1]};
}

std::string argument_types_of(Catalog& catalog, Oid function) {
  const auto types = catalog.value("pg_proc", function, "proargtypes");
  const auto* vector = std::get_if<std::string>(&types);
  if (!vector) return {};
  const std::size_t open = vector->rfind('{');
  std::string text, number;
  for (const char c : vector->substr(open + 1)) {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (!number.empty()) {
      const Oid oid = static_cast<Oid>(std::stoul(number));
      text += (text.empty() ? "" : ", ") + catalog.name_of(model::oid::regtype, oid);
      number.clear();
    }
  }
  return text;
}

/// With its schema, where that is not in the search path.
std::string visible_name(Catalog& catalog, std::string_view relation, Oid oid, std::string_view name, std::string_view space) {
  const auto schema = catalog.value(relation, oid, space);
  const auto* number = std::get_if<std::int64_t>(&schema);
  const bool hidden = number && *number != kPgCatalog && *number != kPublic;
  const std::string own = quoted_name(text_cell(catalog, relation, oid, name));
  return hidden ? quoted_name(text_cell(catalog, "pg_namespace", static_cast<Oid>(*number), "nspname")) + "." + own : own;
}

std::string described_relation(Catalog& catalog, Oid oid) {
  static const std::map<std::string, std::string> kKinds{{"r", "table"}, {"v", "view"}, {"i", "index"}, {"S", "sequence"}, {"t", "toast table"}};
  const auto kind = kKinds.find(text_cell(catalog, "pg_class", oid, "relkind"));
  return (kind == kKinds.end() ? "relation" : kind->second) + " " + visible_name(catalog, "pg_class", oid, "relname", "relnamespace");
}

/// crossfade_describe(class, object, part), as pg_describe_object: NULL for what is not there.
Answer described(Catalog& catalog, const Call& call) {
  constexpr Oid kPgProc = 1255, kPgConstraint = 2606, kPgAttrdef = 2604, kPgRewrite = 2618;
  struct Named { Oid class_of; std::string_view relation, column, word; };
  static constexpr Named kNamed[] = {{kPgNamespace, "pg_namespace", "nspname", "schema"}, {2612, "pg_language", "lanname", "language"},
                                     {3079, "pg_extension", "extname", "extension"},      {2601, "pg_am", "amname", "access method"},
                                     {1260, "pg_authid", "rolname", "role"},              {1262, "pg_database", "datname", "database"}};
  const Oid class_of = oid_argument(call, 0), oid = oid_argument(call, 1);
  const auto found = [&](std::string_view relation) { return catalog.find(relation, oid) != nullptr; };
  const auto owner = [&](std::string_view relation, std::string_view column) {
    const auto value = catalog.value(relation, oid, column);
    return static_cast<Oid>(std::get<std::int64_t>(value));
  };
  if (class_of == kPgClass) {
    if (!found("pg_class")) return model::Null{};
    const std::string relation = described_relation(catalog, oid);
    const plan::Table* table = call.integer(2) == 0 ? nullptr : catalog.objects().find_table(oid);
    if (call.integer(2) == 0) return relation;
    const bool there = table && call.integer(2) > 0 && static_cast<std::size_t>(call.integer(2)) <= table->columns.size();
    return there ? Answer{"column " + quoted_name(table->columns[static_cast<std::size_t>(call.integer(2) - 1)].name) + " of " + relation} : Answer{model::Null{}};
  }
  if (class_of == kPgType) return found("pg_type") ? Answer{"type " + catalog.type_name(oid, std::nullopt).value_or("???")} : Answer{model::Null{}};
  if (class_of == kPgProc) {
    if (!found("pg_proc")) return model::Null{};
    return "function " + visible_name(catalog, "pg_proc", oid, "proname", "pronamespace") + "(" + argument_types_of(catalog, oid) + ")";
  }
  if (class_of == kPgConstraint) {
    if (!found("pg_constraint")) return model::Null{};
    const Oid relation = owner("pg_constraint", "conrelid");
    const std::string name = "constraint " + quoted_name(text_cell(catalog, "pg_constraint", oid, "conname"));
    return relation == 0 ? name : name + " on " + described_relation(catalog, relation);
  }
  for (const DefaultObject& each : catalog.objects().defaults) {
    if (class_of == kPgAttrdef && each.oid == oid) {
      return "default value for column " + quoted_name(each.table->columns[static_cast<std::size_t>(each.column - 1)].name) + " of " + described_relation(catalog, each.table->oid);
    }
  }
  if (class_of == kPgRewrite) return found("pg_rewrite") ? Answer{"rule _RETURN on " + described_relation(catalog, owner("pg_rewrite", "ev_class"))} : Answer{model::Null{}};
  for (const Named& each : kNamed) {
    if (each.class_of == class_of) return found(each.relation) ? Answer{std::string{each.word} + " " + quoted_name(text_cell(catalog, each.relation, oid, each.column))} : Answer{model::Null{}};
  }
  if (class_of == kPgAttrdef) return model::Null{};
  return model::fail("0A000"_state, "describing objects of class " + std::to_string(class_of) + " is not supported on SQLite");
}

/// Whether the fields that an interval's modifier names are ones that SQL can say.
bool names_fields(std::int64_t modifier) {
  constexpr std::array<std::int64_t, 14> kFields{4, 2, 6, 8, 1024, 2048, 4096, 1032, 3080, 7176, 3072, 7168, 6144, 0x7FFF};
  return std::ranges::find(kFields, modifier >> 16 & 0x7FFF) != kFields.end();
}

/// crossfade_format_type(oid, modifier): either may be NULL.
Answer type_text(Catalog& catalog, const Call& call) {
  if (call.is_null(0)) return model::Null{};
  const Oid oid = oid_argument(call, 0);
  if (oid == 0) return std::string{"-"};
  const auto modifier = call.is_null(1) ? std::nullopt : std::optional{static_cast<std::int32_t>(call.integer(1))};
  const Oid element = model::element_of({oid}).value_or(model::Type{oid}).oid;
  if (element == model::oid::interval && modifier && *modifier >= 0 && !names_fields(*modifier)) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *modifier, 16).ptr;
    return model::fail("XX000"_state, "invalid INTERVAL typmod: 0x" + std::string{digits.data(), end});
  }
  return catalog.type_name(oid, modifier).value_or("???");
}

/// crossfade_function_types(oid): "integer, text".
Answer argument_types(Catalog& catalog, const Call& call) {
  if (!catalog.find("pg_proc", oid_argument(call, 0))) return model::Null{};
  return argument_types_of(catalog, oid_argument(call, 0));
}

Answer result_type(Catalog& catalog, const Call& call) {
  const auto type = catalog.value("pg_proc", oid_argument(call, 0), "prorettype");
  const auto* oid = std::get_if<std::int64_t>(&type);
  if (!oid) return model::Null{};
  const auto set = catalog.value("pg_proc", oid_argument(call, 0), "proretset");
  const bool many = std::get<std::int64_t>(set) != 0;
  return (many ? "SETOF " : "") + catalog.name_of(model::oid::regtype, static_cast<Oid>(*oid));
}

/// crossfade_serial_sequence(relation's OID, column)
Answer serial_sequence(Catalog& catalog, const Call& call) {
  const plan::Table* table = catalog.objects().find_table(oid_argument(call, 0));
  const int column = table ? attribute_of(*table, call.text(1)) : 0;
  if (table && column == 0) {
    return model::fail("42703"_state, "column \"" + call.string(1) + "\" of relation \"" + table->name + "\" does not exist");
  }
  for (const SequenceObject& each : catalog.objects().sequences) {
    if (table && each.table == table && each.column == column) return (table->temporary ? "pg_temp." : "public.") + quoted_name(each.name);
  }
  return model::Null{};
}

/// crossfade_sequence_last_value(oid), as pg_sequence_last_value: NULL before the first nextval().
Answer sequence_last_value(Catalog& catalog, const Call& call) {
  const SequenceObject* sequence = catalog.objects().find_sequence(oid_argument(call, 0));
  Connection::Impl* const connection = call.session().connection;
  if (!sequence || connection == nullptr) return model::Null{};
  if (!sequence->made) {
    const plan::Table& table = *sequence->table;
    if (table.temporary) return model::Null{};
    const std::string& column = table.columns[static_cast<std::size_t>(sequence->column - 1)].sqlite_name;
    CROSSFADE_TRY(const std::int64_t last, functions::last_key(*connection, table.sqlite_name, table.autoincrement ? std::string{} : column));
    return last > 0 ? StorageValue{last} : StorageValue{model::Null{}};
  }
  CROSSFADE_TRY(Statement read, connection->prepare("SELECT last_value FROM main.crossfade_sequences WHERE name = ?1 AND is_called", Author::proxy));
  CROSSFADE_CHECK(read.bind(1, sequence->name));
  CROSSFADE_TRY(const bool found, read.step());
  return found ? read.column(0) : StorageValue{model::Null{}};
}

/// The privileges that an object of the kind has when nobody has granted any.
struct DefaultAcl { char kind; std::string_view everyone, owner; };
constexpr DefaultAcl kDefaultAcls[] = {
    {'r', "", "arwdDxt"}, {'s', "", "rwU"}, {'d', "Tc", "CTc"}, {'f', "X", "X"}, {'l', "U", "U"}, {'L', "", "rw"},
    {'n', "", "UC"},      {'t', "", "C"},   {'T', "U", "U"},    {'F', "", "U"},  {'S', "", "U"},  {'c', "", ""},
};

Answer default_acl(Catalog& catalog, const Call& call) {
  const std::string role = catalog.name_of(4096, oid_argument(call, 1));
  for (const DefaultAcl& each : kDefaultAcls) {
    if (each.kind != (call.text(0).empty() ? '\0' : call.text(0)[0])) continue;
    std::string text = "{";
    if (!each.everyone.empty()) text += "=" + std::string{each.everyone} + "/" + role + ",";
    return text + role + "=" + std::string{each.owner} + "/" + role + "}";
  }
  return model::fail("22023"_state, "unrecognized object type abbreviation: " + call.string(0));
}

/// crossfade_size_pretty(bytes), as pg_size_pretty(bigint).
Answer size_pretty(Catalog&, const Call& call) {
  constexpr std::array<const char*, 6> kUnits{"bytes", "kB", "MB", "GB", "TB", "PB"};
  constexpr std::int64_t kLimit = 10'240;
  std::int64_t size = call.integer(0);
  std::size_t unit = 0;
  if (size > -kLimit && size < kLimit) return std::to_string(size) + " bytes";
  size /= 512;  // one bit more than the unit, for rounding
  for (unit = 1; unit + 1 < kUnits.size() && std::abs(size) >= 2 * kLimit - 1; ++unit) size /= 1024;
  size = (size + (size > 0 ? 1 : -1)) / 2;
  return std::to_string(size) + " " + kUnits[unit];
}

Answer pretty(Catalog&, const Call& call) { return pretty_expression(call.string(0)); }

/// crossfade_description(oid, column, catalog): catalog '' is any.
Answer description(Catalog& catalog, const Call& call) {
  const plan::Table& comments = sql::find_catalog_relation("pg_catalog", "pg_description")->table;
  const auto* found = catalog.matching(comments, 0, call.value(0));
  if (!found) return model::Null{};
  const Oid class_of = call.text(2).empty() ? 0 : catalog.find_relation("pg_catalog", call.text(2));
  for (const Cells* row : *found) {
    const bool same = class_of == 0 || std::get<std::int64_t>((*row)[1]) == class_of;
    if (same && std::get<std::int64_t>((*row)[2]) == call.integer(1)) return (*row)[3];
  }
  return model::Null{};
}

/// crossfade_shared_description(oid), as shobj_description: of a database.
Answer shared_description(Catalog& catalog, const Call& call) {
  const auto* found = catalog.matching(sql::find_catalog_relation("pg_catalog", "pg_shdescription")->table, 0, call.value(0));
  return found ? (*found->front())[2] : StorageValue{model::Null{}};
}

/// crossfade_relation_names(oid, what): what has pages in the file, as a JSON array: the relation itself ('table'), its indexes, both
/// ('total').
Answer relation_names(Catalog& catalog, const Call& call) {
  const Objects& objects = catalog.objects();
  const Oid oid = oid_argument(call, 0);
  std::string names;
  const auto add = [&](std::string_view name) {
    names += names.empty() ? "\"" : ", \"";
    for (const char c : name) names += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    names += '"';
  };
  const plan::Table* table = objects.find_table(oid);
  const IndexObject* index = objects.find_index(oid);
  if (table && call.text(1) != "indexes") add(table->sqlite_name);
  if (table && call.text(1) != "table") {
    for (const plan::Index& each : table->indexes) add(each.name);
  }
  if (index && !index->file_name.empty()) add(index->file_name);
  return "[" + names + "]";
}

constexpr Function kDefinitions[] = {
    {"crossfade_description", 3, description},
    {"crossfade_pretty_expression", 1, pretty},
    {"crossfade_shared_description", 1, shared_description},
    {"crossfade_relation_names", 2, relation_names},
    {"crossfade_indexdef", 3, index_text},
    {"crossfade_constraintdef", 2, constraint_text},
    {"crossfade_describe", 3, described},
    {"crossfade_viewdef", 2, view_text},        {"crossfade_changes", 2, relation_changes},
    {"crossfade_format_type", 2, type_text, Nulls::passed},
    {"crossfade_function_types", 1, argument_types},
    {"crossfade_function_result", 1, result_type},
    {"crossfade_serial_sequence", 2, serial_sequence},
    {"crossfade_sequence_last_value", 1, sequence_last_value},
    {"crossfade_acldefault", 2, default_acl},
    {"crossfade_size_pretty", 1, size_pretty},
};

}  // namespace

std::span<const Function> definition_functions() { return kDefinitions; }

}  // namespace crossfade::sqlite::catalog
