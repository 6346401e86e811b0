#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite::functions {

/// A JSON text that was checked when it was stored, taken apart. Scalars keep their text as written.
struct JsonNode {
  enum class Kind : unsigned char { null, boolean, number, string, array, object } kind = Kind::null;
  std::string key;    // of a member, unquoted
  std::string text;   // as written; of a container that was changed: out of date
  std::vector<JsonNode> items;

  bool scalar() const { return kind < Kind::array; }
  const JsonNode* find(std::string_view name) const;
  /// A scalar's text without quotes.
  std::string plain() const;
};

JsonNode read_json(std::string_view text);
/// As jsonb writes it: keys by length and bytes, ", " and ": ". The tree's members must be in that order: those of a jsonb text are.
std::string write_jsonb(const JsonNode& node);
std::string quote_json(std::string_view text);
enum class JsonPlace : std::uint8_t { top, inside };
/// PostgreSQL's order of jsonb: Object > Array > Boolean > Number > String > Null, then sizes, then what they hold.
std::strong_ordering compare_jsonb(const JsonNode& left, const JsonNode& right, JsonPlace place = JsonPlace::top);
/// The place in an array that a step of a path names, from its end where it is negative; nullopt: it is no whole number of 32 bits.
std::optional<std::int64_t> array_place(std::string_view step);
/// Puts `value` at `name` in jsonb's order of keys, in the place of a member that is there.
void put_member(JsonNode& object, std::string_view name, JsonNode value);

}  // namespace crossfade::sqlite::functions
