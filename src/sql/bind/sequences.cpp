#include <algorithm>
#include <array>

#include "bind/schema_binder.hpp"
#include "print/print.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// Our own tables in the file: the sequences with their state, and which columns take their default from one (`identity`: 1 ALWAYS, 2 BY
/// DEFAULT; 3: it is only what SQLite's counter of a serial key is called).
constexpr std::string_view kSequences =
    "CREATE TABLE IF NOT EXISTS main.crossfade_sequences (name TEXT PRIMARY KEY, type TEXT NOT NULL, start INTEGER NOT NULL, increment INTEGER NOT NULL, "
    "minimum INTEGER NOT NULL, maximum INTEGER NOT NULL, cache INTEGER NOT NULL, cycle INTEGER NOT NULL, last_value INTEGER NOT NULL, "
    "is_called INTEGER NOT NULL, owner_table TEXT, owner_column TEXT) WITHOUT ROWID";
constexpr std::string_view kDefaults =
    "CREATE TABLE IF NOT EXISTS main.crossfade_defaults (table_name TEXT NOT NULL, column_name TEXT NOT NULL, sequence TEXT NOT NULL, "
    "identity INTEGER NOT NULL, PRIMARY KEY (table_name, column_name)) WITHOUT ROWID";

struct Bounds { model::Oid type; std::int64_t minimum, maximum; };
constexpr std::array kBounds{Bounds{oid::int2, INT16_MIN, INT16_MAX}, Bounds{oid::int4, INT32_MIN, INT32_MAX}, Bounds{oid::int8, INT64_MIN, INT64_MAX}};

std::string sql_number(std::int64_t value) { return value == INT64_MIN ? "(-9223372036854775807 - 1)" : std::to_string(value); }

std::unexpected<model::Error> wrong_option(std::string message) { return refuse("22023"_state, std::move(message), kNowhere); }

}  // namespace

Result<plan::Sequence> SchemaBinder::describe_sequence(const SequenceOptions& options, plan::Sequence sequence, Position position, bool fresh) {
  const model::Oid old = sequence.type;
  if (options.type) {
    if (!options.type->resolved) return refuse("42704"_state, "type \"" + options.type->name + "\" does not exist", options.type->position);
    sequence.type = options.type->resolved->oid;
  }
  const auto bounds = std::ranges::find(kBounds, sequence.type, &Bounds::type);
  if (bounds == kBounds.end()) return wrong_option("sequence type must be smallint, integer, or bigint");
  const auto before = std::ranges::find(kBounds, old, &Bounds::type);
  if (options.increment) sequence.increment = *options.increment;
  if (sequence.increment == 0) return wrong_option("INCREMENT must not be zero");
  const bool up = sequence.increment > 0;
  if (options.maximum) sequence.maximum = *options.maximum;
  else if (fresh || options.no_maximum || (options.type && sequence.maximum == before->maximum)) sequence.maximum = up ? bounds->maximum : -1;
  if (options.minimum) sequence.minimum = *options.minimum;
  else if (fresh || options.no_minimum || (options.type && sequence.minimum == before->minimum)) sequence.minimum = up ? 1 : bounds->minimum;
  const std::string type{type_name(sequence.type)};
  if (sequence.maximum > bounds->maximum || sequence.maximum < bounds->minimum) {
    return wrong_option("MAXVALUE (" + std::to_string(sequence.maximum) + ") is out of range for sequence data type " + type);
  }
  if (sequence.minimum > bounds->maximum || sequence.minimum < bounds->minimum) {
    return wrong_option("MINVALUE (" + std::to_string(sequence.minimum) + ") is out of range for sequence data type " + type);
  }
  if (sequence.minimum >= sequence.maximum) return wrong_option("MINVALUE (" + std::to_string(sequence.minimum) + ") must be less than MAXVALUE (" + std::to_string(sequence.maximum) + ")");
  if (options.start) sequence.start = *options.start;
  else if (fresh) sequence.start = up ? sequence.minimum : sequence.maximum;
  if (sequence.start < sequence.minimum) return wrong_option("START value (" + std::to_string(sequence.start) + ") cannot be less than MINVALUE (" + std::to_string(sequence.minimum) + ")");
  if (sequence.start > sequence.maximum) return wrong_option("START value (" + std::to_string(sequence.start) + ") cannot be greater than MAXVALUE (" + std::to_string(sequence.maximum) + ")");
  if (options.cache) sequence.cache = *options.cache;
  if (sequence.cache < 1) return wrong_option("CACHE (" + std::to_string(sequence.cache) + ") must be greater than zero");
  if (options.cycle) sequence.cycle = *options.cycle;
  if (!options.owned_by) return sequence;
  std::vector<std::string> owner = *options.owned_by;
  if (owner.size() == 1 && owner.front() == "none") {
    sequence.owner_table.clear();
    sequence.owner_column.clear();
    return sequence;
  }
  if (owner.size() < 2) return refuse("42601"_state, "invalid OWNED BY option", kNowhere, "Specify OWNED BY table.column or OWNED BY NONE.");
  RelationName table{.schema = owner.size() > 2 ? owner[owner.size() - 3] : "", .name = owner[owner.size() - 2], .position = position};
  CROSSFADE_TRY(const plan::Table* found, find(table, "relation"));
  if (!found->find_column(owner.back())) return refuse("42703"_state, "column \"" + owner.back() + "\" of relation \"" + found->name + "\" does not exist", kNowhere);
  sequence.owner_table = found->name;
  sequence.owner_column = owner.back();
  return sequence;
}

void SchemaBinder::bump() {
  if (std::ranges::find(result_.own_texts, "DROP TABLE main.crossfade_bump") != result_.own_texts.end()) return;
  result_.own_texts.emplace_back("CREATE TABLE main.crossfade_bump (x)");
  result_.own_texts.emplace_back("DROP TABLE main.crossfade_bump");
}

void SchemaBinder::make_sequence(const plan::Sequence& sequence) {
  result_.own_texts.emplace_back(kSequences);
  result_.own_texts.push_back("INSERT INTO main.crossfade_sequences VALUES (" + quote_text(sequence.name) + ", " + quote_text(type_name(sequence.type)) + ", " +
                              sql_number(sequence.start) + ", " + sql_number(sequence.increment) + ", " + sql_number(sequence.minimum) + ", " + sql_number(sequence.maximum) + ", " +
                              sql_number(sequence.cache) + ", " + (sequence.cycle ? "1" : "0") + ", " + sql_number(sequence.start) + ", 0, " +
                              (sequence.owner_table.empty() ? "NULL, NULL" : quote_text(sequence.owner_table) + ", " + quote_text(sequence.owner_column)) + ")");
  bump();
}

std::string SchemaBinder::fresh_sequence_name(const std::string& table, const std::string& column) const {
  std::string name = plan::object_name(table, column, "seq");
  const auto used = [&](const std::string& each) { return context_.schema->sequences.contains(each) || context_.schema->tables.contains(each) || keyed_by(*context_.schema, each); };
  for (int suffix = 1; used(name); ++suffix) name = plan::object_name(table, column, "seq" + std::to_string(suffix));
  return name;
}

Result<std::string> SchemaBinder::own_sequence(const ColumnDefinition& definition, const SequenceOptions& options, const std::string& table) {
  if (result_.temporary) return unsupported("a serial column of a temporary table that is not its primary key", definition.position);
  plan::Sequence sequence;
  sequence.type = definition.type.resolved->oid;
  CROSSFADE_TRY(sequence, describe_sequence(options, sequence, definition.position, true));
  sequence.name = options.name.empty() ? fresh_sequence_name(table, definition.name) : options.name;
  sequence.owner_table = table;
  sequence.owner_column = definition.name;
  make_sequence(sequence);
  return sequence.name;
}

void SchemaBinder::use_sequence(const std::string& table, const plan::Column& column) {
  const plan::Table* known = context_.schema->find(table);
  const plan::Column* before = known ? known->find_column(column.name) : nullptr;
  if (column.sequence.empty() && (!before || before->sequence.empty())) return;
  result_.own_texts.emplace_back(kDefaults);
  if (column.sequence.empty()) {
    result_.own_texts.push_back("DELETE FROM main.crossfade_defaults WHERE table_name = " + quote_text(table) + " AND column_name = " + quote_text(column.name));
    return;
  }
  result_.own_texts.push_back("INSERT OR REPLACE INTO main.crossfade_defaults VALUES (" + quote_text(table) + ", " + quote_text(column.name) + ", " +
                              quote_text(column.sequence) + ", " + (column.identity_always ? "1" : column.identity ? "2" : "0") + ")");
}

void SchemaBinder::name_counter(const std::string& table, const std::string& column, const std::string& name) {
  result_.own_texts.emplace_back(kDefaults);
  result_.own_texts.push_back("INSERT OR REPLACE INTO main.crossfade_defaults VALUES (" + quote_text(table) + ", " + quote_text(column) + ", " + quote_text(name) + ", 3)");
}

void SchemaBinder::keep_counter(const plan::Table& table) {
  const plan::Column* column = table.rowid_alias();
  if (column && column->serial && !table.temporary && column->counter.empty()) name_counter(table.name, column->name, plan::counter_name(table, *column));
}

Result<void> SchemaBinder::counter_to_sequence(TableEdit& edit, plan::Column& column) {
  if (edit.before.temporary) return unsupported("DROP CONSTRAINT of a temporary table's serial primary key", edit.position);
  const std::string name = plan::counter_name(edit.before, column), table = quote_text(edit.before.sqlite_name);
  const std::string given = edit.before.autoincrement ? "(SELECT seq FROM main.sqlite_sequence WHERE name = " + table + ")"
                                                      : "(SELECT max(" + quoted(column.sqlite_name) + ") FROM main." + quoted(edit.before.sqlite_name) + ")";
  plan::Sequence sequence{.name = name, .type = column.type.oid, .owner_table = edit.before.name, .owner_column = column.name};
  sequence.maximum = std::ranges::find(kBounds, sequence.type, &Bounds::type)->maximum;
  make_sequence(sequence);
  result_.own_texts.push_back("UPDATE main.crossfade_sequences SET last_value = " + given + ", is_called = 1 WHERE name = " + quote_text(name) + " AND " + given + " > 0");
  column.serial = false;
  column.sequence = name;
  column.counter.clear();
  use_sequence(edit.before.name, column);
  result_.type_changes.push_back({TypeChange::Verb::declare, declaration(edit.before.name, column), {}});
  return {};
}

void SchemaBinder::restart_sequences(const std::string& table) {
  const bool owns = std::ranges::any_of(context_.schema->sequences, [&](const auto& entry) { return entry.second.owner_table == table; });
  if (!owns) return;
  result_.own_texts.push_back("UPDATE main.crossfade_sequences SET last_value = start, is_called = 0 WHERE owner_table = " + quote_text(table));
}

void SchemaBinder::forget_sequences(const std::string& table, std::string_view column) {
  const std::string owner = " = " + quote_text(table), part = " = " + quote_text(column);
  result_.own_texts.push_back("DELETE FROM main.crossfade_sequences WHERE owner_table" + owner + " AND owner_column" + part);
  result_.own_texts.push_back("DELETE FROM main.crossfade_defaults WHERE table_name" + owner + " AND column_name" + part);
}

Result<void> SchemaBinder::bind(CreateSequence& create, Statement&) {
  if (create.persistence == Persistence::temporary || create.relation.schema == "pg_temp") return unsupported("a temporary sequence", create.relation.position);
  note_place(false);
  CROSSFADE_TRY(const bool exists, taken(create.relation, create.if_not_exists ? Existing::skip : Existing::refuse));
  if (exists) return {};
  CROSSFADE_TRY(plan::Sequence sequence, describe_sequence(create.options, {}, create.relation.position, true));
  sequence.name = create.relation.name;
  make_sequence(sequence);
  return {};
}

Result<void> SchemaBinder::bind(AlterSequence& alter, Statement&) {
  const SequenceOptions& options = alter.options;
  const auto found = context_.schema->sequences.find(alter.relation.name);
  note_place(false);
  if (found == context_.schema->sequences.end()) {
    const plan::Table* table = keyed_by(*context_.schema, alter.relation.name);
    if (!table && alter.if_exists) {
      note("00000"_state, "relation \"" + alter.relation.name + "\" does not exist, skipping");
      return {};
    }
    if (!table) return refuse("42P01"_state, "relation \"" + alter.relation.name + "\" does not exist", alter.relation.position);
    const bool other = options.type || options.increment || options.minimum || options.maximum || options.cycle.value_or(false);
    if (other || (options.restart && !table->autoincrement)) return unsupported("this option for the sequence of a serial primary key", alter.relation.position);
    if (!options.restart) return {};
    const std::string name = quote_text(table->sqlite_name);
    result_.own_texts.push_back("DELETE FROM main.sqlite_sequence WHERE name = " + name);
    result_.own_texts.push_back("INSERT INTO main.sqlite_sequence (name, seq) VALUES (" + name + ", " + sql_number(options.restart_with.value_or(1) - 1) + ")");
    return {};
  }
  const plan::Table* owner = found->second.owner_table.empty() ? nullptr : context_.schema->find(found->second.owner_table);
  const plan::Column* owned = owner ? owner->find_column(found->second.owner_column) : nullptr;
  if (options.owned_by && owned && owned->identity) {
    return refuse("0A000"_state, "cannot change ownership of identity sequence", kNowhere, {}, "Sequence \"" + found->first + "\" is linked to table \"" + owner->name + "\".");
  }
  CROSSFADE_TRY(const plan::Sequence sequence, describe_sequence(options, found->second, alter.relation.position, false));
  if (options.restart) {
    const std::int64_t restart = options.restart_with.value_or(sequence.start);
    const std::string shown = "RESTART value (" + std::to_string(restart) + ") cannot be ";
    if (restart < sequence.minimum) return refuse("22023"_state, shown + "less than MINVALUE (" + std::to_string(sequence.minimum) + ")", kNowhere);
    if (restart > sequence.maximum) return refuse("22023"_state, shown + "greater than MAXVALUE (" + std::to_string(sequence.maximum) + ")", kNowhere);
  }
  std::string text = "UPDATE main.crossfade_sequences SET type = " + quote_text(type_name(sequence.type)) + ", start = " + sql_number(sequence.start) + ", increment = " +
                     sql_number(sequence.increment) + ", minimum = " + sql_number(sequence.minimum) + ", maximum = " + sql_number(sequence.maximum) + ", cache = " + sql_number(sequence.cache) +
                     ", cycle = " + (sequence.cycle ? "1" : "0") + ", owner_table = " + (sequence.owner_table.empty() ? "NULL" : quote_text(sequence.owner_table)) +
                     ", owner_column = " + (sequence.owner_column.empty() ? "NULL" : quote_text(sequence.owner_column));
  if (options.restart) text += ", is_called = 0, last_value = " + sql_number(options.restart_with.value_or(sequence.start));
  result_.own_texts.push_back(text + " WHERE name = " + quote_text(sequence.name));
  bump();
  return {};
}

Result<void> SchemaBinder::rename_sequence(const RelationName& name, const std::string& new_name) {
  const auto found = context_.schema->sequences.find(name.name);
  if (found == context_.schema->sequences.end()) {
    if (const plan::Table* counted = keyed_by(*context_.schema, name.name)) {
      note_place(false);
      RelationName fresh{.name = new_name};
      CROSSFADE_CHECK(taken(fresh, Existing::refuse));
      name_counter(counted->name, counted->rowid_alias()->name, new_name);
      bump();
      return {};
    }
    return refuse("42P01"_state, "relation \"" + name.name + "\" does not exist", name.position);
  }
  note_place(false);
  RelationName fresh{.name = new_name};
  CROSSFADE_CHECK(taken(fresh, Existing::refuse));
  result_.own_texts.emplace_back(kDefaults);
  result_.own_texts.push_back("UPDATE main.crossfade_sequences SET name = " + quote_text(new_name) + " WHERE name = " + quote_text(name.name));
  result_.own_texts.push_back("UPDATE main.crossfade_defaults SET sequence = " + quote_text(new_name) + " WHERE sequence = " + quote_text(name.name));
  bump();
  return {};
}

Result<void> SchemaBinder::drop_sequences(const Drop& drop) {
  note_place(false);
  for (const RelationName& name : drop.relations) {
    const plan::Table* counted = keyed_by(*context_.schema, name.name);
    if (!counted && !context_.schema->sequences.contains(name.name)) {
      if (context_.schema->find(name.name)) return refuse("42809"_state, "\"" + name.name + "\" is not a sequence", kNowhere);
      if (!drop.if_exists) return refuse("42P01"_state, "sequence \"" + name.name + "\" does not exist", kNowhere);
      note("00000"_state, "sequence \"" + name.name + "\" does not exist, skipping");
      continue;
    }
    std::string dependent = counted ? "default value for column " + counted->rowid_alias()->name + " of table " + counted->name : "";
    for (const auto& [key, table] : context_.schema->tables) {
      for (const plan::Column& column : table.columns) {
        if (column.sequence == name.name) dependent = "default value for column " + column.name + " of table " + key;
      }
    }
    if (!dependent.empty() && drop.cascade) return unsupported("DROP SEQUENCE … CASCADE of a sequence that a column uses", kNowhere);
    if (!dependent.empty()) {
      return refuse("2BP01"_state, "cannot drop sequence " + name.name + " because other objects depend on it", kNowhere,
                    "Use DROP ... CASCADE to drop the dependent objects too.", dependent + " depends on sequence " + name.name);
    }
    result_.own_texts.push_back("DELETE FROM main.crossfade_sequences WHERE name = " + quote_text(name.name));
    bump();
  }
  return {};
}

}  // namespace crossfade::sql
