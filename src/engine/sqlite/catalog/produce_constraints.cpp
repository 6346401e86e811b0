#include <map>

#include "catalog/catalog.hpp"
#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite::catalog {

namespace {

namespace oid = model::oid;

std::string oids_vector(const std::vector<Oid>& items) {
  std::string text;
  for (const Oid item : items) text += (text.empty() ? "" : " ") + std::to_string(item);
  return vector_text(text);
}

/// The default B-tree operator class of a type.
Oid operator_class(Catalog& catalog, model::Oid type) {
  constexpr Oid kText = 25, kAnyArray = 2277;
  if (type == oid::varchar) type = kText;
  if (model::element_of({type})) type = kAnyArray;
  const plan::Table& classes = sql::find_catalog_relation("pg_catalog", "pg_opclass")->table;
  for (const Cells& row : catalog.rows(classes)) {
    const auto number = [&](std::string_view column) { return std::get<std::int64_t>(row[static_cast<std::size_t>(classes.find_column(column) - classes.columns.data())]); };
    if (number("opcmethod") == kBtree && number("opcintype") == type && number("opcdefault") != 0) return static_cast<Oid>(number("oid"));
  }
  return 0;
}

Oid collation_of(Catalog& catalog, model::Oid type) {
  const auto value = catalog.value("pg_type", type, "typcollation");
  const auto* number = std::get_if<std::int64_t>(&value);
  return number ? static_cast<Oid>(*number) : 0;
}

void produce_indexes(Catalog& catalog, RowMaker& out) {
  constexpr int kDescending = 3;  // DESC NULLS FIRST
  for (const IndexObject& index : catalog.objects().indexes) {
    std::vector<Oid> keys, collations, classes, options;
    std::string expressions;
    for (std::size_t i = 0; i < index.columns.size(); ++i) {
      const int column = index.columns[i];
      const model::Oid type = column > 0 ? index.table->columns[static_cast<std::size_t>(column - 1)].type.oid : oid::text;
      keys.push_back(static_cast<Oid>(column));
      const bool bytewise = column > 0 && catalog.objects().bytewise.contains(&index.table->columns[static_cast<std::size_t>(column - 1)]);
      collations.push_back(bytewise ? kCollationC : collation_of(catalog, type));
      classes.push_back(operator_class(catalog, type));
      options.push_back(index.parts[i].descending ? kDescending : 0);
      if (column == 0) expressions += (expressions.empty() ? "" : ", ") + index_part(index, i + 1, false);
    }
    const int count = static_cast<int>(index.columns.size());
    out.row().set("indexrelid", index.oid).set("indrelid", index.table->oid).set("indnatts", count).set("indnkeyatts", count);
    out.set("indisunique", index.unique).set("indisprimary", index.primary).set("indimmediate", true).set("indisvalid", true).set("indisready", true);
    out.set("indislive", true).set("indkey", oids_vector(keys)).set("indcollation", oids_vector(collations)).set("indclass", oids_vector(classes));
    out.set("indoption", oids_vector(options));
    if (!expressions.empty()) out.set("indexprs", expressions);
    if (index.predicate) {
      const std::string text = shown_text(*index.predicate, *index.table, false);
      out.set("indpred", text.starts_with('(') ? text : "(" + text + ")");
    }
  }
}

std::string action_letter(const std::string& action) {
  static const std::map<std::string, std::string> kLetters{{"CASCADE", "c"}, {"SET NULL", "n"}, {"SET DEFAULT", "d"}, {"RESTRICT", "r"}};
  const auto found = kLetters.find(action);
  return found == kLetters.end() ? "a" : found->second;
}

void produce_constraint_rows(Catalog& catalog, RowMaker& out) {
  for (const Objects::DomainCheck& each : catalog.objects().domain_checks) {
    out.row().set("oid", each.oid).set("conname", each.check->name).set("connamespace", kPublic).set("contype", "c").set("convalidated", true);
    out.set("contypid", each.domain->oid).set("conislocal", true).set("connoinherit", false).set("confupdtype", " ").set("confdeltype", " ");
    out.set("confmatchtype", " ").set("conbin", domain_condition(*each.check));
  }
  for (const ConstraintObject& each : catalog.objects().constraints) {
    out.row().set("oid", each.oid).set("conname", each.name).set("connamespace", catalog.objects().namespace_of(*each.table));
    out.set("contype", std::string(1, each.kind)).set("convalidated", true).set("conrelid", each.table->oid).set("conindid", each.index);
    out.set("conislocal", true).set("connoinherit", each.kind != 'c').set("conkey", array_text(each.columns));
    out.set("confupdtype", " ").set("confdeltype", " ").set("confmatchtype", " ");
    if (each.kind == 'c') out.set("conbin", shown_text(each.expression, *each.table, false));
    if (each.kind != 'f') continue;
    out.set("condeferrable", each.key->deferrable).set("condeferred", each.key->initially_deferred).set("confrelid", each.target->oid);
    out.set("confkey", array_text(each.target_columns)).set("confupdtype", action_letter(each.key->on_update));
    out.set("confdeltype", action_letter(each.key->on_delete)).set("confmatchtype", "s");
  }
}

void produce_defaults(Catalog& catalog, RowMaker& out) {
  for (const DefaultObject& each : catalog.objects().defaults) {
    out.row().set("oid", each.oid).set("adrelid", each.table->oid).set("adnum", each.column).set("adbin", each.text);
  }
}

void produce_sequences(Catalog& catalog, RowMaker& out) {
  for (const SequenceObject& each : catalog.objects().sequences) {
    if (each.made) {
      out.row().set("seqrelid", each.oid).set("seqtypid", each.type.oid).set("seqstart", each.made->start).set("seqincrement", each.made->increment);
      out.set("seqmin", each.made->minimum).set("seqmax", each.made->maximum).set("seqcache", each.made->cache).set("seqcycle", each.made->cycle);
      continue;
    }
    const std::int64_t most = each.type.oid == oid::int2 ? 32'767 : each.type.oid == oid::int4 ? 2'147'483'647 : std::numeric_limits<std::int64_t>::max();
    out.row().set("seqrelid", each.oid).set("seqtypid", each.type.oid).set("seqstart", 1).set("seqincrement", 1).set("seqmin", 1).set("seqcache", 1);
    out.set("seqmax", model::StorageValue{most});
  }
}

void depend(RowMaker& out, Oid class_of, Oid object, int part, Oid refers_class, Oid refers, int refers_part, const char* kind) {
  out.row().set("classid", class_of).set("objid", object).set("objsubid", part).set("refclassid", refers_class).set("refobjid", refers);
  out.set("refobjsubid", refers_part).set("deptype", kind);
}

/// What belongs to what: sequences to their columns, indexes to their constraints or columns, all to their table and schema.
void produce_dependencies(Catalog& catalog, RowMaker& out) {
  constexpr Oid kPgConstraint = 2606, kPgAttrdef = 2604, kPgRewrite = 2618;
  const Objects& objects = catalog.objects();
  for (const plan::Table* table : objects.tables) {
    depend(out, kPgClass, table->oid, 0, kPgNamespace, objects.namespace_of(*table), 0, "n");
    depend(out, kPgType, objects.row_types.at(table), 0, kPgClass, table->oid, 0, "i");
    if (table->view) depend(out, kPgRewrite, objects.rules.at(table), 0, kPgClass, table->oid, 0, "i");
  }
  for (const plan::NamedType* type : objects.types) {
    depend(out, kPgType, type->oid, 0, kPgNamespace, kPublic, 0, "n");
    depend(out, kPgType, objects.arrays_of.at(type), 0, kPgType, type->oid, 0, "i");
  }
  for (const plan::Table* table : objects.tables) {
    for (const plan::NamedType* type : objects.types) {
      for (std::size_t i = 0; i < table->columns.size() && !table->view; ++i) {
        const plan::Column& column = table->columns[i];
        const bool has = column.type.oid == type->oid || column.domain == type->name;
        if (has) depend(out, kPgClass, table->oid, static_cast<int>(i) + 1, kPgType, type->oid, 0, "n");
      }
    }
  }
  for (const SequenceObject& each : objects.sequences) {
    depend(out, kPgClass, each.oid, 0, kPgNamespace, objects.namespace_of(each), 0, "n");
    if (each.table) depend(out, kPgClass, each.oid, 0, kPgClass, each.table->oid, each.column, each.identity ? "i" : "a");
  }
  for (const DefaultObject& each : objects.defaults) {
    const bool generated = each.table->columns[static_cast<std::size_t>(each.column - 1)].generated;
    depend(out, kPgAttrdef, each.oid, 0, kPgClass, each.table->oid, each.column, generated ? "i" : "a");
    for (const SequenceObject& sequence : objects.sequences) {
      const plan::Column& column = each.table->columns[static_cast<std::size_t>(each.column - 1)];
      const bool used = sequence.made ? column.sequence == sequence.name && !each.table->temporary : sequence.table == each.table && sequence.column == each.column;
      if (used) depend(out, kPgAttrdef, each.oid, 0, kPgClass, sequence.oid, 0, "n");
    }
  }
  for (const ConstraintObject& each : objects.constraints) {
    for (const int column : each.columns) depend(out, kPgConstraint, each.oid, 0, kPgClass, each.table->oid, column, "a");
    if (each.index != 0 && each.kind != 'f') depend(out, kPgClass, each.index, 0, kPgConstraint, each.oid, 0, "i");
    if (each.kind != 'f') continue;
    for (const int column : each.target_columns) depend(out, kPgConstraint, each.oid, 0, kPgClass, each.target->oid, column, "n");
    if (each.index != 0) depend(out, kPgConstraint, each.oid, 0, kPgClass, each.index, 0, "n");
  }
  for (const IndexObject& each : objects.indexes) {
    if (each.constraint != 0) continue;
    for (const int column : each.columns) depend(out, kPgClass, each.oid, 0, kPgClass, each.table->oid, column, "a");
  }
}

constexpr Producer kConstraintProducers[] = {
    {"pg_index", produce_indexes},     {"pg_constraint", produce_constraint_rows}, {"pg_attrdef", produce_defaults},
    {"pg_sequence", produce_sequences}, {"pg_depend", produce_dependencies},
};

}  // namespace

std::span<const Producer> constraint_producers() { return kConstraintProducers; }

}  // namespace crossfade::sqlite::catalog
