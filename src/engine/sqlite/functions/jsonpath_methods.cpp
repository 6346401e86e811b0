#include <array>
#include <cmath>

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/numeric.hpp"
#include "jsonpath.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;
using JsonKind = JsonNode::Kind;

namespace {

/// Down to a whole number; `-0.5` is -1, `0.5` is 0.
std::string floor_of(const std::string& text) {
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  std::string whole = text.substr(0, point);
  const bool fraction = text.find_first_not_of('0', point + 1) != std::string::npos, negative = text.starts_with('-');
  if (whole == "-0") whole = "0";
  if (!fraction || !negative) return whole;
  return model::calculate_exactly(model::NumericOperator::subtract, {whole}, {"1"}).text;
}
std::string negated(const std::string& text) { return model::negate({text}).text; }

/// As PostgreSQL makes a numeric of a double: 15 digits.
std::string numeric_digits(double value) {
  constexpr int kDigits = 15;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*g", kDigits, value);
  const auto numeric = model::parse_numeric(text.data());
  return numeric ? numeric->text : std::string{"0"};
}

}  // namespace

PathRun::Outcome PathRun::fail_method(model::SqlState state, Path path, std::string_view what) const {
  std::string message{what};
  message.replace(message.find('$'), 1, "." + std::string{model::path_word(path.front().kind)} + "()");
  return fail(state, std::move(message));
}

PathRun::Outcome PathRun::method(Path path, PathValue at, PathValues* found, Unwrap unwrap) {
  const Kind kind = path.front().kind;
  if (kind == Kind::type) return next(path.subspan(1), made(JsonKind::string, quote_json(path_type_name(at))), found);
  if (kind == Kind::size) return size_method(path, at, found);
  if (unwrap == Unwrap::yes && is_array(at)) return elements(path, at, found, Unwrap::no);
  if (kind == Kind::double_) return double_method(path, at, found);
  if (kind == Kind::keyvalue) return keyvalue_method(path, at, found);
  if (kind == Kind::datetime) return datetime_method(path, at, found);
  return number_method(path, at, found);
}

PathRun::Outcome PathRun::size_method(Path path, PathValue at, PathValues* found) {
  std::size_t size = 1;
  if (is_array(at)) size = at.node->items.size();
  else if (!lax()) return ignores_structure_ ? Outcome::none : fail_method("22039"_state, path, "jsonpath item method $ can only be applied to an array");
  return next(path.subspan(1), number(std::to_string(size)), found);
}

PathRun::Outcome PathRun::number_method(Path path, PathValue at, PathValues* found) {
  if (!is_scalar(at, JsonKind::number)) return fail_method("22036"_state, path, "jsonpath item method $ can only be applied to a numeric value");
  const Path rest = path.subspan(1);
  if (rest.empty() && !found) return Outcome::ok;
  const std::string& text = at.node->text;
  const Kind kind = path.front().kind;
  std::string result = kind == Kind::floor ? floor_of(text) : kind == Kind::ceiling ? negated(floor_of(negated(text))) : text.starts_with('-') ? negated(text) : text;
  return next(rest, number(std::move(result)), found);
}

PathRun::Outcome PathRun::double_method(Path path, PathValue at, PathValues* found) {
  const bool text = is_scalar(at, JsonKind::string);
  if (!text && !is_scalar(at, JsonKind::number)) return fail_method("22036"_state, path, "jsonpath item method $ can only be applied to a string or numeric value");
  const auto read = model::parse_text(text ? at.node->plain() : at.node->text, {oid::float8});
  const bool fits = read && std::isfinite(std::get<double>(*read));
  if (!fits && text) return fail_method("22036"_state, path, "string argument of jsonpath item method $ is not a valid representation of a double precision number");
  if (!fits) return fail_method("22036"_state, path, "numeric argument of jsonpath item method $ is out of range for type double precision");
  return next(path.subspan(1), text ? number(numeric_digits(std::get<double>(*read))) : at, found);
}

PathRun::Outcome PathRun::keyvalue_method(Path path, PathValue at, PathValues* found) {
  if (!is_object(at)) return fail_method("2203C"_state, path, "jsonpath item method $ can only be applied to an object");
  const Path rest = path.subspan(1);
  if (at.node->items.empty()) return Outcome::none;
  if (rest.empty() && !found) return Outcome::ok;
  constexpr std::int64_t kPerObject = 10'000'000'000;
  const Base before = base_;
  const std::int64_t number_of = offset_in(before, *at.node) + before.number * kPerObject;
  Outcome outcome = Outcome::none;
  for (const JsonNode& member : at.node->items) {
    JsonNode pair;
    pair.kind = JsonKind::object;
    const auto put = [&](std::string key, JsonNode value) {
      value.key = std::move(key);
      pair.items.push_back(std::move(value));
    };
    put("id", {JsonKind::number, {}, std::to_string(number_of), {}});
    put("key", {JsonKind::string, {}, quote_json(member.key), {}});
    put("value", member);
    pair.text = write_jsonb(pair);
    const JsonNode& object = made_.emplace_back(std::move(pair));
    base_ = {&object, objects_made_++};
    outcome = next(rest, {&object}, found);
    base_ = before;
    if (outcome == Outcome::failed || (outcome == Outcome::ok && !found)) return outcome;
  }
  return outcome;
}

std::int64_t PathRun::offset_in(const Base& base, const JsonNode& node) {
  if (base.root == nullptr) return 0;
  if (!offsets_.contains(base.root)) measure_jsonb(*base.root, offsets_);
  const auto known = offsets_.find(&node);
  return known == offsets_.end() ? 0 : known->second;
}

namespace {

/// jsonb in PostgreSQL: a header, four bytes for each item (a key is one), then what they hold; numbers and containers begin at a multiple of four.
class JsonbSizes {
 public:
  explicit JsonbSizes(std::unordered_map<const JsonNode*, std::int64_t>& offsets) : offsets_(offsets) {}

  void container(const JsonNode& node) {
    align();
    offsets_[&node] = at_;
    const bool object = node.kind == JsonKind::object;
    at_ += kWord + static_cast<std::int64_t>(node.items.size()) * kWord * (object ? 2 : 1);
    for (const JsonNode& item : node.items) if (object) at_ += static_cast<std::int64_t>(item.key.size());
    for (const JsonNode& item : node.items) value(item);
  }

 private:
  static constexpr std::int64_t kWord = 4;
  void align() { at_ = (at_ + kWord - 1) / kWord * kWord; }
  void value(const JsonNode& node) {
    if (!node.scalar()) return container(node);
    if (node.kind == JsonKind::string) at_ += static_cast<std::int64_t>(node.plain().size());
    if (node.kind != JsonKind::number) return;
    align();
    std::string binary;  // digits, weight, sign and scale in two bytes each, then the digits
    model::append_binary(binary, model::Numeric{node.text}, {oid::numeric});
    const auto field = [&](std::size_t index) { return static_cast<std::int16_t>(static_cast<unsigned char>(binary[index * 2]) << 8U | static_cast<unsigned char>(binary[index * 2 + 1])); };
    constexpr int kShortWeight = 63, kShortScale = 63;
    const bool is_short = field(3) <= kShortScale && field(1) <= kShortWeight && field(1) >= -kShortWeight - 1;
    at_ += kWord + (is_short ? 2 : 4) + std::int64_t{field(0)} * 2;
  }

  std::unordered_map<const JsonNode*, std::int64_t>& offsets_;
  std::int64_t at_ = 0;
};

}  // namespace

void measure_jsonb(const JsonNode& root, std::unordered_map<const JsonNode*, std::int64_t>& offsets) {
  if (!root.scalar()) JsonbSizes{offsets}.container(root);
}

}  // namespace crossfade::sqlite::functions
