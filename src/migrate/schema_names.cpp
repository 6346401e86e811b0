#include "schema_names.hpp"

#include <algorithm>

#include "crossfade/plan/plan.hpp"

namespace crossfade::migrate {
namespace {

constexpr std::size_t kMaxName = 63;

/// The front is cut, not the suffix that says what it is.
std::string named(const std::string& front, std::string_view suffix) {
  auto length = std::min(front.size(), kMaxName - suffix.size());
  while (length < front.size() && length > 0 && (front[length] & 0xC0) == 0x80) --length;
  return front.substr(0, length).append(suffix);
}

bool has_own_name(const plan::Index& index) { return !index.name.empty() && !index.name.starts_with("sqlite_"); }

}  // namespace

std::string primary_key_name(const plan::Table& table) {
  for (const auto& index : table.indexes) {
    if (index.origin == plan::Index::Origin::primary_key && has_own_name(index)) return plan::fold(index.name);
  }
  return named(table.name, "_pkey");
}

std::string index_name(const plan::Table& table, const plan::Index& index) {
  const bool key = index.origin == plan::Index::Origin::primary_key;
  if (has_own_name(index) && !key) return plan::fold(index.name);
  std::string front = table.name;
  for (const auto& part : index.parts) front += "_" + (part.column.empty() ? "expr" : part.column);
  if (key) return named(front, "_nocase_key");  // beside the table's PRIMARY KEY
  return named(front, index.unique ? "_key" : "_idx");
}

std::string foreign_key_name(const plan::Table& table, const plan::ForeignKey& key) {
  if (!key.name.empty()) return plan::fold(key.name);
  std::string front = table.name;
  for (const auto& column : key.columns) front += "_" + column;
  return named(front, "_fkey");
}

std::string check_name(const plan::Table& table, std::size_t number) {
  return named(table.name, number == 0 ? "_check" : "_check" + std::to_string(number));
}

}  // namespace crossfade::migrate
