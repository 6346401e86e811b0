#include <algorithm>
#include <span>
#include <utility>

#include "bind/binder.hpp"
#include "crossfade/sql/relations.hpp"

namespace crossfade::sql {

namespace {

bool acts(std::string_view action) { return action == "CASCADE" || action == "SET NULL" || action == "SET DEFAULT"; }

/// An UPDATE of these columns moves what the key refers to; of a generated column any may.
bool moves_key(const plan::ForeignKey& key, const plan::Table& target, std::span<const Assignment> assigned) {
  const std::vector<const plan::Column*> primary = target.key();
  const auto refers = [&](const plan::Column& column) {
    if (key.target_columns.empty()) return std::ranges::find(primary, &column) != primary.end();
    const auto named = [&](const std::string& name) { return plan::fold(name) == plan::fold(column.name) || plan::fold(name) == plan::fold(column.sqlite_name); };
    return std::ranges::any_of(key.target_columns, named);
  };
  return std::ranges::any_of(target.columns, [&](const plan::Column& column) {
    const auto named = [&](const Name& name) { return name.text == column.name || name.text == column.sqlite_name; };
    return refers(column) && (column.generated || std::ranges::any_of(assigned, [&](const Assignment& each) { return std::ranges::any_of(each.columns, named); }));
  });
}

}  // namespace

/// SQLite runs a foreign key's action with the row that it is of, PostgreSQL when the statement has ended.
Binder::Touched Binder::touched(const Changing& changing) const {
  const auto& [table, change, assigned, position] = changing;
  if (change == Change::insert) return {&table};
  struct Reached {
    const plan::Table* table;
    bool removed;  // its rows; else their keys are set
    bool operator==(const Reached&) const = default;
  };
  std::vector<Reached> reached{{&table, change == Change::remove}};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const auto [target, removed] = reached[i];
    for (const auto& [name, other] : context_.schema->beside(table)) {
      for (const plan::ForeignKey& key : other.foreign_keys) {
        const std::string& action = removed ? key.on_delete : key.on_update;
        if (key.target_table != target->name || !acts(action) || (i == 0 && !removed && !moves_key(key, *target, assigned))) continue;
        const Reached next{&other, removed && action == "CASCADE"};
        if (std::ranges::find(reached, next) == reached.end()) reached.push_back(next);
      }
    }
  }
  Touched out;
  for (const Reached& each : reached)
    if (std::ranges::find(out, each.table) == out.end()) out.push_back(each.table);
  return out;
}

Binder::Changing Binder::changing(const Insert& insert, const plan::Table& table) {
  if (!insert.on_conflict || !insert.on_conflict->update) return {table, Change::insert, {}, insert.relation.position};
  return {table, Change::update, insert.on_conflict->assignments, insert.relation.position};
}

/// By name or by way of views. Of a temporary table and another of its name: either.
bool Binder::reads_now(const std::set<std::string, std::less<>>& read, const Changing& changing) const {
  if (read.empty()) return false;
  std::set<std::string, std::less<>> behind;
  for (const plan::Table* table : touched(changing)) {
    if (read.contains(table->name)) return true;
    behind.insert(plan::fold(table->sqlite_name));
  }
  const auto over = [&](const plan::Table& view) {
    return view.view && !behind.contains(plan::fold(view.sqlite_name)) &&
           std::ranges::any_of(relations_read(view.sql), [&](const std::string& name) { return behind.contains(name); });
  };
  for (bool more = true; std::exchange(more, false);)
    for (const auto* relations : {&context_.schema->tables, &context_.schema->temporary})
      for (const auto& [key, view] : *relations) {
        if (!over(view)) continue;
        if (read.contains(view.name)) return true;
        behind.insert(plan::fold(view.sqlite_name));
        more = true;
      }
  return false;
}

OwnReads::OwnReads(Binder& binder) : binder_(binder), before_(std::exchange(binder.reads_.back(), {})) {}

OwnReads::~OwnReads() { binder_.reads_.back().merge(before_); }

bool OwnReads::of(const Binder::Changing& changing) const { return binder_.reads_now(binder_.reads_.back(), changing); }

/// SQLite computes each row's new values when it writes the row, from rows that it has written already; beside a FROM it computes all of them
/// before it writes the first.
FromItem values_first(const std::string& printed) {
  Select one;
  one.targets.push_back({constant(std::int64_t{1}, {model::oid::int8}), "one"});
  Query query;
  query.body = std::move(one);
  return {SubqueryReference{.query = std::move(query), .alias = {printed, {}}}, kNowhere};
}

}  // namespace crossfade::sql
