#include <array>

#include "crossfade/model/json.hpp"
#include "crossfade/model/record.hpp"
#include "crossfade/model/text_format.hpp"
#include "arrays.hpp"
#include "json_tree.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

bool json_number(const std::string& text) { return text != "NaN" && text.find("Infinity") == std::string::npos; }

/// A value as to_json writes it: moments in ISO 8601 with a T. Source: PostgreSQL 15, datum_to_json.
std::string json_value(const model::Value& value, model::Type type, const model::TextStyle& style) {
  if (model::is_null(value)) return "null";
  if (const auto element = model::element_of(type)) {
    const auto& array = std::get<model::Array>(value);
    std::size_t at = 0;
    const auto dimension = [&](auto& self, std::size_t level) -> std::string {
      if (level == array.dimensions.size()) return json_value(array.elements[at++], *element, style);
      std::string out = "[";
      for (int i = 0; i < array.dimensions[level].length; ++i) out += (i ? "," : "") + self(self, level + 1);
      return out + "]";
    };
    return array.dimensions.empty() ? "[]" : dimension(dimension, 0);
  }
  model::TextStyle iso = style;
  iso.date_style = model::DateStyle::iso;
  std::string text = model::to_text(value, type, iso);
  switch (type.oid) {
    case oid::boolean: return text == "t" ? "true" : "false";
    case oid::int2:
    case oid::int4:
    case oid::int8:
    case oid::float4:
    case oid::float8:
    case oid::numeric: return json_number(text) ? text : quote_json(text);
    case oid::json:
    case oid::jsonb: return text;
    case oid::timestamp:
    case oid::timestamptz: {
      if (const std::size_t blank = text.find(' '); blank != std::string::npos) text[blank] = 'T';
      const std::size_t sign = type.oid == oid::timestamptz ? text.find_last_of("+-") : std::string::npos;
      const std::size_t end = text.size() - (text.ends_with(" BC") ? 3 : 0);
      if (sign != std::string::npos && sign + 3 == end) text.insert(end, ":00");
      return quote_json(text);
    }
    default: return quote_json(text);
  }
}

/// crossfade_to_json(value, type): NULL is json's null here; the binder says where it is SQL's.
Answer to_json(const Call& call) {
  CROSSFADE_TRY(const model::Type type, call.type(1));
  if (call.is_null(0)) return std::string{"null"};
  CROSSFADE_TRY(const model::Value value, plan::decode(call.value(0), plan::runtime_form(type), type));
  return json_value(value, type, call.session().style);
}

/// crossfade_normal_json(text): as jsonb holds it.
Answer normal_json(const Call& call) {
  CROSSFADE_TRY(std::string text, model::normalize_jsonb(call.text(0)));
  return text;
}

/// crossfade_json_members(between, colon, key, value, …): keys are texts, values JSON texts.
Answer json_object(const Call& call) {
  std::string out = "{";
  for (std::size_t i = 2; i + 1 < call.size(); i += 2) {
    if (call.is_null(i)) return model::fail("22023"_state, "argument " + std::to_string(i - 1) + ": key must not be null");
    out += (i > 2 ? call.string(0) : "") + quote_json(call.text(i)) + call.string(1) + call.string(i + 1);
  }
  return out + "}";
}

/// crossfade_json_joined(between, object, …): one object of the members of these, none of which is empty.
Answer json_joined(const Call& call) {
  std::string out;
  for (std::size_t i = 1; i < call.size(); ++i) {
    std::string_view members = call.text(i);
    members.remove_prefix(1);
    members.remove_suffix(1);
    out += (i > 1 ? call.string(0) : "{") + std::string{members};
  }
  return out + "}";
}

/// crossfade_json_array(value, …)
Answer json_array(const Call& call) {
  std::string out = "[";
  for (std::size_t i = 0; i < call.size(); ++i) out += (i ? ", " : "") + call.string(i);
  return out + "]";
}

/// crossfade_json_pair(colon, key, value): of json_object_agg.
Answer json_pair(const Call& call) {
  if (call.is_null(1)) return model::fail("22023"_state, "field name must not be null");
  return quote_json(call.text(1)) + call.string(0) + call.string(2);
}

/// crossfade_json_of_texts(texts) and (keys, values): of text arrays; the first's by turns, or in two columns.
Answer json_of_texts(const Call& call) {
  const model::Type texts = *model::array_of({oid::text});
  CROSSFADE_TRY(const model::Array first, read_array(call.value(0), texts));
  const auto wrong = [](const char* message) { return model::fail("2202E"_state, message); };
  std::vector<model::Value> keys, values;
  if (call.size() == 1) {
    if (first.dimensions.size() > 2) return wrong("wrong number of array subscripts");
    if (first.dimensions.size() == 2 && first.dimensions[1].length != 2) return wrong("array must have two columns");
    if (first.elements.size() % 2 != 0) return wrong("array must have even number of elements");
    for (std::size_t i = 0; i < first.elements.size(); ++i) (i % 2 == 0 ? keys : values).push_back(first.elements[i]);
  } else {
    CROSSFADE_TRY(const model::Array second, read_array(call.value(1), texts));
    if (first.dimensions.size() > 1 || first.dimensions.size() != second.dimensions.size()) return wrong("wrong number of array subscripts");
    if (first.elements.size() != second.elements.size()) return wrong("mismatched array dimensions");
    keys = first.elements;
    values = second.elements;
  }
  std::string out = "{";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (model::is_null(keys[i])) return model::fail("22004"_state, "null value not allowed for object key");
    out += (i ? ", " : "") + quote_json(std::get<std::string>(keys[i])) + " : " + (model::is_null(values[i]) ? "null" : quote_json(std::get<std::string>(values[i])));
  }
  return out + "}";
}

/// crossfade_json_array_pretty(array, type): each element of the outermost dimension on a line of its own.
Answer json_array_pretty(const Call& call) {
  CROSSFADE_TRY(const model::Type type, call.type(1));
  CROSSFADE_TRY(const model::Array array, read_array(call.value(0), type));
  if (array.dimensions.empty()) return std::string{"[]"};
  const model::Type element = model::element_of(type).value_or(model::Type{});
  const auto count = static_cast<std::size_t>(array.dimensions.front().length), each = array.elements.size() / std::max<std::size_t>(count, 1);
  std::string out = "[";
  for (std::size_t i = 0; i < count; ++i) {
    model::Value item = array.elements[i];
    if (array.dimensions.size() > 1) {
      const auto from = array.elements.begin() + static_cast<std::ptrdiff_t>(i * each);
      model::Array inner;
      inner.dimensions.assign(array.dimensions.begin() + 1, array.dimensions.end());
      inner.elements.assign(from, from + static_cast<std::ptrdiff_t>(each));
      item = std::move(inner);
    }
    out += (i ? ",\n " : "") + json_value(item, array.dimensions.size() > 1 ? type : element, call.session().style);
  }
  return out + "]";
}

/// crossfade_record(type, value, …): a row of values.
Answer record(const Call& call) {
  std::vector<model::RecordField> fields;
  for (std::size_t i = 0; i + 1 < call.size(); i += 2) {
    CROSSFADE_TRY(const model::Type type, call.type(i));
    model::RecordField field{type, model::Null{}};
    if (!call.is_null(i + 1)) {
      CROSSFADE_TRY(field.value, plan::decode(call.value(i + 1), plan::runtime_form(type), type));
    }
    fields.push_back(std::move(field));
  }
  return model::make_record(fields, call.session().style);
}

/// crossfade_record_text(record)
Answer text_of_record(const Call& call) { return std::string{model::record_text({std::string{call.bytes(0)}})}; }

constexpr std::array kJsonBuilders{
    Function{"crossfade_json_of_texts", 1, json_of_texts},
    Function{"crossfade_json_of_texts", 2, json_of_texts},
    Function{"crossfade_json_array_pretty", 2, json_array_pretty},
    Function{"crossfade_record", -1, record, Nulls::passed},
    Function{"crossfade_record_text", 1, text_of_record},
    Function{"crossfade_to_json", 2, to_json, Nulls::passed},
    Function{"crossfade_normal_json", 1, normal_json},
    Function{"crossfade_json_members", -1, json_object, Nulls::passed},
    Function{"crossfade_json_joined", -1, json_joined},
    Function{"crossfade_json_array", -1, json_array, Nulls::passed},
    Function{"crossfade_json_pair", 3, json_pair, Nulls::passed},
};

}  // namespace

std::span<const Function> json_builders() { return kJsonBuilders; }

}  // namespace crossfade::sqlite::functions
