#include <algorithm>
#include <array>

#include "crossfade/engine/sqlite/schema_reader.hpp"
#include "crossfade/migrate/redraft.hpp"
#include "draft_rules.hpp"

namespace crossfade::migrate {

using namespace model::literals;

namespace {

const plan::PlannedColumn* kept(const plan::Plan* previous, const plan::Table& table, const plan::Column& column) {
  if (!previous) return nullptr;
  for (const auto& old_table : previous->tables) {
    if (old_table.source != table.sqlite_name) continue;
    for (const auto& old_column : old_table.columns) {
      if (old_column.source == column.sqlite_name && old_column.owner_edited) return &old_column;
    }
  }
  return nullptr;
}

/// A table that its owner has named otherwise keeps the name.
std::string kept_name(const plan::Plan* previous, const plan::Table& table) {
  if (!previous) return table.name;
  const auto old = std::ranges::find(previous->tables, table.sqlite_name, &plan::PlannedTable::source);
  return old == previous->tables.end() ? table.name : old->name;
}

Choice choose(const plan::Column& column, const ColumnScan& scan) {
  const Evidence evidence{column, scan, Declaration{column.declared}};
  for (const auto& rule : draft_rules()) {
    if (auto choice = rule.choose(evidence)) return *std::move(choice);
  }
  return {{model::oid::text}, {plan::Form::text}, {}};  // not reached: the last rule always chooses
}

std::string planned_name(const plan::Column& column) {
  return is_system_column(column.name) ? column.name + "_" : column.name;
}

plan::PlannedColumn draft_column(const plan::Column& column, const ColumnScan& scan, const plan::Declared* declared) {
  plan::PlannedColumn out;
  out.name = planned_name(column);
  out.source = column.sqlite_name;
  if (declared) {
    out.type = declared->type;
    out.form = declared->form;
    out.note = declared->named.empty() ? "created through Crossfade with this type"
                                       : "created through Crossfade with the type " + declared->named + ", which does not come along";
    return out;
  }
  auto choice = choose(column, scan);
  out.type = choice.type;
  out.form = std::move(choice.form);
  out.misfit = choice.misfit;
  out.note = std::move(choice.note);
  if (out.name != column.name) out.note += "; " + column.name + " is the name of a system column";
  return out;
}

const plan::Declared* find_declared(const std::vector<plan::Declared>& declared, const plan::Table& table, const plan::Column& column) {
  const auto same = [&](const plan::Declared& row) {
    return plan::fold(row.table) == plan::fold(table.sqlite_name) && plan::fold(row.column) == plan::fold(column.sqlite_name);
  };
  const auto found = std::ranges::find_if(declared, same);
  return found == declared.end() ? nullptr : &*found;
}

}  // namespace

bool is_system_column(std::string_view name) {
  constexpr std::array<std::string_view, 6> kSystemColumns{"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"};
  return std::ranges::find(kSystemColumns, name) != kSystemColumns.end();
}

plan::Plan draft(const plan::Schema& schema, const ScanReport& report, const std::vector<plan::Declared>& declared,
                 const plan::Plan* previous) {
  plan::Plan out;
  for (const auto& [name, table] : schema.tables) {
    const auto* scanned = report.find(table.sqlite_name);
    if (!scanned) continue;
    plan::PlannedTable planned;
    planned.name = kept_name(previous, table);
    planned.source = table.sqlite_name;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto& column = table.columns[i];
      planned.columns.push_back(draft_column(column, scanned->columns[i], find_declared(declared, table, column)));
      if (const auto* old = kept(previous, table, column)) {
        auto theirs = *old;
        theirs.note = "kept as its owner has it\ndrafted: " + drafted_as(planned.columns.back());
        planned.columns.back() = std::move(theirs);
      }
    }
    if (scanned->null_keys == 0) {
      for (const auto* column : table.key()) {
        const auto named = std::ranges::find(planned.columns, column->sqlite_name, &plan::PlannedColumn::source);
        planned.key.push_back(named == planned.columns.end() ? planned_name(*column) : named->name);
      }
    } else {
      planned.untranslated.push_back("primary key: " + std::to_string(scanned->null_keys) + " rows hold NULL in it");
    }
    for (const auto& trigger : scanned->triggers) planned.untranslated.push_back("trigger " + trigger + ": written in SQLite's language");
    out.tables.push_back(std::move(planned));
  }
  return out;
}

namespace {

std::vector<std::string> warnings_of(const ScanReport& report, const plan::Plan& plan) {
  std::vector<std::string> out = report.not_scanned;
  for (auto& text : out) text += ": does not come along";
  for (const auto& table : report.tables) {
    const auto at = std::ranges::find(plan.tables, table.source, &plan::PlannedTable::source);
    const auto* planned = at == plan.tables.end() ? nullptr : &*at;
    if (table.keyless) out.push_back(table.name + ": has no key: it can be copied and verified, but not mirrored");
    for (const auto& text : planned ? planned->untranslated : std::vector<std::string>{}) out.push_back(table.name + ": " + text);
    for (const auto& column : table.columns) {
      const auto where = table.name + "." + plan::fold(column.name);
      if (column.nul_text != 0) out.push_back(where + ": " + std::to_string(column.nul_text) + " texts hold NUL");
      if (column.invalid_utf8 != 0) out.push_back(where + ": " + std::to_string(column.invalid_utf8) + " texts are not UTF-8");
      const int classes = (column.integers != 0) + (column.reals != 0) + (column.texts != 0) + (column.blobs != 0);
      if (classes > 1) out.push_back(where + ": holds " + storage_classes(column));
    }
  }
  return out;
}

/// SQLite takes "" for a name, PostgreSQL does not, and a plan is by names.
model::Result<void> check_names(const plan::Schema& schema) {
  for (const auto& [name, table] : schema.tables) {
    if (name.empty()) return model::fail("42602"_state, "a table has no name", table.sql, "Rename it in the file.");
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (!table.columns[i].name.empty()) continue;
      return model::fail("42602"_state, "column " + std::to_string(i + 1) + " of table \"" + table.sqlite_name + "\" has no name", "",
                         "Rename it in the file.");
    }
  }
  return {};
}

}  // namespace

model::Result<Drafted> draft_unproved(sqlite::Connection& connection, const plan::Plan* previous) {
  Drafted out;
  CROSSFADE_TRY(const auto schema, sqlite::read_schema(connection, nullptr));
  CROSSFADE_CHECK(check_names(schema));
  CROSSFADE_TRY(const auto declared, sqlite::read_declared_types(connection));
  CROSSFADE_TRY(out.report, scan(connection));
  out.plan = draft(schema, out.report, declared, previous);
  return out;
}

model::Result<Drafted> draft_plan(sqlite::Connection& connection, const plan::Plan* previous) {
  CROSSFADE_TRY(auto out, draft_unproved(connection, previous));
  CROSSFADE_TRY(out.demotions, prove(connection, out.plan));
  CROSSFADE_TRY(const auto declared, sqlite::read_declared_types(connection));
  out.warnings = warnings_of(out.report, out.plan);
  for (const auto& each : declared) {
    if (each.named.empty()) continue;
    out.warnings.push_back(each.table + "." + each.column + ": its type " + each.named + " does not come along; it becomes " + model::format_type(each.type));
  }
  for (const auto& row : out.demotions) out.warnings.push_back(row.table + "." + row.column + ": " + row.reason);
  return out;
}

}  // namespace crossfade::migrate
