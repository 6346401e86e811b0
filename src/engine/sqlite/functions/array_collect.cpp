#include <algorithm>
#include <bit>
#include <array>
#include <deque>

#include "arrays.hpp"
#include "order.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

using Done = model::Result<void>;
using Cells = std::vector<StorageValue>;

/// The gathered rows as bytes: a class, for texts and blobs their length, and what it holds. A blob of our own making never leaves
/// the statement.
enum class Class : char { null = 'n', integer = 'i', real = 'r', text = 't', blob = 'b', row = '|' };

void put_number(std::string& out, std::uint64_t bits) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(bits >> shift & 0xffU);
}

struct Put {
  std::string& out;
  void tag(Class kind) const { out += static_cast<char>(kind); }
  void bytes(Class kind, const std::string& data) const {
    tag(kind);
    put_number(out, data.size());
    out += data;
  }
  void operator()(const model::Null&) const { tag(Class::null); }
  void operator()(std::int64_t number) const { tag(Class::integer), put_number(out, static_cast<std::uint64_t>(number)); }
  void operator()(double number) const { tag(Class::real), put_number(out, std::bit_cast<std::uint64_t>(number)); }
  void operator()(const std::string& text) const { bytes(Class::text, text); }
  void operator()(const model::Bytes& blob) const { bytes(Class::blob, blob.data); }
};

std::uint64_t take_number(std::string_view& rest) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8 | static_cast<unsigned char>(rest[i]);
  rest.remove_prefix(8);
  return bits;
}

StorageValue take_cell(std::string_view& rest) {
  const auto kind = static_cast<Class>(rest.front());
  rest.remove_prefix(1);
  if (kind == Class::integer) return static_cast<std::int64_t>(take_number(rest));
  if (kind == Class::real) return std::bit_cast<double>(take_number(rest));
  if (kind == Class::null || kind == Class::row) return model::Null{};
  const auto size = static_cast<std::size_t>(take_number(rest));
  std::string data{rest.substr(0, size)};
  rest.remove_prefix(size);
  if (kind == Class::text) return data;
  return model::Bytes{std::move(data)};
}

/// crossfade_collect(value, key, …), over frames too.
class Collect : public State {
 public:
  Done add(const Call& call) override {
    std::string row{static_cast<char>(Class::row)};
    for (std::size_t i = 0; i < call.size(); ++i) std::visit(Put{row}, call.value(i));
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

std::vector<Cells> rows_of(std::string_view rest) {
  std::vector<Cells> rows;
  while (!rest.empty()) {
    if (rest.front() == static_cast<char>(Class::row)) {
      rest.remove_prefix(1);
      rows.emplace_back();
    } else {
      rows.back().push_back(take_cell(rest));
    }
  }
  return rows;
}

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

/// crossfade_array_collected(type, order, rows): "u" before the order leaves equal keys out.
Answer collected(const Call& call) {
  CROSSFADE_TRY(const model::Type array, call.type(0));
  const model::Type element = model::element_of(array).value_or(model::Type{});
  const StorageValue bytes = call.value(2);
  const std::vector<Cells> rows = rows_of(std::get<model::Bytes>(bytes).data);
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
  return to_runtime(model::array_of_values(std::move(values)), array);
}

constexpr std::array kCollectors{Aggregate{"crossfade_collect", -1, []() -> State* { return new Collect; }}};
constexpr std::array kCollectFunctions{Function{"crossfade_array_collected", 3, collected}};

}  // namespace

std::span<const Aggregate> array_aggregates() { return kCollectors; }
std::span<const Function> array_collect_functions() { return kCollectFunctions; }

}  // namespace crossfade::sqlite::functions
