#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "bind/binder.hpp"

namespace crossfade::sql {

using namespace model::literals;
namespace oid = model::oid;

namespace {

/// What RANGE adds to a key and takes from it. Source: PostgreSQL 15, the in_range functions of its btree families.
struct RangeKey { model::Oid key, offset; };
constexpr std::array kRangeKeys{
    RangeKey{oid::int2, oid::int8}, RangeKey{oid::int4, oid::int8}, RangeKey{oid::int8, oid::int8}, RangeKey{oid::float8, oid::float8},
    RangeKey{oid::numeric, oid::numeric}, RangeKey{oid::date, oid::interval}, RangeKey{oid::time, oid::interval},
    RangeKey{oid::timestamp, oid::interval}, RangeKey{oid::timestamptz, oid::interval}, RangeKey{oid::interval, oid::interval},
};

/// 1 + 2 of small numbers is 3: SQLite takes a constant as a frame's offset, and no call.
void fold_small(Expression& expression) {
  const auto* operation = std::get_if<Operation>(&expression.node);
  if (!operation || !operation->left || !operation->schema.empty()) return;
  Expression left = *operation->left, right = *operation->right;
  fold_small(left);
  fold_small(right);
  constexpr std::size_t kSmall = 4;
  const auto digits = [](const Expression& each) {
    const auto* literal = std::get_if<Literal>(&each.node);
    return literal && literal->kind == Literal::Kind::integer && literal->text.size() <= kSmall ? std::optional{std::stol(literal->text)} : std::nullopt;
  };
  const auto a = digits(left), b = digits(right);
  if (!a || !b) return;
  const bool known = operation->name == "+" || operation->name == "-" || operation->name == "*";
  if (!known) return;
  const long result = operation->name == "+" ? *a + *b : operation->name == "-" ? *a - *b : *a * *b;
  expression.node = Literal{Literal::Kind::integer, std::to_string(result)};
}

/// 1::smallint, a small number that is written, as the number.
void uncast_number(Expression& expression) {
  fold_small(expression);
  const auto* cast = std::get_if<Cast>(&expression.node);
  const auto* literal = cast ? std::get_if<Literal>(&cast->argument->node) : nullptr;
  constexpr std::size_t kSurelySmall = 4;
  const bool plain = literal && literal->kind == Literal::Kind::integer && literal->text.size() <= kSurelySmall && cast->type.resolved && is_number(cast->type.resolved->oid);
  if (!plain) return;
  Expression number = *cast->argument;
  expression = std::move(number);
}

/// Digits behind the point.
int scale_of(std::string_view digits) {
  const std::size_t point = digits.find('.');
  return point == std::string_view::npos ? 0 : static_cast<int>(digits.size() - point - 1);
}

/// 1.5 at scale 2 is 150. nullopt: it is too large.
std::optional<std::int64_t> scaled(std::string_view digits, int scale) {
  std::string whole;
  for (const char c : digits) if (c != '.') whole += c;
  whole.append(static_cast<std::size_t>(scale - scale_of(digits)), '0');
  std::int64_t value = 0;
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  return read.ec == std::errc{} && read.ptr == whole.data() + whole.size() ? std::optional{value} : std::nullopt;
}

constexpr __int128 kDay = 86'400'000'000;
constexpr __int128 kMostLength = 2'000'000 * kDay;  // from every moment of common calendars there is another one so far away

/// 'infinity' and '-infinity' among a column's counts, as SQLite's: what is added to them changes nothing.
Expression unbounded(Expression key, std::string_view most, std::string_view least, std::string_view unit) {
  const model::Type int8{oid::int8};
  const Position position = key.position;
  const std::string text = "CASE $1 WHEN " + std::string{most} + " THEN 9e999 WHEN " + std::string{least} + " THEN -9e999 ELSE $1" + std::string{unit} + " END";
  return {Template{text, {std::move(key)}}, position, int8, plan::runtime_form(int8)};
}

Result<void> check_offset(const FrameBound& bound, bool starts) {
  const Expression& offset = *bound.offset;
  const auto* given = std::get_if<Constant>(&offset.node);
  if (!given || !std::holds_alternative<model::Null>(given->value)) return {};
  return refuse("22004"_state, std::string{"frame "} + (starts ? "starting" : "ending") + " offset must not be null", offset.position);
}

std::string_view mode_name(Frame::Mode mode) { return mode == Frame::Mode::range ? "RANGE" : mode == Frame::Mode::rows ? "ROWS" : "GROUPS"; }

Result<void> no_variables(const Expression& offset, Frame::Mode mode) {
  if (read_by(offset).empty()) return {};
  return refuse("42P10"_state, "argument of " + std::string{mode_name(mode)} + " must not contain variables", offset.position);
}

/// It says ORDER BY, or the window that it refers to does.
bool is_ordered(const Window& window, const Scope& scope) {
  if (!window.order_by.empty()) return true;
  const std::string& refers = window.only_name ? window.name : window.refers_to;
  if (refers.empty() || !scope.windows) return false;
  const auto other = std::ranges::find(*scope.windows, refers, &Window::name);
  return other != scope.windows->end() && &*other != &window && is_ordered(*other, scope);
}

}  // namespace

Result<void> Binder::bind_window(FunctionCall& call, Scope& scope, Clause) {
  Window& window = *call.over;
  if (call.distinct) return refuse("0A000"_state, "DISTINCT is not implemented for window functions", window.position);
  const std::string& refers = window.only_name ? window.name : window.refers_to;
  if (!refers.empty()) {
    const auto named = [&](const Window& other) { return other.name == refers; };
    if (!scope.windows || std::ranges::none_of(*scope.windows, named)) return refuse("42704"_state, "window \"" + refers + "\" does not exist", window.position);
  }
  return bind_window_parts(window, scope);
}

/// A frame in whole numbers: SQLite's RANGE counts, and knows no intervals and no numeric. Dates and timestamps are counted in microseconds, numerics in
/// units of their last digit. Errors: 0A000 for what has no such number: months, days on a calendar with summer time (when it runs), too many digits.
Result<void> Binder::count_range(Window& window) {
  OrderItem& order = window.order_by.front();
  Expression& key = order.expression;
  const model::Oid type = key.type.oid;
  const model::Type int8{oid::int8};
  const auto counted = [&](std::string function, Expressions more) {
    Expressions arguments{key};
    std::ranges::move(more, std::back_inserter(arguments));
    key = {RawCall{std::move(function), std::move(arguments)}, key.position, int8, plan::runtime_form(int8)};
  };
  std::array<FrameBound*, 2> bounds{&window.frame->start, &window.frame->end};
  const auto given = [](const FrameBound* bound) -> const Constant* { return bound->offset ? std::get_if<Constant>(&bound->offset->node) : nullptr; };
  for (const FrameBound* bound : bounds) {
    if (bound->offset && !given(bound)) return unsupported("a window frame whose offset is an expression", bound->offset->position, "A constant works.");
  }
  if (type == oid::numeric) {
    constexpr int kUsual = 6;
    int scale = key.type.modifier >= 4 ? (key.type.modifier - 4) & 0x7ff : kUsual;
    for (const FrameBound* bound : bounds) if (given(bound)) scale = std::max(scale, scale_of(std::get<std::string>(given(bound)->value)));
    for (FrameBound* bound : bounds) {
      if (!given(bound)) continue;
      const auto units = scaled(std::get<std::string>(given(bound)->value), scale);
      if (!units) return unsupported("RANGE with an offset of so many digits", bound->offset->position);
      *bound->offset = constant(*units, int8, bound->offset->position);
    }
    counted("crossfade_range_numeric", {constant(std::int64_t{scale}, int8)});
    return {};
  }
  std::array<std::string, 2> shifts{"00:00:00", "00:00:00"};  // from a row's moment to the bounds of its frame
  bool days = false;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (!given(bounds[i])) continue;
    const model::Type interval{oid::interval};
    CROSSFADE_TRY(const model::Value value, plan::decode(given(bounds[i])->value, plan::runtime_form(interval), interval));
    model::Interval offset = std::get<model::Interval>(value);
    if (type == oid::time) offset.days = 0, offset.months = 0;
    if (offset.months != 0 && type != oid::interval) return unsupported("RANGE with an offset of months or years", bounds[i]->offset->position, "Days work: '30 days'.");
    days = days || offset.days != 0;
    const __int128 length = (static_cast<__int128>(offset.months) * 30 + offset.days) * kDay + offset.micros;
    if (length > kMostLength) return unsupported("RANGE with so large an offset", bounds[i]->offset->position);
    const bool back = (bounds[i]->kind == FrameBound::Kind::preceding) != (order.direction == OrderItem::Direction::descending);
    if (back) offset = {-offset.micros, -offset.days, -offset.months};
    CROSSFADE_TRY(const model::StorageValue shift, plan::encode(model::Value{offset}, plan::runtime_form(interval), interval));
    shifts[i] = std::get<std::string>(shift);
    *bounds[i]->offset = constant(static_cast<std::int64_t>(length < 0 ? -1 : length), int8, bounds[i]->offset->position);  // below 0 is 22013 when a row is there
  }
  if (type == oid::date) key = unbounded(std::move(key), "2147483647", "-2147483648", " * 86400000000");
  if (type == oid::interval) counted("crossfade_range_interval", {});
  if (type == oid::timestamptz && days) counted("crossfade_range_zoned", {text_argument(shifts[0]), text_argument(shifts[1])});
  if (type == oid::timestamp || type == oid::timestamptz) key = unbounded(std::move(key), "9223372036854775807", "(-9223372036854775807 - 1)", "");
  return {};
}

/// The offsets of a RANGE frame, over its one key, which is bound.
Result<void> Binder::bind_range(Window& window, Scope& scope) {
  if (window.order_by.size() != 1) return refuse("42P20"_state, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column", window.position);
  Expression& key = window.order_by.front().expression;
  CROSSFADE_CHECK(settle(key));
  const model::Oid type = key.type.oid;
  const auto known = std::ranges::find(kRangeKeys, type, &RangeKey::key);
  if (known == kRangeKeys.end()) return unsupported("RANGE with an offset over " + std::string{type_name(type)}, window.position);
  to_runtime(key);
  const bool counts = known->offset == oid::interval || known->offset == oid::numeric;
  for (FrameBound* bound : {&window.frame->start, &window.frame->end}) {
    if (!bound->offset) continue;
    if (!counts) uncast_number(*bound->offset);
    CROSSFADE_CHECK(bind(*bound->offset, scope, Clause::window));
    CROSSFADE_CHECK(no_variables(*bound->offset, window.frame->mode));
    const model::Oid offset = bound->offset->type.oid;
    if (offset != oid::unknown && offset != known->offset && !implicitly_castable(offset, known->offset)) {
      return refuse("0A000"_state, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " + std::string{type_name(type)} + " and offset type " +
                                       std::string{type_name(offset)}, bound->offset->position, "Cast the offset value to an appropriate type.");
    }
    CROSSFADE_CHECK(coerce(*bound->offset, {known->offset}, CastContext::implicit));
    to_runtime(*bound->offset);
    CROSSFADE_CHECK(check_offset(*bound, bound == &window.frame->start));
    const auto* real = std::get_if<Constant>(&bound->offset->node);
    if (real && std::holds_alternative<double>(real->value) && std::isinf(std::get<double>(real->value))) return unsupported("RANGE with an infinite offset", bound->offset->position);
  }
  return counts ? count_range(window) : Result<void>{};
}

Result<void> Binder::bind_window_parts(Window& window, Scope& scope) {
  for (Expression& part : window.partition_by) {
    CROSSFADE_CHECK(bind(part, scope, Clause::window));
    CROSSFADE_CHECK(comparable(part, Need::equality));
  }
  for (OrderItem& item : window.order_by) CROSSFADE_CHECK(bind(item.expression, scope, Clause::window));
  const bool offsets = window.frame && (window.frame->start.offset || window.frame->end.offset);
  const bool range = offsets && window.frame->mode == Frame::Mode::range;
  if (range && window.order_by.empty() && !window.refers_to.empty()) return unsupported("RANGE with an offset over another window's order", window.position, "Write ORDER BY beside it.");
  if (range) CROSSFADE_CHECK(bind_range(window, scope));
  if (window.frame && window.frame->mode == Frame::Mode::groups && !is_ordered(window, scope)) return refuse("42P20"_state, "GROUPS mode requires an ORDER BY clause", window.position);
  for (OrderItem& item : window.order_by) CROSSFADE_CHECK(finish_order_item(item, scope));
  if (!offsets) return {};
  for (FrameBound* bound : {&window.frame->start, &window.frame->end}) {
    if (!bound->offset) continue;
    if (!range) {
      uncast_number(*bound->offset);
      CROSSFADE_CHECK(bind(*bound->offset, scope, Clause::window));
      CROSSFADE_CHECK(no_variables(*bound->offset, window.frame->mode));
      const model::Oid given = bound->offset->type.oid;
      if (given != oid::unknown && given != oid::int8 && !find_cast(given, oid::int8, CastContext::assignment)) {
        return refuse("42804"_state, "argument of " + std::string{mode_name(window.frame->mode)} + " must be type bigint, not type " + std::string{type_name(given)}, bound->offset->position);
      }
      CROSSFADE_CHECK(coerce(*bound->offset, {oid::int8}, CastContext::assignment));
      to_runtime(*bound->offset);
      CROSSFADE_CHECK(check_offset(*bound, bound == &window.frame->start));
    }
    if (!std::holds_alternative<Constant>(bound->offset->node) && !std::holds_alternative<Parameter>(bound->offset->node)) {  // NULL to SQLite
      return unsupported("a window frame whose offset is an expression", bound->offset->position, "A number or a parameter works.");
    }
  }
  return {};
}

}  // namespace crossfade::sql
