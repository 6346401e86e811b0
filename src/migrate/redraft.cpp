#include "crossfade/migrate/redraft.hpp"

#include <algorithm>
#include <optional>

namespace crossfade::migrate {
namespace {

constexpr std::string_view kDrafted = "drafted: ";

/// How each column was drafted, in the order of the text: [[table.column]] after [[table.column]].
std::vector<std::optional<std::string>> drafts_of(std::string_view text) {
  std::vector<std::optional<std::string>> out;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.starts_with("[[table.column]]")) out.emplace_back();
    if (!line.starts_with('#')) continue;
    line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
    if (line.starts_with(kDrafted) && !out.empty()) out.back() = line.substr(kDrafted.size());
  }
  return out;
}

const plan::PlannedTable* by_source(const plan::Plan& plan, std::string_view source) {
  const auto found = std::ranges::find(plan.tables, source, &plan::PlannedTable::source);
  return found == plan.tables.end() ? nullptr : &*found;
}

void column_changes(const plan::PlannedTable& before, const plan::PlannedTable& after, std::vector<std::string>& out) {
  for (const auto& column : after.columns) {
    const auto old = std::ranges::find(before.columns, column.source, &plan::PlannedColumn::source);
    const auto place = after.name + "." + column.name + ": ";
    if (old == before.columns.end()) out.push_back(place + "new, " + drafted_as(column));
    else if (drafted_as(*old) != drafted_as(column)) out.push_back(place + drafted_as(*old) + " → " + drafted_as(column));
  }
  for (const auto& column : before.columns) {
    const bool there = std::ranges::find(after.columns, column.source, &plan::PlannedColumn::source) != after.columns.end();
    if (!there) out.push_back(before.name + "." + column.name + ": not in the file any more");
  }
}

}  // namespace

std::string drafted_as(const plan::PlannedColumn& column) {
  auto form = column.form;
  form.zone.clear();
  const auto& zone = column.zone.empty() ? column.form.zone : column.zone;
  std::string_view misfit;
  switch (column.misfit) {
    case plan::Misfit::refuse: misfit = "refuse"; break;
    case plan::Misfit::null: misfit = "null"; break;
    case plan::Misfit::quarantine: misfit = "quarantine"; break;
    case plan::Misfit::cast: misfit = "cast"; break;
    case plan::Misfit::empty_null: misfit = "set-null-when-empty"; break;
  }
  auto out = column.name + " " + model::format_type(column.type) + " as " + plan::to_string(form) + ", " + std::string(misfit) + (zone.empty() ? "" : ", zone " + zone);
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');  // as comments are written
  return out;
}

void note_drafts(plan::Plan& plan) {
  for (auto& table : plan.tables) {
    for (auto& column : table.columns) {
      if (column.note.find(kDrafted) == column.note.npos) column.note += (column.note.empty() ? "" : "\n") + std::string(kDrafted) + drafted_as(column);
    }
  }
}

model::Result<plan::Plan> read_reviewed(std::string_view text, std::string_view file_name) {
  CROSSFADE_TRY(auto plan, plan::from_toml(text, file_name));
  const auto drafts = drafts_of(text);
  std::size_t at = 0;
  for (auto& table : plan.tables) {
    for (auto& column : table.columns) {
      const auto& draft = at < drafts.size() ? drafts[at] : std::optional<std::string>{};
      ++at;
      if (draft && *draft != drafted_as(column)) column.owner_edited = true;
    }
  }
  return plan;
}

std::vector<std::string> plan_changes(const plan::Plan& before, const plan::Plan& after) {
  std::vector<std::string> out;
  const auto makes = [](const plan::Plan& plan) { return plan.schema == plan::TargetSchema::existing ? "the application" : "copy"; };
  if (before.schema != after.schema) out.push_back(std::string("the tables in PostgreSQL are made by ") + makes(before) + " → by " + makes(after));
  for (const auto& table : after.tables) {
    const auto* old = by_source(before, table.source);
    if (!old) {
      out.push_back(table.name + ": a new table");
      continue;
    }
    if (old->name != table.name) out.push_back(table.name + ": was named " + old->name);
    if (old->key != table.key) out.push_back(table.name + ": its key is another one");
    column_changes(*old, table, out);
  }
  for (const auto& table : before.tables) {
    if (!by_source(after, table.source)) out.push_back(table.name + ": not in the file any more");
  }
  return out;
}

std::vector<std::string> kept_columns(const plan::Plan& plan) {
  std::vector<std::string> out;
  for (const auto& table : plan.tables) {
    for (const auto& column : table.columns) {
      if (column.owner_edited) out.push_back(table.name + "." + drafted_as(column));
    }
  }
  return out;
}

}  // namespace crossfade::migrate
