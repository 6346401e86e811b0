#include <algorithm>
#include <array>

#include "crossfade/model/json.hpp"
#include "json_tree.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

using JsonKind = JsonNode::Kind;

/// A text[] in its run-time form; a NULL element is nullopt.
model::Result<std::vector<std::optional<std::string>>> path_of(const Call& call, std::size_t index) {
  const model::Type texts = *model::array_of({oid::text});
  CROSSFADE_TRY(const model::Value value, plan::decode(call.string(index), plan::runtime_form(texts), texts));
  std::vector<std::optional<std::string>> path;
  for (const model::Value& each : std::get<model::Array>(value).elements) {
    path.push_back(model::is_null(each) ? std::nullopt : std::optional{std::get<std::string>(each)});
  }
  return path;
}

/// The element that a path's step names; the last place counts from behind.
std::optional<std::size_t> place_in(const JsonNode& array, std::int64_t index) {
  if (index < 0) index += static_cast<std::int64_t>(array.items.size());
  return index >= 0 && index < static_cast<std::int64_t>(array.items.size()) ? std::optional{static_cast<std::size_t>(index)} : std::nullopt;
}

const JsonNode* follow(const JsonNode& root, const std::vector<std::optional<std::string>>& path) {
  const JsonNode* at = &root;
  for (const auto& step : path) {
    if (!step) return nullptr;
    if (at->kind == JsonKind::object) {
      at = at->find(*step);
    } else if (at->kind == JsonKind::array) {
      const auto index = array_place(*step);
      const auto place = index ? place_in(*at, *index) : std::nullopt;
      at = place ? &at->items[*place] : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return nullptr;
  }
  return at;
}

Answer extract_path(const Call& call) {
  CROSSFADE_TRY(const auto path, path_of(call, 1));
  const JsonNode root = read_json(call.text(0));
  const JsonNode* found = follow(root, path);
  if (found == nullptr) return model::Null{};
  return found->text;
}

Answer extract_path_text(const Call& call) {
  CROSSFADE_TRY(const auto path, path_of(call, 1));
  const JsonNode root = read_json(call.text(0));
  const JsonNode* found = follow(root, path);
  if (found == nullptr || found->kind == JsonKind::null) return model::Null{};
  return found->scalar() ? found->plain() : found->text;
}

bool contains(const JsonNode& outer, const JsonNode& inner, bool top);

bool holds_element(const JsonNode& array, const JsonNode& wanted) {
  return std::ranges::any_of(array.items, [&](const JsonNode& item) {
    if (item.kind != wanted.kind) return false;
    return item.scalar() ? compare_jsonb(item, wanted) == 0 : contains(item, wanted, false);
  });
}

/// @>. At the top an array contains a scalar that is one of its elements.
bool contains(const JsonNode& outer, const JsonNode& inner, bool top) {
  if (outer.kind == JsonKind::array && inner.scalar() && top) return holds_element(outer, inner);
  if (outer.kind != inner.kind) return false;
  if (outer.scalar()) return compare_jsonb(outer, inner) == 0;
  if (outer.kind == JsonKind::array) return std::ranges::all_of(inner.items, [&](const JsonNode& item) { return holds_element(outer, item); });
  return std::ranges::all_of(inner.items, [&](const JsonNode& item) {
    const JsonNode* own = outer.find(item.key);
    return own != nullptr && contains(*own, item, false);
  });
}

Answer jsonb_contains(const Call& call) { return std::int64_t{contains(read_json(call.text(0)), read_json(call.text(1)), true)}; }

bool has_key(const JsonNode& node, std::string_view key) {
  if (node.kind == JsonKind::object) return node.find(key) != nullptr;
  if (node.kind == JsonKind::string) return node.plain() == key;
  return node.kind == JsonKind::array && std::ranges::any_of(node.items, [&](const JsonNode& item) { return item.kind == JsonKind::string && item.plain() == key; });
}

Answer jsonb_exists(const Call& call) { return std::int64_t{has_key(read_json(call.text(0)), call.text(1))}; }

template <bool All>
Answer jsonb_exists_of(const Call& call) {
  CROSSFADE_TRY(const auto keys, path_of(call, 1));
  const JsonNode node = read_json(call.text(0));
  const auto has = [&](const std::optional<std::string>& key) { return !key ? All : has_key(node, *key); };
  return std::int64_t{All ? std::ranges::all_of(keys, has) : std::ranges::any_of(keys, has)};
}

Answer jsonb_concat(const Call& call) {
  JsonNode left = read_json(call.text(0)), right = read_json(call.text(1));
  if (left.kind == JsonKind::object && right.kind == JsonKind::object) {
    for (JsonNode& item : right.items) {
      const std::string key = item.key;
      put_member(left, key, std::move(item));
    }
    return write_jsonb(left);
  }
  JsonNode joined;
  joined.kind = JsonKind::array;
  for (JsonNode* part : {&left, &right}) {
    if (part->kind == JsonKind::array) std::ranges::move(part->items, std::back_inserter(joined.items));
    else joined.items.push_back(std::move(*part));
  }
  return write_jsonb(joined);
}

Answer jsonb_delete(const Call& call) {
  JsonNode node = read_json(call.text(0));
  if (node.scalar()) return model::fail("22023"_state, "cannot delete from scalar");
  const std::string key = call.string(1);
  std::erase_if(node.items, [&](const JsonNode& item) {
    return node.kind == JsonKind::object ? item.key == key : item.kind == JsonKind::string && item.plain() == key;
  });
  return write_jsonb(node);
}

Answer jsonb_delete_all(const Call& call) {
  JsonNode node = read_json(call.text(0));
  if (node.scalar()) return model::fail("22023"_state, "cannot delete from scalar");
  CROSSFADE_TRY(const auto keys, path_of(call, 1));
  std::erase_if(node.items, [&](const JsonNode& item) {
    const std::string own = node.kind == JsonKind::object ? item.key : item.plain();
    return (node.kind == JsonKind::object || item.kind == JsonKind::string) && std::ranges::find(keys, std::optional{own}) != keys.end();
  });
  return write_jsonb(node);
}

Answer jsonb_delete_index(const Call& call) {
  JsonNode node = read_json(call.text(0));
  if (node.kind == JsonKind::object) return model::fail("22023"_state, "cannot delete from object using integer index");
  if (node.scalar()) return model::fail("22023"_state, "cannot delete from scalar");
  if (const auto place = place_in(node, call.integer(1))) node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(*place));
  return write_jsonb(node);
}

enum class PathChange : std::uint8_t { set, create, insert_before, insert_after, remove };

model::Result<void> change_path(JsonNode& node, std::span<const std::optional<std::string>> path, const JsonNode& value, PathChange change, std::size_t depth) {
  if (!path.front()) return model::fail("22004"_state, "path element at position " + std::to_string(depth) + " is null");
  const std::string& step = *path.front();
  const bool last = path.size() == 1;
  if (node.kind == JsonKind::object) {
    const auto found = std::ranges::find(node.items, step, &JsonNode::key);
    if (!last) return found == node.items.end() ? model::Result<void>{} : change_path(*found, path.subspan(1), value, change, depth + 1);
    if (change == PathChange::remove) {
      if (found != node.items.end()) node.items.erase(found);
      return {};
    }
    const bool inserts = change == PathChange::insert_before || change == PathChange::insert_after;
    if (inserts && found != node.items.end()) return model::fail("22023"_state, "cannot replace existing key", {}, "Try using the function jsonb_set to replace key value.");
    if (found != node.items.end() || change != PathChange::set) put_member(node, step, value);
    return {};
  }
  if (node.kind != JsonKind::array) return {};
  const auto index = array_place(step);
  if (!index) return model::fail("22P02"_state, "path element at position " + std::to_string(depth) + " is not an integer: \"" + step + "\"");
  const auto place = place_in(node, *index);
  if (!last) return place ? change_path(node.items[*place], path.subspan(1), value, change, depth + 1) : model::Result<void>{};
  if (change == PathChange::remove) {
    if (place) node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(*place));
  } else if (place && (change == PathChange::set || change == PathChange::create)) {
    node.items[*place] = value;
  } else if (place) {
    node.items.insert(node.items.begin() + static_cast<std::ptrdiff_t>(*place + (change == PathChange::insert_after ? 1 : 0)), value);
  } else if (change != PathChange::set) {
    node.items.insert(*index < 0 ? node.items.begin() : node.items.end(), value);
  }
  return {};
}

Answer changed(const Call& call, PathChange change, const JsonNode& value) {
  JsonNode node = read_json(call.text(0));
  if (node.scalar()) return model::fail("22023"_state, change == PathChange::remove ? "cannot delete path in scalar" : "cannot set path in scalar");
  CROSSFADE_TRY(const auto path, path_of(call, 1));
  const bool adds = change != PathChange::set && change != PathChange::remove;  // else an empty one is given back before the path is looked at
  if (!path.empty() && (adds || !node.items.empty())) CROSSFADE_CHECK(change_path(node, path, value, change, 1));
  return write_jsonb(node);
}

Answer jsonb_set(const Call& call) {
  const bool create = call.size() < 4 || call.integer(3) != 0;
  return changed(call, create ? PathChange::create : PathChange::set, read_json(call.text(2)));
}
/// crossfade_jsonb_set_lax(target, path, value, create, what NULL does)
Answer jsonb_set_lax(const Call& call) {
  if (call.is_null(0) || call.is_null(1) || call.is_null(3)) return model::Null{};
  if (call.is_null(4)) {
    return model::fail("22023"_state, "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
  }
  if (!call.is_null(2)) return jsonb_set(call);
  const std::string_view does = call.text(4);
  if (does == "raise_exception") {
    return model::fail("22004"_state, "JSON value must not be null", "Exception was raised because null_value_treatment is \"raise_exception\".",
                       "To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.");
  }
  if (does == "use_json_null") return changed(call, call.integer(3) != 0 ? PathChange::create : PathChange::set, read_json("null"));
  if (does == "delete_key") return changed(call, PathChange::remove, {});
  if (does == "return_target") return call.string(0);
  return model::fail("22023"_state, "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
}
Answer jsonb_insert(const Call& call) {
  const bool after = call.size() > 3 && call.integer(3) != 0;
  return changed(call, after ? PathChange::insert_after : PathChange::insert_before, read_json(call.text(2)));
}
Answer jsonb_delete_path(const Call& call) { return changed(call, PathChange::remove, {}); }

Answer json_typeof(const Call& call) {
  constexpr std::array<const char*, 6> kNames{"null", "boolean", "number", "string", "array", "object"};
  return std::string{kNames[static_cast<std::size_t>(read_json(call.text(0)).kind)]};
}

void strip_nulls(JsonNode& node) {
  if (node.kind == JsonKind::object) std::erase_if(node.items, [](const JsonNode& item) { return item.kind == JsonKind::null; });
  for (JsonNode& item : node.items) strip_nulls(item);
}
Answer jsonb_strip_nulls(const Call& call) {
  JsonNode node = read_json(call.text(0));
  strip_nulls(node);
  return write_jsonb(node);
}

void write_pretty(std::string& out, const JsonNode& node, std::size_t depth) {
  if (node.scalar()) return void(out += node.text);
  const bool object = node.kind == JsonKind::object;
  out += object ? '{' : '[';
  for (const JsonNode& item : node.items) {
    if (&item != node.items.data()) out += ',';
    out += '\n';
    out.append((depth + 1) * 4, ' ');
    if (object) out += quote_json(item.key) + ": ";
    write_pretty(out, item, depth + 1);
  }
  out += '\n';
  out.append(depth * 4, ' ');
  out += object ? '}' : ']';
}
Answer jsonb_pretty(const Call& call) {
  std::string out;
  write_pretty(out, read_json(call.text(0)), 0);
  return out;
}

/// As json writes it again: without blanks, escapes said anew.
void put_without_nulls(std::string& out, const JsonNode& node) {
  if (node.scalar()) {
    out += node.kind == JsonKind::string ? quote_json(node.plain()) : node.text;
    return;
  }
  const bool object = node.kind == JsonKind::object;
  out += object ? '{' : '[';
  bool first = true;
  for (const JsonNode& item : node.items) {
    if (object && item.kind == JsonKind::null) continue;
    if (!std::exchange(first, false)) out += ',';
    if (object) (out += quote_json(item.key)) += ':';
    put_without_nulls(out, item);
  }
  out += object ? '}' : ']';
}

Answer json_strip_nulls(const Call& call) {
  std::string out;
  put_without_nulls(out, read_json(call.text(0)));
  return out;
}

// ---- sets of rows

enum class JsonGive : std::uint8_t { json, text };

StorageValue given(const JsonNode& item, JsonGive give) {
  if (give == JsonGive::json) return item.text;
  if (item.kind == JsonKind::null) return model::Null{};
  return item.scalar() ? item.plain() : item.text;
}

template <JsonGive Give>
Answer json_elements(const Call& call) {
  const JsonNode node = read_json(call.text(0));
  if (node.kind == JsonKind::object) return model::fail("22023"_state, "cannot extract elements from an object");
  if (node.kind != JsonKind::array) return model::fail("22023"_state, "cannot extract elements from a scalar");
  PackedRows rows;
  for (const JsonNode& item : node.items) rows.begin_row().add(given(item, Give));
  return rows.take();
}

template <JsonGive Give>
Answer json_each(const Call& call) {
  const JsonNode node = read_json(call.text(0));
  if (node.kind != JsonKind::object) return model::fail("22023"_state, node.kind == JsonKind::array ? "cannot deconstruct an array as an object" : "cannot deconstruct a scalar");
  PackedRows rows;
  for (const JsonNode& item : node.items) rows.begin_row().add(item.key).add(given(item, Give));
  return rows.take();
}

Answer json_object_keys(const Call& call) {
  const JsonNode node = read_json(call.text(0));
  if (node.kind != JsonKind::object) return model::fail("22023"_state, std::string{"cannot call jsonb_object_keys on "} + (node.kind == JsonKind::array ? "an array" : "a scalar"));
  PackedRows rows;
  for (const JsonNode& item : node.items) rows.begin_row().add(item.key);
  return rows.take();
}

constexpr std::array kJsonbFunctions{
    Function{"crossfade_json_path", 2, extract_path},
    Function{"crossfade_json_path_text", 2, extract_path_text},
    Function{"crossfade_jsonb_contains", 2, jsonb_contains},
    Function{"crossfade_jsonb_exists", 2, jsonb_exists},
    Function{"crossfade_jsonb_exists_any", 2, jsonb_exists_of<false>},
    Function{"crossfade_jsonb_exists_all", 2, jsonb_exists_of<true>},
    Function{"crossfade_jsonb_concat", 2, jsonb_concat},
    Function{"crossfade_jsonb_delete", 2, jsonb_delete},
    Function{"crossfade_jsonb_delete_all", 2, jsonb_delete_all},
    Function{"crossfade_jsonb_delete_index", 2, jsonb_delete_index},
    Function{"crossfade_jsonb_delete_path", 2, jsonb_delete_path},
    Function{"crossfade_jsonb_set", 3, jsonb_set},
    Function{"crossfade_jsonb_set_lax", 5, jsonb_set_lax, Nulls::passed},
    Function{"crossfade_jsonb_set", 4, jsonb_set},
    Function{"crossfade_jsonb_insert", 3, jsonb_insert},
    Function{"crossfade_jsonb_insert", 4, jsonb_insert},
    Function{"crossfade_json_typeof", 1, json_typeof},
    Function{"crossfade_jsonb_strip_nulls", 1, jsonb_strip_nulls},
    Function{"crossfade_json_strip_nulls", 1, json_strip_nulls},
    Function{"crossfade_jsonb_pretty", 1, jsonb_pretty},
    Function{"crossfade_json_elements", 1, json_elements<JsonGive::json>},
    Function{"crossfade_json_elements_text", 1, json_elements<JsonGive::text>},
    Function{"crossfade_json_each", 1, json_each<JsonGive::json>},
    Function{"crossfade_json_each_text", 1, json_each<JsonGive::text>},
    Function{"crossfade_json_object_keys", 1, json_object_keys},
};

}  // namespace

std::span<const Function> jsonb_functions() { return kJsonbFunctions; }

}  // namespace crossfade::sqlite::functions
