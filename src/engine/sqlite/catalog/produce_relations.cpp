#include <algorithm>
#include <set>

#include "catalog/catalog.hpp"

namespace crossfade::sqlite::catalog {

namespace {

/// Of pg_type, what pg_attribute repeats.
void set_type(Catalog& catalog, RowMaker& out, model::Type type) {
  for (const auto& [attribute, own] : {std::pair{"attlen", "typlen"}, {"attbyval", "typbyval"}, {"attalign", "typalign"}, {"attstorage", "typstorage"},
                                       {"attcollation", "typcollation"}}) {
    const auto value = catalog.value("pg_type", type.oid, own);
    if (!std::holds_alternative<model::Null>(value)) out.set(attribute, value);
  }
  out.set("atttypid", type.oid).set("atttypmod", type.modifier).set("attndims", model::element_of(type) && type.oid != 22 && type.oid != 30 ? 1 : 0);
}

void attribute(Catalog& catalog, RowMaker& out, Oid relation, std::string_view name, int number, model::Type type, bool not_null) {
  out.row().set("attrelid", relation).set("attname", std::string{name}).set("attnum", number).set("attstattarget", -1).set("attcacheoff", -1);
  out.set("attnotnull", not_null).set("attislocal", true);
  set_type(catalog, out, type);
}

/// The columns that every table has besides its own.
void system_attributes(Catalog& catalog, RowMaker& out, Oid relation) {
  constexpr Oid kCommand = 29, kTransaction = 28, kPlace = 27;
  static constexpr std::pair<std::string_view, Oid> kColumns[] = {{"ctid", kPlace},    {"xmin", kTransaction}, {"cmin", kCommand},
                                                                  {"xmax", kTransaction}, {"cmax", kCommand},  {"tableoid", model::oid::oid}};
  int number = 0;
  for (const auto& [name, type] : kColumns) attribute(catalog, out, relation, name, --number, {type}, true);
}

/// The domain where the column has one.
model::Type type_of(Catalog& catalog, const plan::Column& column) {
  const auto& types = catalog.objects().made_of->named_types;
  const auto domain = column.domain.empty() ? types.end() : types.find(column.domain);
  return domain == types.end() ? column.type : model::Type{domain->second.oid};
}

bool has_default(Catalog& catalog, const plan::Table& table, int column) {
  for (const DefaultObject& each : catalog.objects().defaults) {
    if (each.table == &table && each.column == column) return true;
  }
  return false;
}

const SequenceObject* sequence_of(Catalog& catalog, const plan::Table& table, int column) {
  for (const SequenceObject& each : catalog.objects().sequences) {
    if (each.table == &table && each.column == column) return &each;
  }
  return nullptr;
}

constexpr std::pair<std::string_view, model::Oid> kSequenceColumns[] = {
    {"last_value", model::oid::int8}, {"log_cnt", model::oid::int8}, {"is_called", model::oid::boolean}};

/// PostgreSQL calls an index's expression by its function.
std::string expression_name(std::string_view expression) {
  const std::size_t end = expression.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789");
  return end != 0 && end != std::string_view::npos && expression[end] == '(' ? std::string{expression.substr(0, end)} : "expr";
}

std::string fresh_name(const std::string& name, const std::set<std::string>& taken) {
  std::string fresh = name;
  for (int suffix = 1; taken.contains(fresh); ++suffix) fresh = name + std::to_string(suffix);
  return fresh;
}

void produce_attributes(Catalog& catalog, RowMaker& out) {
  for (const plan::Table* table : catalog.objects().tables) {
    if (!table->view) system_attributes(catalog, out, table->oid);
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      const plan::Column& column = table->columns[i];
      const int number = static_cast<int>(i) + 1;
      const SequenceObject* sequence = sequence_of(catalog, *table, number);
      attribute(catalog, out, table->oid, column.name, number, type_of(catalog, column), !table->view && (column.not_null || column.primary_key > 0));
      out.set("atthasdef", has_default(catalog, *table, number));
      if (catalog.objects().bytewise.contains(&column)) out.set("attcollation", kCollationC);
      if (sequence && sequence->identity) out.set("attidentity", column.identity_always ? "a" : "d");
      if (column.generated) out.set("attgenerated", "s");
    }
  }
  for (const IndexObject& index : catalog.objects().indexes) {
    std::set<std::string> taken;
    for (std::size_t i = 0; i < index.columns.size(); ++i) {
      const int own = index.columns[i];
      const plan::Column* column = own > 0 ? &index.table->columns[static_cast<std::size_t>(own - 1)] : nullptr;
      const std::string name = column ? column->name : fresh_name(expression_name(index.parts[i].expression), taken);
      taken.insert(name);
      attribute(catalog, out, index.oid, name, static_cast<int>(i) + 1, column ? column->type : model::Type{model::oid::text}, false);
      if (column && catalog.objects().bytewise.contains(column)) out.set("attcollation", kCollationC);
    }
  }
  for (const SequenceObject& sequence : catalog.objects().sequences) {
    int number = 0;
    for (const auto& [name, type] : kSequenceColumns) attribute(catalog, out, sequence.oid, name, ++number, {type}, true);
  }
}

void class_row(RowMaker& out, Oid oid, std::string_view name, Oid space, const char* kind, std::size_t columns) {
  out.row().set("oid", oid).set("relname", std::string{name}).set("relnamespace", space).set("relowner", kOwner).set("relkind", kind);
  out.set("relnatts", static_cast<int>(columns)).set("relpersistence", "p").set("relispopulated", true);
  out.set("relreplident", *kind == 'r' ? "d" : "n").set("reltuples", *kind == 'r' || *kind == 'v' ? -1.0 : *kind == 'S' ? 1.0 : 0.0);
  if (*kind == 'i' || *kind == 'S') out.set("relpages", 1);  // an empty one has a page
  if (*kind == 'r' || *kind == 'i' || *kind == 'S') out.set("relfilenode", oid);
  if (*kind == 'r') out.set("relam", kHeap);
  if (*kind == 'i') out.set("relam", kBtree);
}

void produce_classes(Catalog& catalog, RowMaker& out) {
  const Objects& objects = catalog.objects();
  for (const plan::Table* table : objects.tables) {
    class_row(out, table->oid, table->name, objects.namespace_of(*table), table->view ? "v" : "r", table->columns.size());
    int checks = 0;
    bool indexed = false, referenced = false;
    for (const IndexObject& index : objects.indexes) indexed = indexed || index.table == table;
    for (const ConstraintObject& each : objects.constraints) {
      checks += each.kind == 'c' && each.table == table ? 1 : 0;
      referenced = referenced || (each.kind == 'f' && (each.table == table || each.target == table));
    }
    out.set("reltype", objects.row_types.at(table)).set("relhasindex", indexed).set("relchecks", checks).set("relhasrules", table->view);
    out.set("relhastriggers", referenced).set("relpersistence", table->temporary ? "t" : "p");
  }
  for (const IndexObject& index : objects.indexes) {
    class_row(out, index.oid, index.name, objects.namespace_of(*index.table), "i", index.columns.size());
    out.set("relpersistence", index.table->temporary ? "t" : "p");
  }
  for (const SequenceObject& sequence : objects.sequences) {
    class_row(out, sequence.oid, sequence.name, objects.namespace_of(sequence), "S", std::size(kSequenceColumns));
    out.set("relpersistence", sequence.table && sequence.table->temporary ? "t" : "p");
  }
}

/// Types of CREATE TYPE and CREATE DOMAIN, each with its array.
void produce_named_types(Catalog& catalog, RowMaker& out) {
  constexpr int kEnumIn = 3506, kEnumOut = 3507, kEnumReceive = 3532, kEnumSend = 3533, kArrayIn = 750, kArrayOut = 751, kArrayReceive = 2400, kArraySend = 2401,
                kArrayAnalyze = 3816, kArraySubscript = 6179, kDomainIn = 2597, kDomainReceive = 2598;
  const plan::Table& types = sql::find_catalog_relation("pg_catalog", "pg_type")->table;
  for (const plan::NamedType* type : catalog.objects().types) {
    const Oid array = catalog.objects().arrays_of.at(type);
    const auto common = [&](Oid oid, const std::string& name) {
      out.row().set("oid", oid).set("typname", name).set("typnamespace", kPublic).set("typowner", kOwner).set("typisdefined", true).set("typdelim", ",");
      out.set("typtypmod", -1);
    };
    common(type->oid, type->name);
    std::string align = "i";
    if (type->kind == plan::NamedType::Kind::enumeration) {
      out.set("typtype", "e").set("typcategory", "E").set("typlen", 4).set("typbyval", true).set("typalign", "i").set("typstorage", "p").set("typarray", array);
      out.set("typinput", kEnumIn).set("typoutput", kEnumOut).set("typreceive", kEnumReceive).set("typsend", kEnumSend);
    } else {
      const Rows& all = static_rows(types);
      const auto base = std::ranges::find_if(all, [&](const Cells& row) { return row.front() == model::StorageValue{static_cast<std::int64_t>(type->base.oid)}; });
      for (const char* same : {"typlen", "typbyval", "typcategory", "typoutput", "typsend", "typalign", "typstorage", "typanalyze", "typcollation", "typdelim"}) {
        if (base != all.end()) out.set(same, (*base)[static_cast<std::size_t>(types.find_column(same) - types.columns.data())]);
      }
      out.set("typtype", "d").set("typbasetype", type->base.oid).set("typtypmod", type->base.modifier).set("typnotnull", type->not_null).set("typarray", array);
      out.set("typinput", kDomainIn).set("typreceive", kDomainReceive).set("typndims", model::element_of(type->base) ? 1 : 0);
      if (base != all.end()) align = std::get<std::string>((*base)[static_cast<std::size_t>(types.find_column("typalign") - types.columns.data())]) == "d" ? "d" : "i";
    }
    common(array, "_" + type->name);
    out.set("typtype", "b").set("typcategory", "A").set("typlen", -1).set("typalign", align).set("typstorage", "x").set("typelem", type->oid).set("typsubscript", kArraySubscript);
    out.set("typinput", kArrayIn).set("typoutput", kArrayOut).set("typreceive", kArrayReceive).set("typsend", kArraySend).set("typanalyze", kArrayAnalyze);
  }
}

void produce_labels(Catalog& catalog, RowMaker& out) {
  for (const Objects::LabelObject& label : catalog.objects().labels) {
    out.row().set("oid", label.oid).set("enumtypid", label.type).set("enumsortorder", label.place).set("enumlabel", label.text);
  }
}

/// A row type and its array for each table and view.
void produce_types(Catalog& catalog, RowMaker& out) {
  constexpr int kRecordIn = 2290, kRecordOut = 2291, kRecordReceive = 2402, kRecordSend = 2403, kArrayIn = 750, kArrayOut = 751, kArrayReceive = 2400,
                kArraySend = 2401, kArrayAnalyze = 3816, kArraySubscript = 6179;
  const Objects& objects = catalog.objects();
  produce_named_types(catalog, out);
  const auto common = [&](const plan::Table& table, Oid oid, const std::string& name) {
    out.row().set("oid", oid).set("typname", name).set("typnamespace", objects.namespace_of(table)).set("typowner", kOwner).set("typlen", -1);
    out.set("typisdefined", true).set("typdelim", ",").set("typalign", "d").set("typstorage", "x").set("typtypmod", -1);
  };
  for (const plan::Table* table : objects.tables) {
    common(*table, objects.row_types.at(table), table->name);
    out.set("typtype", "c").set("typcategory", "C").set("typrelid", table->oid).set("typarray", objects.array_types.at(table));
    out.set("typinput", kRecordIn).set("typoutput", kRecordOut).set("typreceive", kRecordReceive).set("typsend", kRecordSend);
    common(*table, objects.array_types.at(table), "_" + table->name);
    out.set("typtype", "b").set("typcategory", "A").set("typelem", objects.row_types.at(table)).set("typsubscript", kArraySubscript);
    out.set("typinput", kArrayIn).set("typoutput", kArrayOut).set("typreceive", kArrayReceive).set("typsend", kArraySend).set("typanalyze", kArrayAnalyze);
  }
}

void produce_namespaces(Catalog& catalog, RowMaker& out) {
  constexpr Oid kToast = 99;
  constexpr Oid kDatabaseOwner = 6171;
  const std::string user = quoted_name(catalog.session().user), all = "{" + user + "=UC/" + user + ",=U/" + user + "}";
  const auto add = [&](Oid oid, const char* name) { out.row().set("oid", oid).set("nspname", name).set("nspowner", oid == kPublic ? kDatabaseOwner : kOwner); };
  add(kToast, "pg_toast");
  add(kPgCatalog, "pg_catalog");
  out.set("nspacl", all);
  add(kPublic, "public");
  out.set("nspacl", "{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}");
  add(kInformationSchema, "information_schema");
  out.set("nspacl", all);
  for (const auto& [name, oid] : catalog.objects().made_of->namespaces) add(oid, name.c_str());
  if (catalog.objects().temporary_namespace != 0) add(catalog.objects().temporary_namespace, "pg_temp_1");
}

constexpr Producer kProducers[] = {
    {"pg_attribute", produce_attributes}, {"pg_class", produce_classes}, {"pg_type", produce_types}, {"pg_namespace", produce_namespaces, true}, {"pg_enum", produce_labels},
};

}  // namespace

std::span<const Producer> relation_producers() { return kProducers; }

}  // namespace crossfade::sqlite::catalog
