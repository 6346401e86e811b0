#include <cmath>

#include "call.hpp"
#include "crossfade/model/array.hpp"
#include "crossfade/model/text_format.hpp"
#include "json_tree.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace records {

using Kind = JsonNode::Kind;

bool is_json(model::Type type) { return type.oid == model::oid::json || type.oid == model::oid::jsonb; }

model::Result<model::Value> value_of(const JsonNode& node, model::Type type, const model::TextStyle& style) {
  if (node.kind == Kind::null) return model::Value{model::Null{}};
  const bool text = node.kind == Kind::string;
  CROSSFADE_TRY(model::Value value, model::parse_text(!text ? node.text : is_json(type) ? quote_json(node.plain()) : node.plain(), type, style));
  const auto* real = std::get_if<double>(&value);
  if (real != nullptr && std::isnan(*real)) return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
  return value;
}

/// A JSON array as an array whose elements are behind as many brackets as the first one is.
/// Source: PostgreSQL 15, populate_array_json and its kin.
class ArrayOf {
 public:
  ArrayOf(model::Type element, const model::TextStyle& style) : element_(element), style_(style) {}

  model::Result<model::Array> read(const JsonNode& node) {
    constexpr std::size_t kMostDimensions = 6;
    const JsonNode* first = &node;
    while (first && first->kind == Kind::array) {
      out_.dimensions.push_back({-1, 1});
      first = first->items.empty() ? nullptr : first->items.data();
    }
    if (out_.dimensions.size() > kMostDimensions) {
      return model::fail("54000"_state, "number of array dimensions (" + std::to_string(out_.dimensions.size()) + ") exceeds the maximum allowed (" + std::to_string(kMostDimensions) + ")");
    }
    CROSSFADE_CHECK(add(node, 0));
    if (out_.elements.empty()) out_.dimensions.clear();
    return std::move(out_);
  }

 private:
  model::Result<void> add(const JsonNode& node, std::size_t level) {
    if (level == out_.dimensions.size()) {
      CROSSFADE_TRY(model::Value value, value_of(node, element_, style_));
      out_.elements.push_back(std::move(value));
      return {};
    }
    if (node.kind != Kind::array) return model::fail("22P02"_state, "expected JSON array");
    for (const JsonNode& item : node.items) CROSSFADE_CHECK(add(item, level + 1));
    const auto length = static_cast<std::int32_t>(node.items.size());
    std::int32_t& known = out_.dimensions[level].length;
    if (known < 0) known = length;
    if (known == length) return {};
    return model::fail("22P02"_state, "malformed JSON array", "Multidimensional arrays must have sub-arrays with matching dimensions.");
  }

  model::Type element_;
  const model::TextStyle& style_;
  model::Array out_;
};

/// What a member says of a column of this type. Errors: 22P02 and the type's own.
Answer cell_of(const JsonNode* node, model::Type type, const model::TextStyle& style) {
  if (node == nullptr || node->kind == Kind::null) return model::Null{};
  const auto element = model::element_of(type);
  if (element && node->kind == Kind::array) {
    CROSSFADE_TRY(const model::Array array, (ArrayOf{*element, style}.read(*node)));
    return to_runtime(array, type);
  }
  if (element && node->kind != Kind::string) return model::fail("22P02"_state, "expected JSON array", {}, "See the value of key \"" + node->key + "\".");
  CROSSFADE_TRY(const model::Value value, value_of(*node, type, style));
  return to_runtime(value, type);
}

model::Result<void> put_record(PackedRows& rows, const Call& call, const JsonNode* object) {
  rows.begin_row();
  for (std::size_t i = 2; i + 1 < call.size(); i += 2) {
    CROSSFADE_TRY(const model::Type type, call.type(i + 1));
    CROSSFADE_TRY(const StorageValue cell, cell_of(object == nullptr ? nullptr : object->find(call.text(i)), type, call.session().style));
    rows.add(cell);
  }
  return {};
}

std::unexpected<model::Error> not_called_on(const Call& call, std::string_view what) {
  return std::unexpected(model::Error{"22023"_state, "cannot call " + call.string(0) + " on " + std::string{what}});
}

/// crossfade_json_record(function, json, column, type, …): one row, of NULLs when there is no JSON.
Answer json_record(const Call& call) {
  PackedRows rows;
  if (call.is_null(1)) {
    CROSSFADE_CHECK(put_record(rows, call, nullptr));
    return rows.take();
  }
  const JsonNode node = read_json(call.text(1));
  if (node.kind != Kind::object) return not_called_on(call, node.kind == Kind::array ? "an array" : "a scalar");
  CROSSFADE_CHECK(put_record(rows, call, &node));
  return rows.take();
}

/// The same of an array of objects, a row each.
Answer json_recordset(const Call& call) {
  PackedRows rows;
  if (call.is_null(1)) return rows.take();
  const JsonNode node = read_json(call.text(1));
  if (node.kind != Kind::array) return not_called_on(call, node.kind == Kind::object ? "an object" : "a scalar");
  for (const JsonNode& item : node.items) {
    if (item.kind != Kind::object) return model::fail("22023"_state, "argument of " + call.string(0) + " must be an array of objects");
    CROSSFADE_CHECK(put_record(rows, call, &item));
  }
  return rows.take();
}

constexpr std::array kRecords{Function{"crossfade_json_record", -1, json_record, Nulls::passed}, Function{"crossfade_json_recordset", -1, json_recordset, Nulls::passed}};

}  // namespace records

std::span<const Function> json_record_functions() { return records::kRecords; }

}  // namespace crossfade::sqlite::functions
