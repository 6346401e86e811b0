#include <algorithm>
#include <array>

#include "arrays.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace filling {

constexpr std::size_t kMostDimensions = 6;
constexpr std::int64_t kMostElements = 134'217'727;  // PostgreSQL's MaxArraySize

model::Result<std::vector<std::int64_t>> numbers_of(const Call& call, std::size_t index) {
  CROSSFADE_TRY(const model::Array array, read_array(call.value(index), *model::array_of({oid::int4})));
  if (array.dimensions.size() > 1) return model::fail("2202E"_state, "wrong number of array subscripts", "Dimension array must be one dimensional.");
  std::vector<std::int64_t> numbers;
  for (const model::Value& each : array.elements) {
    if (model::is_null(each)) return model::fail("22004"_state, "dimension values cannot be null");
    numbers.push_back(std::get<std::int64_t>(each));
  }
  return numbers;
}

/// crossfade_array_fill(type, value, lengths[, lower bounds]). Source: PostgreSQL 15, array_fill_internal.
Answer fill(const Call& call) {
  if (call.is_null(2) || (call.size() == 4 && call.is_null(3))) return model::fail("22004"_state, "dimension array or low bound array cannot be null");
  CROSSFADE_TRY(const model::Type type, call.type(0));
  const model::Type element = model::element_of(type).value_or(model::Type{});
  CROSSFADE_TRY(const std::vector<std::int64_t> lengths, numbers_of(call, 2));
  std::vector<std::int64_t> lowers(lengths.size(), 1);
  if (lengths.size() > kMostDimensions) {
    return model::fail("54000"_state, "number of array dimensions (" + std::to_string(lengths.size()) + ") exceeds the maximum allowed (" + std::to_string(kMostDimensions) + ")");
  }
  if (call.size() == 4) {
    CROSSFADE_TRY(lowers, numbers_of(call, 3));
    if (lowers.size() != lengths.size()) return model::fail("2202E"_state, "wrong number of array subscripts", "Low bound array has different size than dimensions array.");
  }
  std::int64_t count = lengths.empty() ? 0 : 1;
  for (const std::int64_t length : lengths) {
    if (length < 0 || (length > 0 && count > kMostElements / length)) return model::fail("54000"_state, "array size exceeds the maximum allowed (" + std::to_string(kMostElements) + ")");
    count *= length;
  }
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (lowers[i] + lengths[i] > INT32_MAX) return model::fail("54000"_state, "array lower bound is too large: " + std::to_string(lowers[i]));
  }
  CROSSFADE_TRY(const model::Value value, read_element(call, 1, element));
  constexpr std::int64_t kMostHere = 4'000'000;  // of one value's memory
  if (count > kMostHere) return model::fail("54000"_state, "an array of more than " + std::to_string(kMostHere) + " elements");
  model::Array out;
  for (std::size_t i = 0; i < lengths.size() && count > 0; ++i) out.dimensions.push_back({static_cast<std::int32_t>(lengths[i]), static_cast<std::int32_t>(lowers[i])});
  out.elements.assign(static_cast<std::size_t>(count), value);
  return to_runtime(out, type);
}

/// crossfade_array_bucket(type, x, thresholds): how many thresholds, which are sorted, are not above x.
Answer bucket(const Call& call) {
  CROSSFADE_TRY(const TypedArray thresholds, typed_array(call, 0, 2));
  if (thresholds.value.dimensions.size() > 1) return model::fail("2202E"_state, "thresholds must be one-dimensional array");
  const auto& list = thresholds.value.elements;
  if (std::ranges::any_of(list, [](const model::Value& each) { return model::is_null(each); })) return model::fail("22004"_state, "thresholds array must not contain NULLs");
  CROSSFADE_TRY(const model::Value value, read_element(call, 1, thresholds.element));
  std::size_t low = 0, high = list.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (model::compare_values(value, list[middle], thresholds.element) < 0) high = middle;
    else low = middle + 1;
  }
  return static_cast<std::int64_t>(low);
}

constexpr std::array kFillers{Function{"crossfade_array_fill", 3, fill, Nulls::passed}, Function{"crossfade_array_fill", 4, fill, Nulls::passed}, Function{"crossfade_array_bucket", 3, bucket}};

}  // namespace filling

std::span<const Function> array_fill_functions() { return filling::kFillers; }

}  // namespace crossfade::sqlite::functions
