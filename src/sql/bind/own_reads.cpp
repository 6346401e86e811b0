#include <algorithm>
#include <span>
#include <utility>

#include "bind/binder.hpp"
#include "crossfade/sql/relations.hpp"

namespace crossfade::sql {

namespace {

bool acts(std::string_view action) { return action == "CASCADE" || action == "SET NULL" || action == "SET DEFAULT"; }

/// An UPDATE of these columns, or of what the key refers to when it does not say.
bool moves_key(const plan::ForeignKey& key, const plan::Table& target, std::span<const Assignment> assigned) {
  const std::vector<const plan::Column*> primary = target.key();
  const auto refers = [&](const plan::Column& column) {
    if (key.target_columns.empty()) return std::ranges::find(primary, &column) != primary.end();
    const auto named = [&](const std::string& name) { return plan::fold(name) == plan::fold(column.name) || plan::fold(name) == plan::fold(column.sqlite_name); };
    return std::ranges::any_of(key.target_columns, named);
  };
  return std::ranges::any_of(target.columns, [&](const plan::Column& column) {
    const auto named = [&](const Name& name) { return name.text == column.name || name.text == column.sqlite_name; };
    return refers(column) && std::ranges::any_of(assigned, [&](const Assignment& each) { return std::ranges::any_of(each.columns, named); });
  });
}

bool holds(const std::vector<const plan::Table*>& tables, const plan::Table& table) { return std::ranges::find(tables, &table) != tables.end(); }

}  // namespace

/// SQLite runs a foreign key's action with the row that it is of, PostgreSQL when the statement has ended.
Binder::Touched Binder::touched(const Changing& changing) const {
  const auto& [table, change, assigned, position] = changing;
  Touched out{&table};
  if (change == Change::insert) return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const plan::Table& target = *out[i];
    for (const auto& [name, other] : context_.schema->beside(table)) {
      if (holds(out, other)) continue;
      const bool follows = std::ranges::any_of(other.foreign_keys, [&](const plan::ForeignKey& key) {
        if (key.target_table != target.name) return false;
        if (i > 0) return acts(key.on_delete) || acts(key.on_update);
        return (change == Change::remove && acts(key.on_delete)) || (change == Change::update && acts(key.on_update) && moves_key(key, target, assigned));
      });
      if (follows) out.push_back(&other);
    }
  }
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
