#include <algorithm>
#include <array>

#include "call.hpp"
#include "json_tree.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace jsonb_putting {

using JsonKind = JsonNode::Kind;
using Path = std::span<const std::string>;

constexpr std::int64_t kMostNulls = 4'000'000;  // of one value's memory

/// `count` nulls as one node, which is written as so many.
model::Result<void> push_nulls(JsonNode& array, std::int64_t count) {
  if (count <= 0) return {};
  if (count > kMostNulls) return model::fail("54000"_state, "number of jsonb array elements exceeds the maximum allowed (" + std::to_string(kMostNulls) + ")");
  JsonNode gap;
  gap.text.reserve(static_cast<std::size_t>(count) * 6);
  for (std::int64_t i = 0; i < count; ++i) gap.text += i == 0 ? "null" : ", null";
  array.items.push_back(std::move(gap));
  return {};
}

/// What a path that leads nowhere makes: an array where a step is a number, else an object. Source: PostgreSQL 15, push_path.
model::Result<JsonNode> made(Path path, const JsonNode& value) {
  JsonNode out = value;
  for (std::size_t i = path.size(); i-- > 0;) {
    JsonNode around;
    if (const auto place = array_place(path[i])) {
      around.kind = JsonKind::array;
      CROSSFADE_CHECK(push_nulls(around, *place));
      around.items.push_back(std::move(out));
    } else {
      around.kind = JsonKind::object;
      put_member(around, path[i], std::move(out));
    }
    out = std::move(around);
  }
  return out;
}

/// Source: PostgreSQL 15, setPath with JB_PATH_CREATE, JB_PATH_FILL_GAPS and JB_PATH_CONSISTENT_POSITION.
model::Result<void> put(JsonNode& node, Path path, const JsonNode& value, std::size_t depth) {
  const std::string& step = path.front();
  const Path rest = path.subspan(1);
  if (node.scalar()) return model::fail("22023"_state, "cannot replace existing key", "The path assumes key is a composite object, but it is a scalar value.");
  if (node.kind == JsonKind::object) {
    const auto found = std::ranges::find(node.items, step, &JsonNode::key);
    if (found != node.items.end() && !rest.empty()) return put(*found, rest, value, depth + 1);
    CROSSFADE_TRY(JsonNode member, made(rest, value));
    put_member(node, step, std::move(member));
    return {};
  }
  const auto written = array_place(step);
  if (!written) return model::fail("22P02"_state, "path element at position " + std::to_string(depth) + " is not an integer: \"" + step + "\"");
  const auto size = static_cast<std::int64_t>(node.items.size());
  const std::int64_t place = *written < 0 ? *written + size : *written;
  if (place < 0) return model::fail("22023"_state, "path element at position " + std::to_string(depth) + " is out of range: " + std::to_string(*written));
  if (place < size && !rest.empty()) return put(node.items[static_cast<std::size_t>(place)], rest, value, depth + 1);
  CROSSFADE_TRY(JsonNode element, made(rest, value));
  if (place < size) {
    node.items[static_cast<std::size_t>(place)] = std::move(element);
    return {};
  }
  CROSSFADE_CHECK(push_nulls(node, place - size));
  node.items.push_back(std::move(element));
  return {};
}

/// crossfade_jsonb_put(jsonb, value, step, …): NULL becomes an array where the first step is a whole number, else an object; NULL is put as null.
Answer put_value(const Call& call) {
  std::vector<std::string> path;
  for (std::size_t i = 2; i < call.size(); ++i) {
    const StorageValue step = call.value(i);
    if (std::holds_alternative<model::Null>(step)) return model::fail("22004"_state, "jsonb subscript in assignment must not be null");
    const auto* number = std::get_if<std::int64_t>(&step);
    path.push_back(number ? std::to_string(*number) : call.string(i));
  }
  JsonNode root;
  if (!call.is_null(0)) root = read_json(call.text(0));
  else root.kind = std::holds_alternative<std::int64_t>(call.value(2)) ? JsonKind::array : JsonKind::object;
  const JsonNode value = read_json(call.is_null(1) ? std::string_view{"null"} : call.text(1));
  CROSSFADE_CHECK(put(root, path, value, 1));
  return write_jsonb(root);
}

constexpr std::array kJsonbPutters{Function{"crossfade_jsonb_put", -1, put_value, Nulls::passed}};

}  // namespace jsonb_putting

std::span<const Function> jsonb_put_functions() { return jsonb_putting::kJsonbPutters; }

}  // namespace crossfade::sqlite::functions
