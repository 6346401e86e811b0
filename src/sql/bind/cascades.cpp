#include <algorithm>
#include <map>
#include <utility>

#include "bind/schema_binder.hpp"
#include "crossfade/sql/relations.hpp"
#include "print/print.hpp"
#include "tokens.hpp"

namespace crossfade::sql {

using namespace model::literals;

namespace {

std::vector<std::string> folded(std::vector<std::string> names) {
  for (std::string& name : names) name = plan::fold(name);
  return names;
}

/// The words of `key` in its table's text; nullptr: not found.
std::pair<std::vector<TablePiece>*, std::size_t> piece_of(TableText& text, const plan::Table& table, const plan::ForeignKey& key, const plan::Table& target) {
  const auto is_it = [&](const TablePiece& piece, const std::vector<std::string>& columns) {
    if (piece.kind != PieceKind::foreign_key) return false;
    if (!key.name.empty() && piece_name(piece, table.name) == key.name) return true;
    std::vector<std::string> own;
    for (const std::string& name : key.columns) own.push_back(plan::fold(table.find_column(name)->sqlite_name));
    return piece.name.empty() && folded(columns) == own && std::ranges::find(piece.words, plan::fold(target.sqlite_name)) != piece.words.end();
  };
  for (std::size_t i = 0; i < text.constraints.size(); ++i) {
    if (is_it(text.constraints[i], text.constraints[i].columns)) return {&text.constraints, i};
  }
  for (TableColumn& column : text.columns) {
    for (std::size_t i = 0; i < column.pieces.size(); ++i) {
      if (is_it(column.pieces[i], {column.name})) return {&column.pieces, i};
    }
  }
  return {nullptr, 0};
}

}  // namespace

void SchemaBinder::note_cascades(const std::vector<std::string>& cascades) {
  if (cascades.empty()) return;
  if (cascades.size() == 1) return note("00000"_state, "drop cascades to " + cascades.front());
  note("00000"_state, "drop cascades to " + std::to_string(cascades.size()) + " other objects");
  for (const std::string& each : cascades) {
    std::string& detail = result_.notices.back().detail;
    detail += (detail.empty() ? "drop cascades to " : "\ndrop cascades to ") + each;
  }
}

bool SchemaBinder::erase_reference(TableEdit& edit, const plan::ForeignKey& key, const plan::Table& target) {
  const auto [list, place] = piece_of(edit.text, edit.before, key, target);
  if (!list) return false;
  list->erase(list->begin() + static_cast<std::ptrdiff_t>(place));
  edit.rewritten = true;
  return true;
}

Result<void> SchemaBinder::drop_references(const plan::Table& table, const std::vector<const plan::Table*>& targets,
                                           const std::function<bool(const plan::ForeignKey&)>& goes, std::vector<std::string>& cascades) {
  const auto concerned = [&](const plan::ForeignKey& key) { return std::ranges::find(targets, key.target_table, &plan::Table::name) != targets.end() && goes(key); };
  if (std::ranges::none_of(table.foreign_keys, concerned)) return {};
  auto text = read_table_text(table.sql);
  if (!text) return unsupported("DROP … CASCADE of what table \"" + table.name + "\" refers to", kNowhere);
  TableEdit edit{.before = table, .after = table, .text = std::move(*text)};
  for (const plan::ForeignKey& key : table.foreign_keys) {
    const auto target = std::ranges::find(targets, key.target_table, &plan::Table::name);
    if (target == targets.end() || !goes(key)) continue;
    if (!erase_reference(edit, key, **target)) return unsupported("DROP … CASCADE of what table \"" + table.name + "\" refers to", kNowhere);
    cascades.push_back("constraint " + (key.name.empty() ? table.name + "_fkey" : key.name) + " on table " + table.name);
  }
  if (!edit.rewritten) return {};
  if (std::ranges::find(result_.rebuilds_before, table.sqlite_name, &TableRebuild::table) != result_.rebuilds_before.end()) {
    return unsupported("CASCADE twice over table \"" + table.name + "\"", kNowhere, "Say it in statements of their own.");
  }
  note_place(table.temporary);
  result_.tables.push_back(table.name);
  std::optional<TableRebuild> own = std::exchange(result_.rebuild, std::nullopt);
  CROSSFADE_CHECK(finish_rebuild(edit));
  result_.rebuilds_before.push_back(std::move(*result_.rebuild));
  result_.rebuild = std::move(own);
  return {};
}

Result<void> SchemaBinder::drop_references_to(TableEdit& edit, const std::function<bool(const plan::ForeignKey&)>& uses, bool cascade, model::Error error,
                                              const std::string& what) {
  std::vector<std::string> cascades;
  for (const auto& [name, other] : context_.schema->beside(edit.before)) {
    const auto key = std::ranges::find_if(other.foreign_keys, uses);
    if (key == other.foreign_keys.end()) continue;
    if (!cascade) {
      error.hint = "Use DROP ... CASCADE to drop the dependent objects too.";
      error.detail = "constraint " + key->name + " on table " + name + " depends on " + what;
      return std::unexpected(std::move(error));
    }
    if (name != edit.before.name) {
      CROSSFADE_CHECK(drop_references(other, {&edit.before}, uses, cascades));
      continue;
    }
    for (const plan::ForeignKey& own : other.foreign_keys) {
      if (uses(own) && !erase_reference(edit, own, edit.before)) return unsupported("DROP … CASCADE of what its own table refers to", edit.position);
    }
  }
  note_cascades(cascades);
  return {};
}

Result<void> SchemaBinder::check_dependents(const Drop& drop, const std::vector<const plan::Table*>& going, std::vector<std::string>& cascades) {
  if (drop.object != Drop::Object::table || going.empty()) return {};
  for (const plan::Table* table : going) {
    for (const auto& [key, other] : context_.schema->beside(*table)) {
      if (std::ranges::find(going, &other) != going.end() || drop.cascade) continue;
      const auto reference = std::ranges::find(other.foreign_keys, table->name, &plan::ForeignKey::target_table);
      if (reference == other.foreign_keys.end()) continue;
      return refuse("2BP01"_state, "cannot drop table " + table->name + " because other objects depend on it", kNowhere,
                    "Use DROP ... CASCADE to drop the dependent objects too.",
                    "constraint " + (reference->name.empty() ? key + "_fkey" : reference->name) + " on table " + key + " depends on table " + table->name);
    }
  }
  for (const auto* beside : {&context_.schema->tables, &context_.schema->temporary}) {
    std::vector<const plan::Table*> here;
    std::ranges::copy_if(going, std::back_inserter(here), [&](const plan::Table* each) { return &context_.schema->beside(*each) == beside; });
    for (const auto& [name, other] : *beside) {
      if (std::ranges::find(going, &other) != going.end()) continue;
      CROSSFADE_CHECK(drop_references(other, here, [](const plan::ForeignKey&) { return true; }, cascades));
    }
  }
  return {};
}

/// The views that read what goes, and those that read these: they go with it. Errors: 2BP01 without CASCADE.
Result<std::vector<const plan::Table*>> SchemaBinder::views_over(const Drop& drop, const std::vector<const plan::Table*>& going,
                                                                        std::vector<std::string>& cascades) {
  std::vector<const plan::Table*> found;
  std::map<std::string, const plan::Table*, std::less<>> gone;
  for (const plan::Table* table : going) gone.emplace(plan::fold(table->sqlite_name), table);
  for (bool more = !going.empty(); std::exchange(more, false);) {
    for (const auto& [key, view] : context_.schema->beside(*going.front())) {
      if (!view.view || gone.contains(plan::fold(view.sqlite_name))) continue;
      const auto read = relations_read(view.sql);
      const auto below = std::ranges::find_if(gone, [&](const auto& entry) { return read.contains(entry.first); });
      if (below == gone.end()) continue;
      if (!drop.cascade) {
        const auto what = [](const plan::Table& each) { return (each.view ? "view " : "table ") + each.name; };
        return refuse("2BP01"_state, "cannot drop " + what(*going.front()) + " because other objects depend on it", kNowhere,
                      "Use DROP ... CASCADE to drop the dependent objects too.", what(view) + " depends on " + what(*below->second));
      }
      gone.emplace(plan::fold(view.sqlite_name), &view);
      found.push_back(&view);
      cascades.push_back("view " + view.name);
      more = true;
    }
  }
  return found;
}

/// SQLite cannot rename a view: it is made again. What it reads stays as it is; views over it name it in their texts.
Result<void> SchemaBinder::rename_view(const plan::Table& view, const std::string& new_name) {
  RelationName fresh{.name = new_name};
  result_.temporary = view.temporary;
  CROSSFADE_CHECK(taken(fresh, Existing::refuse));
  CROSSFADE_CHECK(check_row_type(fresh));
  for (const auto& [name, other] : context_.schema->beside(view)) {
    if (other.view && &other != &view && relations_read(other.sql).contains(plan::fold(view.sqlite_name))) {
      return unsupported("renaming a view that view \"" + name + "\" reads", kNowhere, "Drop that view before it, and make it again.");
    }
  }
  Tokens tokens{view.sql};  // CREATE VIEW name …, as SQLite keeps it
  tokens.next();
  tokens.next();
  const Token name = tokens.next();
  if (name.kind != Token::Kind::word && name.kind != Token::Kind::quoted_name) return unsupported("renaming a view with such a name", kNowhere);
  const auto end = static_cast<std::size_t>(name.text.data() - view.sql.data()) + name.text.size();
  const std::string place = view.temporary ? "temp." : "main.", schema = view.temporary ? "temp.sqlite_schema" : "main.sqlite_schema";
  TableRebuild& check = result_.rebuilds_before.emplace_back();
  check.table = view.sqlite_name;
  check.checks.push_back({"SELECT 1 FROM " + schema + " WHERE type = 'trigger' AND tbl_name = " + quote_text(view.sqlite_name) + " COLLATE NOCASE LIMIT 1",
                          unsupported("renaming a view that has triggers of its own", kNowhere).error()});
  result_.texts = {"DROP VIEW " + place + quoted(view.sqlite_name), "CREATE VIEW " + place + quoted(new_name) + view.sql.substr(end)};
  result_.type_changes.push_back({TypeChange::Verb::rename_table, {.table = view.name}, new_name, view.temporary});
  return {};
}

}  // namespace crossfade::sql
