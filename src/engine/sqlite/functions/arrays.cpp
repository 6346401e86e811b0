#include "arrays.hpp"

#include <algorithm>
#include <array>

#include "crossfade/model/text_format.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

model::Result<model::Array> read_array(const StorageValue& stored, model::Type array) {
  CROSSFADE_TRY(model::Value value, plan::decode(stored, plan::runtime_form(array), array));
  return std::get<model::Array>(std::move(value));
}

model::Result<TypedArray> typed_array(const Call& call, std::size_t type, std::size_t index) {
  CROSSFADE_TRY(const model::Type array, call.type(type));
  const auto element = model::element_of(array);
  if (!element) return model::fail("XX000"_state, "run-time function was given no array type");
  CROSSFADE_TRY(model::Array value, read_array(call.value(index), array));
  return TypedArray{std::move(value), array, *element};
}

model::Result<model::Value> read_element(const Call& call, std::size_t index, model::Type element) {
  return plan::decode(call.value(index), plan::runtime_form(element), element);
}

namespace {

/// Where only the shape matters, the elements may stay texts.
model::Result<model::Array> shape_of(const Call& call) { return read_array(call.value(0), *model::array_of({oid::text})); }

using Measure = std::int64_t (*)(const model::ArrayDimension&);
template <Measure What>
Answer measured(const Call& call) {
  CROSSFADE_TRY(const model::Array array, shape_of(call));
  const std::int64_t dimension = call.integer(1);
  if (dimension < 1 || dimension > static_cast<std::int64_t>(array.dimensions.size())) return model::Null{};
  return What(array.dimensions[static_cast<std::size_t>(dimension - 1)]);
}
std::int64_t length(const model::ArrayDimension& dimension) { return dimension.length; }
std::int64_t lower(const model::ArrayDimension& dimension) { return dimension.lower; }
std::int64_t upper(const model::ArrayDimension& dimension) { return std::int64_t{dimension.lower} + dimension.length - 1; }

Answer dimension_count(const Call& call) {
  CROSSFADE_TRY(const model::Array array, shape_of(call));
  if (array.dimensions.empty()) return model::Null{};
  return static_cast<std::int64_t>(array.dimensions.size());
}

Answer cardinality(const Call& call) {
  CROSSFADE_TRY(const model::Array array, shape_of(call));
  return static_cast<std::int64_t>(array.elements.size());
}

Answer dimensions(const Call& call) {
  CROSSFADE_TRY(const model::Array array, shape_of(call));
  if (array.dimensions.empty()) return model::Null{};
  std::string text;
  for (const auto& each : array.dimensions) text += "[" + std::to_string(each.lower) + ":" + std::to_string(upper(each)) + "]";
  return text;
}

/// crossfade_array_item(type, array, i, …): NULL outside of the array, or with another number of subscripts than it has dimensions.
Answer item(const Call& call) {
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  const auto& dimensions = array.value.dimensions;
  if (dimensions.empty() || dimensions.size() != call.size() - 2) return model::Null{};
  std::size_t place = 0;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const std::int64_t at = call.integer(i + 2) - dimensions[i].lower;
    if (at < 0 || at >= dimensions[i].length) return model::Null{};
    place = place * static_cast<std::size_t>(dimensions[i].length) + static_cast<std::size_t>(at);
  }
  return to_runtime(array.value.elements[place], array.element);
}

/// crossfade_array_padded(type, array, n): the elements in one dimension from 1 on, with NULLs up to n of them. NULL has no elements.
Answer padded(const Call& call) {
  if (call.is_null(1)) {
    const auto type = model::parse_type(call.text(0));
    model::Array nothing;
    const auto count = static_cast<std::size_t>(std::max<std::int64_t>(call.integer(2), 0));
    nothing.elements.assign(count, model::Null{});
    if (count > 0) nothing.dimensions = {{static_cast<std::int32_t>(count), 1}};
    return to_runtime(nothing, *type);
  }
  CROSSFADE_TRY(TypedArray array, typed_array(call, 0, 1));
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(call.integer(2), 0));
  if (array.value.elements.size() < wanted) array.value.elements.resize(wanted, model::Null{});
  array.value.dimensions.clear();
  if (!array.value.elements.empty()) array.value.dimensions = {{static_cast<std::int32_t>(array.value.elements.size()), 1}};
  return to_runtime(array.value, *model::parse_type(call.text(0)));
}

struct Range { std::int64_t first = 0, last = -1; };

/// The part of each dimension that a slice asks for, counted from 0. nullopt: nothing is in it.
model::Result<std::optional<std::vector<Range>>> ranges_of(const Call& call, const model::Array& array) {
  const std::string shape = call.string(2);
  const std::size_t given = shape.size();
  if (given > array.dimensions.size()) return std::nullopt;
  std::vector<Range> ranges;
  std::size_t argument = 3;
  for (std::size_t i = 0; i < array.dimensions.size(); ++i) {
    const model::ArrayDimension& own = array.dimensions[i];
    const char mark = i < given ? shape[i] : 'n';
    std::int64_t first = own.lower, last = upper(own);
    if (mark == 'b' || mark == 'l') first = std::max(call.integer(argument++), first);
    if (mark == 'i') first = std::max<std::int64_t>(1, first);
    if (mark == 'b' || mark == 'u' || mark == 'i') last = std::min(call.integer(argument++), last);
    if (first > last) return std::nullopt;
    ranges.push_back({first - own.lower, last - own.lower});
  }
  return ranges;
}

void copy_range(const model::Array& from, const std::vector<Range>& ranges, std::size_t depth, std::size_t place, model::Array& out) {
  if (depth == ranges.size()) {
    out.elements.push_back(from.elements[place]);
    return;
  }
  const auto length = static_cast<std::size_t>(from.dimensions[depth].length);
  for (std::int64_t i = ranges[depth].first; i <= ranges[depth].last; ++i) {
    copy_range(from, ranges, depth + 1, place * length + static_cast<std::size_t>(i), out);
  }
}

/// crossfade_array_slice(type, array, shape, bound, …): its lower bounds are 1, as PostgreSQL has it.
Answer slice(const Call& call) {
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  CROSSFADE_TRY(const auto ranges, ranges_of(call, array.value));
  model::Array out;
  if (ranges && !ranges->empty()) {
    for (const Range& range : *ranges) out.dimensions.push_back({static_cast<std::int32_t>(range.last - range.first + 1), 1});
    copy_range(array.value, *ranges, 0, 0, out);
  }
  return to_runtime(out, array.type);
}

/// Does the array hold the element? NULL is in none.
bool holds(const TypedArray& array, const model::Value& element) {
  return !model::is_null(element) && std::ranges::any_of(array.value.elements, [&](const model::Value& each) {
    return !model::is_null(each) && model::compare_values(each, element, array.element) == 0;
  });
}

Answer contains(const Call& call) {
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  CROSSFADE_TRY(const TypedArray part, typed_array(call, 0, 2));
  return std::int64_t{std::ranges::all_of(part.value.elements, [&](const model::Value& each) { return holds(array, each); })};
}

Answer overlaps(const Call& call) {
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  CROSSFADE_TRY(const TypedArray other, typed_array(call, 0, 2));
  return std::int64_t{std::ranges::any_of(other.value.elements, [&](const model::Value& each) { return holds(array, each); })};
}

/// crossfade_array_position(type, array, element[, from]) and …_positions: NULL finds NULL.
model::Result<std::vector<std::int64_t>> positions_from(const Call& call, const TypedArray& array, std::int64_t from) {
  if (array.value.dimensions.size() > 1) {
    return model::fail("0A000"_state, "searching for elements in multidimensional arrays is not supported");
  }
  CROSSFADE_TRY(const model::Value wanted, read_element(call, 2, array.element));
  std::vector<std::int64_t> found;
  for (std::size_t i = 0; i < array.value.elements.size(); ++i) {
    const std::int64_t place = static_cast<std::int64_t>(i) + array.value.dimensions.front().lower;
    if (place >= from && model::compare_values(array.value.elements[i], wanted, array.element) == 0) found.push_back(place);
  }
  return found;
}

Answer position(const Call& call) {
  if (call.is_null(1)) return model::Null{};
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  if (array.value.dimensions.empty()) return model::Null{};
  if (array.value.dimensions.size() == 1 && call.size() == 4 && call.is_null(3)) return model::fail("22004"_state, "initial position must not be null");
  const std::int64_t from = call.size() == 4 ? call.integer(3) : std::numeric_limits<std::int64_t>::min();
  CROSSFADE_TRY(const auto found, positions_from(call, array, from));
  if (found.empty()) return model::Null{};
  return found.front();
}

Answer positions(const Call& call) {
  if (call.is_null(1)) return model::Null{};
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  CROSSFADE_TRY(const auto found, positions_from(call, array, std::numeric_limits<std::int64_t>::min()));
  std::vector<model::Value> values(found.begin(), found.end());
  return to_runtime(model::array_of_values(std::move(values)), *model::array_of({oid::int4}));
}

/// crossfade_array_to_string(type, array, separator[, null]): what is NULL is left out unless `null` says a text for it.
Answer to_string(const Call& call) {
  if (call.is_null(1) || call.is_null(2)) return model::Null{};
  CROSSFADE_TRY(const TypedArray array, typed_array(call, 0, 1));
  const bool shown = call.size() == 4 && !call.is_null(3);
  std::string text;
  bool first = true;
  for (const model::Value& each : array.value.elements) {
    if (model::is_null(each) && !shown) continue;
    if (!std::exchange(first, false)) text += call.text(2);
    text += model::is_null(each) ? call.string(3) : model::to_text(each, array.element, call.session().style);
  }
  return text;
}

constexpr std::array kArrayFunctions{
    Function{"crossfade_array_length", 2, measured<length>},
    Function{"crossfade_array_upper", 2, measured<upper>},
    Function{"crossfade_array_lower", 2, measured<lower>},
    Function{"crossfade_array_ndims", 1, dimension_count},
    Function{"crossfade_array_dims", 1, dimensions},
    Function{"crossfade_array_cardinality", 1, cardinality},
    Function{"crossfade_array_item", -1, item},
    Function{"crossfade_array_slice", -1, slice},
    Function{"crossfade_array_padded", 3, padded, Nulls::passed},
    Function{"crossfade_array_contains", 3, contains},
    Function{"crossfade_array_overlaps", 3, overlaps},
    Function{"crossfade_array_position", 3, position, Nulls::passed},
    Function{"crossfade_array_position", 4, position, Nulls::passed},
    Function{"crossfade_array_positions", 3, positions, Nulls::passed},
    Function{"crossfade_array_to_string", 3, to_string, Nulls::passed},
    Function{"crossfade_array_to_string", 4, to_string, Nulls::passed},
};

}  // namespace

std::span<const Function> array_functions() { return kArrayFunctions; }

}  // namespace crossfade::sqlite::functions
