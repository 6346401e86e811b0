#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "call.hpp"
#include "functions/named_types.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

const model::Type kTexts = *model::array_of({model::oid::text});

/// "3:sad2:ok": plan::NamedType::label_list().
std::vector<std::string> read_labels(std::string_view list) {
  std::vector<std::string> labels;
  while (!list.empty()) {
    const std::size_t colon = list.find(':');
    if (colon == std::string_view::npos) break;
    const std::size_t size = std::stoul(std::string{list.substr(0, colon)});
    labels.emplace_back(list.substr(colon + 1, size));
    list.remove_prefix(std::min(list.size(), colon + 1 + size));
  }
  return labels;
}

/// The text, when it is one of the labels.
Answer one_of_labels(const Call& call, std::string_view text) {
  for (std::string_view list = call.text(2); !list.empty();) {
    const std::size_t colon = list.find(':');
    std::size_t size = 0;
    for (const char c : list.substr(0, colon)) size = size * 10 + static_cast<std::size_t>(c - '0');
    if (list.substr(colon + 1, size) == text) return std::string{text};
    list.remove_prefix(colon + 1 + size);
  }
  return model::fail("22P02"_state, "invalid input value for enum " + call.string(1) + ": \"" + std::string{text} + "\"");
}

/// crossfade_enum_in(text, 'mood', labels)
Answer enum_in(const Call& call) { return one_of_labels(call, call.text(0)); }

/// crossfade_enums_in(array, 'mood', labels): the array, when each of its elements is one of the labels.
Answer enums_in(const Call& call) {
  const auto array = plan::decode(call.value(0), plan::runtime_form(kTexts), kTexts);
  if (!array) return std::unexpected(array.error());
  for (const model::Value& element : std::get<model::Array>(*array).elements) {
    if (model::is_null(element)) continue;
    if (auto known = one_of_labels(call, std::get<std::string>(element)); !known) return known;
  }
  return call.value(0);
}

/// crossfade_domain(value, 'posint', not null, check's name, its condition …): the value, when it meets them. NULL meets a condition.
Answer in_domain(const Call& call) {
  const std::string domain = call.string(1);
  if (call.is_null(0) && call.integer(2) != 0) return model::fail("23502"_state, "domain " + domain + " does not allow null values");
  for (std::size_t i = 3; i + 1 < call.size(); i += 2) {
    if (call.is_null(i + 1) || call.integer(i + 1) != 0) continue;
    return model::fail("23514"_state, "value for domain " + domain + " violates check constraint \"" + call.string(i) + "\"");
  }
  return call.value(0);
}

constexpr std::array kNamedTypeFunctions{
    Function{"crossfade_enum_in", 3, enum_in},
    Function{"crossfade_enums_in", 3, enums_in},
    Function{"crossfade_domain", -1, in_domain, Nulls::passed},
};

/// Labels by their place; what is none (another program has written it) behind them all, by its bytes.
int compare_labels(void* data, int left_size, const void* left, int right_size, const void* right) {
  const auto& labels = *static_cast<const std::vector<std::string>*>(data);
  const std::string_view a{static_cast<const char*>(left), static_cast<std::size_t>(left_size)}, b{static_cast<const char*>(right), static_cast<std::size_t>(right_size)};
  const auto first = std::ranges::find(labels, a), second = std::ranges::find(labels, b);
  if (first != second) return first < second ? -1 : 1;
  return first == labels.end() ? a.compare(b) : 0;
}

/// "crossfade_enum_" and the label list in hexadecimal digits (sql/bind/comparisons.cpp).
void make_collation(void*, sqlite3* database, int, const char* name) {
  constexpr std::string_view kPrefix = "crossfade_enum_";
  const std::string_view wanted = name == nullptr ? "" : name;
  if (!wanted.starts_with(kPrefix)) return;
  const auto digit = [](char c) { return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0'; };
  const std::string_view digits = wanted.substr(kPrefix.size());
  std::string list;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) list += static_cast<char>(digit(digits[i]) * 16 + digit(digits[i + 1]));
  const auto release = [](void* data) { delete static_cast<std::vector<std::string>*>(data); };
  try {
    sqlite3_create_collation_v2(database, name, SQLITE_UTF8, new std::vector<std::string>(read_labels(list)), compare_labels, release);
  } catch (const std::exception&) {  // then there is no such collation, which SQLite says
  }
}

}  // namespace

std::span<const Function> named_type_functions() { return kNamedTypeFunctions; }

int register_label_collations(sqlite3* database) { return sqlite3_collation_needed(database, nullptr, make_collation); }

}  // namespace crossfade::sqlite::functions
