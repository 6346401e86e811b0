#include <algorithm>
#include <utility>

#include "bind/binder.hpp"
#include "crossfade/sql/relations.hpp"

namespace crossfade::sql {

/// By name or by way of views. Of a temporary table and another of its name: either.
bool Binder::reads_now(const std::set<std::string, std::less<>>& read, const plan::Table& changed) const {
  if (read.contains(changed.name)) return true;
  std::set<std::string, std::less<>> behind{plan::fold(changed.sqlite_name)};
  const auto over = [&](const plan::Table& view) {
    return view.view && !behind.contains(plan::fold(view.sqlite_name)) &&
           std::ranges::any_of(relations_read(view.sql), [&](const std::string& name) { return behind.contains(name); });
  };
  for (bool more = !read.empty(); std::exchange(more, false);)
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

bool OwnReads::of(const plan::Table& changed) const { return binder_.reads_now(binder_.reads_.back(), changed); }

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
