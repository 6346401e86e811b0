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

/// [[1, null], ["a"]] as {{"1",NULL},{"a"}}, which the array's type reads. `whole`: its elements are JSON themselves.
void put_array(std::string& out, const JsonNode& node, bool whole) {
  out += '{';
  for (const JsonNode& item : node.items) {
    if (&item != node.items.data()) out += ',';
    if (item.kind == Kind::array) {
      put_array(out, item, whole);
    } else if (item.kind == Kind::null && !whole) {
      out += "NULL";
    } else {
      out += '"';
      for (const char c : whole || !item.scalar() ? item.text : item.plain()) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += '"';
    }
  }
  out += '}';
}

/// What a member says of a column of this type. Errors: 22P02 and the type's own.
Answer cell_of(const JsonNode* node, model::Type type, const model::TextStyle& style) {
  if (node == nullptr || node->kind == Kind::null) return model::Null{};
  std::string text = is_json(type) || !node->scalar() ? node->text : node->plain();
  const auto element = model::element_of(type);
  if (element && node->kind == Kind::array) {
    text.clear();
    put_array(text, *node, is_json(*element));
  } else if (element && node->kind != Kind::string) {
    return model::fail("22P02"_state, "expected JSON array", {}, "See the value of key \"" + node->key + "\".");
  }
  CROSSFADE_TRY(const model::Value value, model::parse_text(text, type, style));
  const auto* real = std::get_if<double>(&value);
  if (real != nullptr && std::isnan(*real)) return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
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
