#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include "arrays.hpp"
#include "crossfade/model/datetime.hpp"
#include "order.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Done = model::Result<void>;
using Cells = std::vector<StorageValue>;

/// crossfade_collect(value, key, …), over frames too.
class Collect : public State {
 public:
  Done add(const Call& call) override {
    std::string row{static_cast<char>(PackedClass::row)};
    for (std::size_t i = 0; i < call.size(); ++i) std::visit(PutPacked{row}, call.value(i));
    rows_.push_back(std::move(row));
    return {};
  }
  Done remove(const Call&) override {
    rows_.pop_front();
    return {};
  }
  Answer result() const override {
    if (rows_.empty()) return model::Null{};
    model::Bytes all;
    for (const std::string& row : rows_) all.data += row;
    return all;
  }

 private:
  std::deque<std::string> rows_;
};

int compare_keys(const Cells& left, const Cells& right, std::string_view spec) {
  for (std::size_t i = 1; i < left.size(); ++i) {
    const std::string_view rule = spec.substr((i - 1) * 3, 3);
    const bool left_null = std::holds_alternative<model::Null>(left[i]), right_null = std::holds_alternative<model::Null>(right[i]);
    if (left_null && right_null) continue;
    if (left_null || right_null) return left_null == (rule[1] == 'f') ? -1 : 1;
    const int order = compare(left[i], right[i], static_cast<OrderKind>(rule[2]));
    if (order != 0) return rule[0] == 'd' ? -order : order;
  }
  return 0;
}

/// Arrays of one shape as the parts of one array; of none: an empty one. Errors: 22004, 2202E, 54000 as PostgreSQL.
Answer array_of_arrays(std::span<const model::Value> parts, model::Type array) {
  const auto misfit = [](const char* message) { return model::fail("2202E"_state, message); };
  model::Array whole;
  for (const model::Value& part : parts) {
    if (model::is_null(part)) return model::fail("22004"_state, "cannot accumulate null arrays");
    const auto& own = std::get<model::Array>(part);
    if (own.dimensions.empty()) return misfit("cannot accumulate empty arrays");
    if (whole.dimensions.empty()) {
      constexpr std::size_t kMost = 6;
      if (own.dimensions.size() == kMost) return model::fail("54000"_state, "number of array dimensions (7) exceeds the maximum allowed (6)");
      whole.dimensions = {{static_cast<std::int32_t>(parts.size()), 1}};
      whole.dimensions.insert(whole.dimensions.end(), own.dimensions.begin(), own.dimensions.end());
    }
    if (!std::equal(own.dimensions.begin(), own.dimensions.end(), whole.dimensions.begin() + 1, whole.dimensions.end())) {
      return misfit("cannot accumulate arrays of different dimensionality");
    }
    whole.elements.insert(whole.elements.end(), own.elements.begin(), own.elements.end());
  }
  return to_runtime(whole, array);
}

/// crossfade_array_collected(type, order, rows), of arrays crossfade_arrays_collected: "u" before the order leaves equal keys out.
template <bool OfArrays>
Answer collected(const Call& call) {
  CROSSFADE_TRY(const model::Type array, call.type(0));
  const model::Type element = OfArrays ? array : model::element_of(array).value_or(model::Type{});
  const StorageValue bytes = call.value(2);
  const std::vector<Cells> rows = packed_rows(std::get<model::Bytes>(bytes).data);
  std::string_view spec = call.text(1);
  const bool distinct = spec.starts_with('u');
  if (distinct) spec.remove_prefix(1);
  std::vector<const Cells*> sorted;
  for (const Cells& row : rows) sorted.push_back(&row);
  if (!spec.empty()) {  // those with equal keys stay in the order in which they came
    std::ranges::sort(sorted, [&](const Cells* a, const Cells* b) {
      const int order = compare_keys(*a, *b, spec);
      return order != 0 ? order < 0 : a < b;
    });
  }
  if (distinct) {
    const auto gone = std::ranges::unique(sorted, [&](const Cells* a, const Cells* b) { return compare_keys(*a, *b, spec) == 0; });
    sorted.erase(gone.begin(), gone.end());
  }
  std::vector<model::Value> values;
  for (const Cells* row : sorted) {
    CROSSFADE_TRY(model::Value value, plan::decode(row->front(), plan::runtime_form(element), element));
    values.push_back(std::move(value));
  }
  if constexpr (OfArrays) return array_of_arrays(values, array);
  return to_runtime(model::array_of_values(std::move(values)), array);
}

/// crossfade_hypothetical('rank' | 'dense_rank' | 'percent_rank' | 'cume_dist', order, rows, key …): where a row of these keys would stand.
Answer hypothetical(const Call& call) {
  const std::vector<Cells> rows = call.is_null(2) ? std::vector<Cells>{} : packed_rows(call.bytes(2));
  const std::string_view kind = call.text(0), spec = call.text(1);
  Cells own{model::Null{}};
  for (std::size_t i = 3; i < call.size(); ++i) own.push_back(call.value(i));
  std::vector<const Cells*> before;
  std::int64_t peers = 0;
  for (const Cells& row : rows) {
    const int order = compare_keys(row, own, spec);
    if (order < 0) before.push_back(&row);
    peers += order == 0 ? 1 : 0;
  }
  const auto ahead = static_cast<std::int64_t>(before.size()), count = static_cast<std::int64_t>(rows.size());
  if (kind == "rank") return ahead + 1;
  if (kind == "percent_rank") return count == 0 ? 0.0 : static_cast<double>(ahead) / static_cast<double>(count);
  if (kind == "cume_dist") return static_cast<double>(ahead + peers + 1) / static_cast<double>(count + 1);
  std::ranges::sort(before, [&](const Cells* a, const Cells* b) { return compare_keys(*a, *b, spec) < 0; });
  const auto gone = std::ranges::unique(before, [&](const Cells* a, const Cells* b) { return compare_keys(*a, *b, spec) == 0; });
  before.erase(gone.begin(), gone.end());
  return static_cast<std::int64_t>(before.size()) + 1;
}

/// The rows whose value is not NULL, in order.
std::vector<const Cells*> sorted_rows(const std::vector<Cells>& rows, std::string_view spec) {
  std::vector<const Cells*> sorted;
  for (const Cells& row : rows) if (!std::holds_alternative<model::Null>(row.front())) sorted.push_back(&row);
  std::ranges::sort(sorted, [&](const Cells* a, const Cells* b) {
    const int order = compare_keys(*a, *b, spec);
    return order != 0 ? order < 0 : a < b;
  });
  return sorted;
}

/// percentile_cont of intervals: between two, a part of what is between them.
Answer interval_between(const std::vector<const Cells*>& sorted, double place) {
  const model::Type type{model::oid::interval};
  const auto read = [&](double at) -> model::Result<model::Interval> {
    CROSSFADE_TRY(const model::Value value, plan::decode(sorted[static_cast<std::size_t>(at)]->front(), plan::runtime_form(type), type));
    return std::get<model::Interval>(value);
  };
  const double low = std::floor(place), high = std::ceil(place);
  CROSSFADE_TRY(const model::Interval first, read(low));
  if (low == high) return interval_answer(first);
  CROSSFADE_TRY(const model::Interval second, read(high));
  CROSSFADE_TRY(const model::Interval back, model::negate(first));
  CROSSFADE_TRY(const model::Interval difference, model::add(second, back));
  CROSSFADE_TRY(const model::Interval part, model::multiply(difference, place - low));
  return interval_answer(model::add(part, first));
}

/// `kind`: cont, "cont interval", disc or mode.
Answer picked(const std::vector<const Cells*>& sorted, std::string_view kind, double fraction, std::string_view spec) {
  if (!(fraction >= 0 && fraction <= 1)) {
    std::string shown = std::to_string(fraction);
    while (shown.ends_with('0')) shown.pop_back();
    if (shown.ends_with('.')) shown.pop_back();
    return model::fail("22003"_state, "percentile value " + shown + " is not between 0 and 1");
  }
  if (sorted.empty()) return model::Null{};
  if (kind == "mode") {
    std::size_t best = 0, best_count = 0;
    for (std::size_t i = 0; i < sorted.size();) {
      std::size_t end = i;
      while (end < sorted.size() && compare_keys(*sorted[i], *sorted[end], spec) == 0) ++end;
      if (end - i > best_count) best = i, best_count = end - i;
      i = end;
    }
    return sorted[best]->front();
  }
  const auto count = static_cast<double>(sorted.size());
  if (kind == "disc") {
    const auto place = static_cast<std::size_t>(std::max(std::ceil(fraction * count), 1.0));
    return sorted[std::min(place, sorted.size()) - 1]->front();
  }
  const double place = fraction * (count - 1);
  if (kind == "cont interval") return interval_between(sorted, place);
  const auto low = static_cast<std::size_t>(std::floor(place)), high = static_cast<std::size_t>(std::ceil(place));
  const double first = std::get<double>(sorted[low]->front()), second = std::get<double>(sorted[high]->front());
  const double between = low == high ? first : first + (second - first) * (place - std::floor(place));
  if (std::isnan(between)) return model::fail("0A000"_state, "NaN cannot be held on SQLite", {}, "It works in the stage \"postgres\".");
  return between;
}

/// crossfade_percentile('cont' | 'disc' | 'mode', fraction, order, rows): NULLs do not count.
Answer percentile(const Call& call) {
  if (call.is_null(3) || (call.is_null(1) && call.text(0) != "mode")) return model::Null{};
  const auto rows = packed_rows(call.bytes(3));
  return picked(sorted_rows(rows, call.text(2)), call.text(0), call.is_null(1) ? 0 : call.real(1), call.text(2));
}

/// crossfade_percentiles('cont' | 'disc', fractions, order, rows, type): an array of this type and of the fractions' shape.
Answer percentiles(const Call& call) {
  if (call.is_null(3) || call.is_null(1)) return model::Null{};
  CROSSFADE_TRY(const model::Array fractions, read_array(call.value(1), *model::array_of({model::oid::float8})));
  CROSSFADE_TRY(const model::Type type, call.type(4));
  const model::Type element = model::element_of(type).value_or(model::Type{});
  const auto rows = packed_rows(call.bytes(3));
  const auto sorted = sorted_rows(rows, call.text(2));
  if (sorted.empty()) return model::Null{};
  model::Array out;
  out.dimensions = fractions.dimensions;
  for (const model::Value& fraction : fractions.elements) {
    if (model::is_null(fraction)) {
      out.elements.emplace_back(model::Null{});
      continue;
    }
    CROSSFADE_TRY(const StorageValue found, picked(sorted, call.text(0), std::get<double>(fraction), call.text(2)));
    CROSSFADE_TRY(model::Value value, plan::decode(found, plan::runtime_form(element), element));
    out.elements.push_back(std::move(value));
  }
  return to_runtime(out, type);
}

constexpr std::array kCollectors{Aggregate{"crossfade_collect", -1, []() -> State* { return new Collect; }}};
constexpr std::array kCollectFunctions{Function{"crossfade_array_collected", 3, collected<false>}, Function{"crossfade_arrays_collected", 3, collected<true>},
                                     Function{"crossfade_hypothetical", -1, hypothetical, Nulls::passed}, Function{"crossfade_percentile", 4, percentile, Nulls::passed},
                                     Function{"crossfade_percentiles", 5, percentiles, Nulls::passed}};

}  // namespace

std::span<const Aggregate> array_aggregates() { return kCollectors; }
std::span<const Function> array_collect_functions() { return kCollectFunctions; }

}  // namespace crossfade::sqlite::functions
