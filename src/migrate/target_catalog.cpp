#include "target_catalog.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "postgres_objects.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::string_view kTargetTables =
    "SELECT c.relname::text, a.attname::text, (CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END)::bigint, "
    "CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END, pg_catalog.format_type(a.atttypid, a.atttypmod), "
    "a.attnotnull OR t.typnotnull, a.atthasdef OR t.typdefault IS NOT NULL, a.attgenerated <> '', a.attidentity <> '', "
    "coalesce(pg_catalog.pg_get_serial_sequence(pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname), ''), "
    "coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%', "
    "EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE c.relkind = 'r' AND c.oid IN (i.inhparent, i.inhrelid)), a.attnum::bigint, "
    "(SELECT coalesce(pg_catalog.string_agg(pg_catalog.array_to_string((i.indkey::int2[])[0:i.indnkeyatts - 1], ' '), ',' ORDER BY i.indexrelid), '') FROM pg_catalog.pg_index i "
    "WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL), "
    "EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e') "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname, a.attnum";

/// "1,2 3": of each unique index its columns' places.
std::vector<std::set<std::int64_t>> places_of(const std::string& text) {
  std::vector<std::set<std::int64_t>> out;
  std::istringstream indexes(text);
  for (std::string index; std::getline(indexes, index, ',');) {
    std::istringstream places(index);
    out.emplace_back(std::istream_iterator<std::int64_t>(places), std::istream_iterator<std::int64_t>());
  }
  return out;
}

postgres::Parameter catalog_text(std::string_view value) { return {std::string(value), {model::oid::text}}; }

}  // namespace

const TargetColumn* TargetTable::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &TargetColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

std::string_view target_tables_sql() { return kTargetTables; }

model::Result<std::vector<TargetTable>> read_target_tables(postgres::Connection& target) {
  CROSSFADE_TRY(const auto found, target.query(kTargetTables));
  return target_tables(found);
}

std::vector<TargetTable> target_tables(const model::ResultSet& found) {
  std::vector<TargetTable> out;
  for (const auto& row : found.rows) {
    const auto string = [&row](std::size_t at) { return std::get<std::string>(row.at(at)); };
    const auto is = [&row](std::size_t at) { return std::get<bool>(row.at(at)); };
    if (out.empty() || out.back().name != string(0)) out.push_back({.name = string(0), .inherits = is(11), .of_extension = is(14), .unique = places_of(string(13)), .columns = {}});
    TargetColumn column{.name = string(1),
                        .place = std::get<std::int64_t>(row.at(12)),
                        .type = {static_cast<model::Oid>(std::get<std::int64_t>(row.at(2))), static_cast<std::int32_t>(std::get<std::int64_t>(row.at(3)))},
                        .type_name = string(4),
                        .not_null = is(5),
                        .defaulted = is(6),
                        .generated = is(7),
                        .identity = is(8),
                        .sequence = string(9)};
    column.foreign_sequence = is(10) && column.sequence.empty();
    out.back().columns.push_back(std::move(column));
  }
  return out;
}

model::Result<plan::Table> writable(postgres::Connection& target, const plan::Table& table) {
  const auto name = catalog_text(qualified(table.name));
  CROSSFADE_TRY(const auto found, target.query("SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass($1) AND attgenerated <> ''", {&name, 1}));
  std::set<std::string> generated;
  for (const auto& row : found.rows) generated.insert(std::get<std::string>(row.at(0)));
  plan::Table out = table;
  std::erase_if(out.columns, [&](const plan::Column& column) { return generated.contains(column.name); });
  return out;
}

model::Result<plan::Schema> with_target_sequences(postgres::Connection& target, plan::Schema schema) {
  CROSSFADE_TRY(const auto tables, read_target_tables(target));
  for (auto& [name, table] : schema.tables) {
    const auto there = std::ranges::find(tables, name, &TargetTable::name);
    for (auto& column : table.columns) {
      const auto* known = there == tables.end() ? nullptr : there->find(column.name);
      column.serial = known && !known->sequence.empty();
      column.sequence.clear();
    }
  }
  return schema;
}

}  // namespace crossfade::migrate
