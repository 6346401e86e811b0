#include <algorithm>
#include <array>

#include "arrays.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

constexpr std::size_t kMostDimensions = 6;

/// Argument 0's type; NULL is an empty array, as it is to array_append and ||.
model::Result<TypedArray> array_or_empty(const Call& call, std::size_t index) {
  if (!call.is_null(index)) return typed_array(call, 0, index);
  CROSSFADE_TRY(const model::Type array, call.type(0));
  return TypedArray{{}, array, model::element_of(array).value_or(model::Type{})};
}

/// crossfade_array_make(type, element, …): ARRAY[…].
Answer make(const Call& call) {
  CROSSFADE_TRY(const model::Type array, call.type(0));
  const model::Type element = model::element_of(array).value_or(model::Type{});
  std::vector<model::Value> elements;
  for (std::size_t i = 1; i < call.size(); ++i) {
    CROSSFADE_TRY(model::Value each, read_element(call, i, element));
    elements.push_back(std::move(each));
  }
  return to_runtime(model::array_of_values(std::move(elements)), array);
}

/// crossfade_array_stack(type, array, …): ARRAY[ARRAY[…], …]. NULLs and empty arrays leave nothing but an empty array.
Answer stack(const Call& call) {
  CROSSFADE_TRY(const model::Type type, call.type(0));
  model::Array out;
  std::optional<std::vector<model::ArrayDimension>> inner;
  std::int32_t count = 0, empty = 0;
  for (std::size_t i = 1; i < call.size(); ++i) {
    CROSSFADE_TRY(TypedArray part, array_or_empty(call, i));
    if (part.value.dimensions.empty()) {
      ++empty;
      continue;
    }
    if (inner && *inner != part.value.dimensions) {
      return model::fail("2202E"_state, "multidimensional arrays must have array expressions with matching dimensions");
    }
    inner = part.value.dimensions;
    std::ranges::move(part.value.elements, std::back_inserter(out.elements));
    ++count;
  }
  if (!inner) return to_runtime(model::Array{}, type);
  if (empty > 0) return model::fail("2202E"_state, "multidimensional arrays must have array expressions with matching dimensions");
  if (inner->size() == kMostDimensions) {
    return model::fail("54000"_state, "number of array dimensions (" + std::to_string(kMostDimensions + 1) + ") exceeds the maximum allowed (" + std::to_string(kMostDimensions) + ")");
  }
  out.dimensions.push_back({count, 1});
  std::ranges::copy(*inner, std::back_inserter(out.dimensions));
  return to_runtime(out, type);
}

/// crossfade_array_append(type, array, element) and …_prepend(type, element, array).
enum class End : std::uint8_t { front, back };
template <End Where>
Answer extend(const Call& call) {
  CROSSFADE_TRY(TypedArray array, array_or_empty(call, Where == End::back ? 1 : 2));
  CROSSFADE_TRY(model::Value element, read_element(call, Where == End::back ? 2 : 1, array.element));
  model::Array& value = array.value;
  if (value.dimensions.size() > 1) return model::fail("22000"_state, "argument must be empty or one-dimensional array");
  if (value.dimensions.empty()) return to_runtime(model::array_of_values({std::move(element)}), array.type);
  value.elements.insert(Where == End::back ? value.elements.end() : value.elements.begin(), std::move(element));
  ++value.dimensions.front().length;  // the lower bound stays, at both ends
  return to_runtime(value, array.type);
}

std::unexpected<model::Error> incompatible(std::string detail) {
  return model::fail("2202E"_state, "cannot concatenate incompatible arrays", std::move(detail));
}

/// Two arrays of as many dimensions, or one whose elements the other is like.
model::Result<model::Array> concatenated(model::Array left, model::Array right) {
  if (left.dimensions.empty()) return right;
  if (right.dimensions.empty()) return left;
  const std::size_t l = left.dimensions.size(), r = right.dimensions.size();
  if (l > r + 1 || r > l + 1) {
    return incompatible("Arrays of " + std::to_string(l) + " and " + std::to_string(r) + " dimensions are not compatible for concatenation.");
  }
  std::vector<model::ArrayDimension> dimensions = l >= r ? left.dimensions : right.dimensions;
  const auto alike = [](auto begin, auto end, auto other) {
    return std::equal(begin, end, other, [](const auto& a, const auto& b) { return a.length == b.length && a.lower == b.lower; });
  };
  if (l == r) {
    dimensions.front().length += right.dimensions.front().length;
    if (!alike(left.dimensions.begin() + 1, left.dimensions.end(), right.dimensions.begin() + 1)) {
      return incompatible("Arrays with differing element dimensions are not compatible for concatenation.");
    }
  } else {
    const auto& outer = l > r ? left.dimensions : right.dimensions;
    const auto& inner = l > r ? right.dimensions : left.dimensions;
    if (!alike(outer.begin() + 1, outer.end(), inner.begin())) {
      return incompatible("Arrays with differing dimensions are not compatible for concatenation.");
    }
    ++dimensions.front().length;
  }
  std::ranges::move(right.elements, std::back_inserter(left.elements));
  return model::Array{std::move(left.elements), std::move(dimensions)};
}

Answer cat(const Call& call) {
  if (call.is_null(1)) return call.value(2);
  if (call.is_null(2)) return call.value(1);
  CROSSFADE_TRY(TypedArray left, typed_array(call, 0, 1));
  CROSSFADE_TRY(TypedArray right, typed_array(call, 0, 2));
  CROSSFADE_TRY(const model::Array whole, concatenated(std::move(left.value), std::move(right.value)));
  return to_runtime(whole, left.type);
}

/// crossfade_array_remove(type, array, element): NULL removes NULLs.
Answer remove(const Call& call) {
  if (call.is_null(1)) return model::Null{};
  CROSSFADE_TRY(TypedArray array, typed_array(call, 0, 1));
  if (array.value.dimensions.size() > 1) {
    return model::fail("0A000"_state, "removing elements from multidimensional arrays is not supported");
  }
  CROSSFADE_TRY(const model::Value gone, read_element(call, 2, array.element));
  std::erase_if(array.value.elements, [&](const model::Value& each) { return model::compare_values(each, gone, array.element) == 0; });
  if (array.value.elements.empty()) array.value.dimensions.clear();
  else array.value.dimensions.front().length = static_cast<std::int32_t>(array.value.elements.size());
  return to_runtime(array.value, array.type);
}

/// crossfade_array_replace(type, array, from, to).
Answer replace(const Call& call) {
  if (call.is_null(1)) return model::Null{};
  CROSSFADE_TRY(TypedArray array, typed_array(call, 0, 1));
  CROSSFADE_TRY(const model::Value from, read_element(call, 2, array.element));
  CROSSFADE_TRY(const model::Value to, read_element(call, 3, array.element));
  for (model::Value& each : array.value.elements) {
    if (model::compare_values(each, from, array.element) == 0) each = to;
  }
  return to_runtime(array.value, array.type);
}

/// crossfade_array_trim(type, array, n): without the last n of the first dimension.
Answer trim(const Call& call) {
  CROSSFADE_TRY(TypedArray array, typed_array(call, 0, 1));
  model::Array& value = array.value;
  const std::int64_t length = value.dimensions.empty() ? 0 : value.dimensions.front().length;
  const std::int64_t cut = call.integer(2);
  if (cut < 0 || cut > length) {
    return model::fail("2202E"_state, "number of elements to trim must be between 0 and " + std::to_string(length));
  }
  if (cut == length) return to_runtime(model::Array{}, array.type);
  const auto width = static_cast<std::int64_t>(value.elements.size()) / length;
  value.elements.resize(static_cast<std::size_t>((length - cut) * width));
  value.dimensions.front().length = static_cast<std::int32_t>(length - cut);
  for (model::ArrayDimension& dimension : value.dimensions) dimension.lower = 1;
  return to_runtime(value, array.type);
}

/// crossfade_string_to_array(text, separator[, null]): without a separator each character is an element.
Answer split(const Call& call) {
  if (call.is_null(0)) return model::Null{};
  const std::string_view text = call.text(0);
  std::vector<model::Value> elements;
  const auto add = [&](std::string_view each) {
    const bool null = call.size() == 3 && !call.is_null(2) && each == call.text(2);
    elements.push_back(null ? model::Value{model::Null{}} : model::Value{std::string{each}});
  };
  const std::string separator = call.string(1);
  if (call.is_null(1)) {
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = at + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
      add(text.substr(at, end - at));
      at = end;
    }
  } else if (!text.empty() && separator.empty()) {
    add(text);
  } else if (!text.empty()) {
    for (std::size_t at = 0;;) {
      const std::size_t end = text.find(separator, at);
      add(text.substr(at, end == text.npos ? text.npos : end - at));
      if (end == text.npos) break;
      at = end + separator.size();
    }
  }
  return to_runtime(model::array_of_values(std::move(elements)), *model::array_of({oid::text}));
}

constexpr std::array kBuilders{
    Function{"crossfade_array_make", -1, make, Nulls::passed},
    Function{"crossfade_array_stack", -1, stack, Nulls::passed},
    Function{"crossfade_array_append", 3, extend<End::back>, Nulls::passed},
    Function{"crossfade_array_prepend", 3, extend<End::front>, Nulls::passed},
    Function{"crossfade_array_cat", 3, cat, Nulls::passed},
    Function{"crossfade_array_remove", 3, remove, Nulls::passed},
    Function{"crossfade_array_replace", 4, replace, Nulls::passed},
    Function{"crossfade_array_trim", 3, trim},
    Function{"crossfade_string_to_array", 2, split, Nulls::passed},
    Function{"crossfade_string_to_array", 3, split, Nulls::passed},
};

}  // namespace

std::span<const Function> array_builders() { return kBuilders; }

}  // namespace crossfade::sqlite::functions
