#include <algorithm>
#include <array>

#include "arrays.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace putting {

constexpr std::int64_t kMostElements = 134'217'727;  // PostgreSQL's MaxArraySize
constexpr std::int64_t kMostHere = 4'000'000;        // of one value's memory

using Dimensions = std::vector<model::ArrayDimension>;
/// First and last, both in it.
struct Span { std::int64_t first = 0, last = 0; };
using Spans = std::vector<Span>;

std::int64_t last_of(const model::ArrayDimension& dimension) { return std::int64_t{dimension.lower} + dimension.length - 1; }

std::unexpected<model::Error> wrong(std::string message, std::string detail = {}) { return model::fail("2202E"_state, std::move(message), std::move(detail)); }
std::unexpected<model::Error> too_large() { return model::fail("54000"_state, "array size exceeds the maximum allowed (" + std::to_string(kMostElements) + ")"); }

/// How many elements such an array has.
model::Result<std::int64_t> size_of(const Spans& spans) {
  std::int64_t count = spans.empty() ? 0 : 1;
  for (const Span& span : spans) {
    const std::int64_t length = span.last - span.first + 1;
    if (length < 0 || length > kMostElements || (length > 0 && count > kMostElements / length)) return too_large();
    count *= length;
  }
  for (const Span& span : spans) {
    if (span.last + 1 > INT32_MAX) return model::fail("54000"_state, "array lower bound is too large: " + std::to_string(span.first));
  }
  if (count > kMostHere) return model::fail("54000"_state, "an array of more than " + std::to_string(kMostHere) + " elements");
  return count;
}

Dimensions dimensions_of(const Spans& spans) {
  Dimensions out;
  for (const Span& span : spans) out.push_back({static_cast<std::int32_t>(span.last - span.first + 1), static_cast<std::int32_t>(span.first)});
  return out;
}

/// The array in one dimension from the lower of both bounds to the upper, with NULLs where it had nothing.
model::Result<void> stretch(model::Array& array, Span over) {
  const model::ArrayDimension& own = array.dimensions.front();
  const Span whole{std::min<std::int64_t>(over.first, own.lower), std::max(over.last, last_of(own))};
  CROSSFADE_TRY(const std::int64_t count, size_of({whole}));
  const auto before = static_cast<std::size_t>(own.lower - whole.first);
  array.elements.insert(array.elements.begin(), before, model::Null{});
  array.elements.resize(static_cast<std::size_t>(count), model::Null{});
  array.dimensions = dimensions_of({whole});
  return {};
}

/// Puts `next()` into each place of the part, the last subscript first.
template <class Next>
void fill(model::Array& array, const Spans& part, std::size_t depth, std::size_t place, Next&& next) {
  if (depth == part.size()) {
    array.elements[place] = next();
    return;
  }
  const model::ArrayDimension own = array.dimensions[depth];
  for (std::int64_t at = part[depth].first; at <= part[depth].last; ++at) {
    fill(array, part, depth + 1, place * static_cast<std::size_t>(own.length) + static_cast<std::size_t>(at - own.lower), next);
  }
}

model::Result<void> no_null_subscripts(const Call& call, std::size_t from) {
  for (std::size_t i = from; i < call.size(); ++i) {
    if (call.is_null(i)) return model::fail("22004"_state, "array subscript in assignment must not be null");
  }
  return {};
}

model::Result<model::Array> array_before(const Call& call) {
  if (call.is_null(1)) return model::Array{};
  CROSSFADE_TRY(TypedArray array, typed_array(call, 0, 1));
  return std::move(array.value);
}

/// crossfade_array_put(type, array, element, i, …). Source: PostgreSQL 15, array_set_element.
Answer put(const Call& call) {
  CROSSFADE_CHECK(no_null_subscripts(call, 3));
  CROSSFADE_TRY(const model::Type type, call.type(0));
  CROSSFADE_TRY(model::Array array, array_before(call));
  CROSSFADE_TRY(model::Value element, read_element(call, 2, model::element_of(type).value_or(model::Type{})));
  Spans at;
  for (std::size_t i = 3; i < call.size(); ++i) at.push_back({call.integer(i), call.integer(i)});
  if (array.dimensions.empty()) {
    CROSSFADE_CHECK(size_of(at));
    array.dimensions = dimensions_of(at);
    array.elements.assign(1, std::move(element));
    return to_runtime(array, type);
  }
  if (array.dimensions.size() != at.size()) return wrong("wrong number of array subscripts");
  if (at.size() == 1) CROSSFADE_CHECK(stretch(array, at.front()));
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (at[i].first < array.dimensions[i].lower || at[i].first > last_of(array.dimensions[i])) return wrong("array subscript out of range");
  }
  fill(array, at, 0, 0, [&] { return std::move(element); });
  return to_runtime(array, type);
}

/// A slice's bounds as they are written; what is not is nullopt.
struct Written { std::optional<std::int64_t> first, last; };

std::vector<Written> bounds_of(const Call& call) {
  std::vector<Written> out;
  std::size_t argument = 4;
  for (const char mark : call.text(3)) {
    Written& each = out.emplace_back();
    if (mark == 'i') each.first = 1;
    if (mark == 'b' || mark == 'l') each.first = call.integer(argument++);
    if (mark != 'n' && mark != 'l') each.last = call.integer(argument++);
  }
  return out;
}

/// A slice of no array makes one.
Answer make_slice(const std::vector<Written>& bounds, const model::Array& source, model::Type type) {
  Spans part;
  for (const Written& each : bounds) {
    if (!each.first || !each.last) {
      return wrong("array slice subscript must provide both boundaries", "When assigning to a slice of an empty array value, slice boundaries must be fully specified.");
    }
    part.push_back({*each.first, *each.last});
  }
  CROSSFADE_TRY(const std::int64_t count, size_of(part));
  if (static_cast<std::int64_t>(source.elements.size()) < count) return wrong("source array too small");
  model::Array out;
  if (count > 0) out.dimensions = dimensions_of(part);
  out.elements.assign(source.elements.begin(), source.elements.begin() + static_cast<std::ptrdiff_t>(count));
  return to_runtime(out, type);
}

/// crossfade_array_put_slice(type, array, elements, shape, bound, …): `shape` as crossfade_array_slice has it. Source: PostgreSQL 15, array_set_slice.
Answer put_slice(const Call& call) {
  CROSSFADE_CHECK(no_null_subscripts(call, 4));
  CROSSFADE_TRY(const model::Type type, call.type(0));
  CROSSFADE_TRY(model::Array array, array_before(call));
  if (call.is_null(2)) return to_runtime(array, type);
  CROSSFADE_TRY(const TypedArray source, typed_array(call, 0, 2));
  const std::vector<Written> bounds = bounds_of(call);
  const Dimensions own = array.dimensions;
  if (own.empty()) return make_slice(bounds, source.value, type);
  if (own.size() < bounds.size()) return wrong("wrong number of array subscripts");
  Spans part;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const Written each = i < bounds.size() ? bounds[i] : Written{};
    part.push_back({each.first.value_or(own[i].lower), each.last.value_or(last_of(own[i]))});
    if (part[i].first > part[i].last) return wrong("upper bound cannot be less than lower bound");
    if (own.size() > 1 && (part[i].first < own[i].lower || part[i].last > last_of(own[i]))) return wrong("array subscript out of range");
  }
  if (own.size() == 1) CROSSFADE_CHECK(stretch(array, part.front()));
  CROSSFADE_TRY(const std::int64_t count, size_of(part));
  if (static_cast<std::int64_t>(source.value.elements.size()) < count) return wrong("source array too small");
  fill(array, part, 0, 0, [next = source.value.elements.begin()]() mutable { return *next++; });
  return to_runtime(array, type);
}

constexpr std::array kPutters{
    Function{"crossfade_array_put", -1, put, Nulls::passed},
    Function{"crossfade_array_put_slice", -1, put_slice, Nulls::passed},
};

}  // namespace putting

std::span<const Function> array_put_functions() { return putting::kPutters; }

}  // namespace crossfade::sqlite::functions
