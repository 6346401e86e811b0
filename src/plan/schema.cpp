#include "crossfade/plan/schema.hpp"

#include <algorithm>

namespace crossfade::plan {

const Column* Table::find_column(std::string_view wanted) const {
  const auto found = std::ranges::find(columns, wanted, &Column::name);
  return found == columns.end() ? nullptr : &*found;
}

const Column* Table::rowid_alias() const {
  if (without_rowid || view || virtual_table) return nullptr;
  const Column* only = nullptr;
  for (const Column& column : columns) {
    if (column.primary_key == 0) continue;
    if (only) return nullptr;  // a key of several columns
    only = &column;
  }
  if (!only) return nullptr;
  // Exactly this word, in any case: "INT PRIMARY KEY" is an ordinary unique column to SQLite.
  constexpr std::string_view kWord = "INTEGER";
  const bool integer = std::ranges::equal(only->declared, kWord, [](char a, char b) { return a == b || a == b + 32; });
  if (!integer) return nullptr;
  // "INTEGER PRIMARY KEY DESC" is no alias; SQLite then keeps an index of its own for the key.
  const bool own_index = std::ranges::any_of(indexes, [](const Index& i) { return i.origin == Index::Origin::primary_key; });
  return own_index ? nullptr : only;
}

std::vector<const Column*> Table::key() const {
  std::vector<const Column*> out;
  for (const Column& column : columns) {
    if (column.primary_key > 0) out.push_back(&column);
  }
  std::ranges::sort(out, {}, &Column::primary_key);
  return out;
}

bool NamedType::has_label(std::string_view text) const { return std::ranges::find(labels, text, &Label::text) != labels.end(); }

std::string NamedType::label_list() const {
  std::string list;
  for (const Label& label : labels) list += std::to_string(label.text.size()) + ":" + label.text;
  return list;
}

const NamedType* Schema::find_named_type(model::Oid oid) const {
  for (const auto& [name, type] : named_types) {
    if (type.oid == oid) return &type;
  }
  return nullptr;
}

const Table* Schema::find(std::string_view name) const { return find({}, name); }

const Table* Schema::find(std::string_view schema, std::string_view name) const {
  const auto in = [&](const Tables& list) -> const Table* {
    const auto found = list.find(name);
    return found == list.end() ? nullptr : &found->second;
  };
  if (schema == "pg_temp") return in(temporary);
  if (schema == "public") return in(tables);
  if (!schema.empty()) return nullptr;
  const Table* first = in(temporary);
  return first != nullptr ? first : in(tables);
}

}  // namespace crossfade::plan
