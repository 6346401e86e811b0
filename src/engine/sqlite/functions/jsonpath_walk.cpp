#include <algorithm>
#include <charconv>

#include "crossfade/model/numeric.hpp"
#include "function_error.hpp"
#include "jsonpath.hpp"
#include "jsonpath_depth.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
using model::PathItem;

bool is_array(PathValue value) { return value.node && value.node->kind == JsonNode::Kind::array; }
bool is_object(PathValue value) { return value.node && value.node->kind == JsonNode::Kind::object; }
bool is_scalar(PathValue value, JsonNode::Kind kind) { return value.node && value.node->kind == kind; }

PathRun::Outcome PathRun::exists() {
  if (!needs_all()) return walk(path_.chain, current_, nullptr);
  PathValues found;
  const Outcome outcome = find(found);
  if (outcome == Outcome::failed) return outcome;
  return found.empty() ? Outcome::none : Outcome::ok;
}

PathRun::Outcome PathRun::find(PathValues& found) { return walk(path_.chain, current_, &found); }

PathRun::Outcome PathRun::fail(model::SqlState state, std::string message, std::string hint) const {
  if (throws_) throw PathEnded{{state, std::move(message), {}, std::move(hint)}};
  return Outcome::failed;
}

PathValue PathRun::made(JsonNode::Kind kind, std::string text) {
  JsonNode& node = made_.emplace_back();
  node.kind = kind;
  node.text = std::move(text);
  return {&node};
}

PathRun::Outcome PathRun::next(Path rest, PathValue value, PathValues* found) {
  if (!rest.empty()) return walk(rest, value, found);
  constexpr std::size_t kMost = 4'000'000;
  if (found) {
    if (found->size() >= kMost) throw PathEnded{{"53200"_state, "out of memory", "A path found more than 4000000 values."}};
    found->push_back(value);
  }
  return Outcome::ok;
}

/// Arrays among the operand's values are replaced by their elements, in lax mode.
PathRun::Outcome PathRun::operand(const model::PathChain& chain, PathValue at, PathValues* found, Unwrap unwrap) {
  if (unwrap == Unwrap::no || !lax()) return walk(chain, at, found);
  PathValues all;
  if (const Outcome outcome = walk(chain, at, &all); outcome == Outcome::failed) return outcome;
  for (const PathValue each : all) {
    if (is_array(each)) elements({}, each, found, Unwrap::no);
    else if (found) found->push_back(each);
  }
  return Outcome::ok;
}

PathRun::Outcome PathRun::quiet_operand(const model::PathChain& chain, PathValue at, PathValues* found, Unwrap unwrap) {
  const bool before = std::exchange(throws_, false);
  const Outcome outcome = operand(chain, at, found, unwrap);
  throws_ = before;
  return outcome;
}

/// The members of a container, and with `bounds` those of its containers too, level by level; without a path behind they are what is found.
PathRun::Outcome PathRun::members(Path path, const JsonNode& container, PathValues* found, std::uint32_t level, const PathItem* bounds, Unwrap unwrap) {
  const Depth depth{depth_};
  const std::uint32_t first = bounds ? bounds->first : 1, last = bounds ? bounds->last : 1;
  Outcome outcome = Outcome::none;
  if (level > last) return outcome;
  for (const JsonNode& each : container.items) {
    const bool leaves = first == model::kLastLevel && last == model::kLastLevel && each.scalar();
    if (level >= first || leaves) {
      if (!path.empty()) {
        const bool before = ignores_structure_;
        if (bounds) ignores_structure_ = true;
        outcome = walk(path, {&each}, found, unwrap);
        ignores_structure_ = before;
        if (outcome == Outcome::failed || (outcome == Outcome::ok && !found)) break;
      } else if (found) {
        next({}, {&each}, found);
      } else {
        return Outcome::ok;
      }
    }
    if (level < last && !each.scalar()) {
      outcome = members(path, each, found, level + 1, bounds, unwrap);
      if (outcome == Outcome::failed || (outcome == Outcome::ok && !found)) break;
    }
  }
  return outcome;
}

PathRun::Outcome PathRun::scalar(Path path, PathValues* found) {
  const PathItem& item = path.front();
  const Path rest = path.subspan(1);
  if (rest.empty() && !found && item.kind != Kind::variable) return Outcome::ok;
  const Base before = base_;
  PathValue value;
  if (item.kind == Kind::variable) {
    const JsonNode* known = variables_.find(item.text);
    if (!known) throw PathEnded{{"42704"_state, "could not find jsonpath variable \"" + item.text + "\""}};
    value = {known};
    base_ = {&variables_, 1};
  } else {
    using Json = JsonNode::Kind;
    const Json kind = item.kind == Kind::null ? Json::null : item.kind == Kind::boolean ? Json::boolean : item.kind == Kind::number ? Json::number : Json::string;
    value = made(kind, kind == Json::string ? quote_json(item.text) : kind == Json::null ? "null" : item.text);
  }
  const Outcome outcome = next(rest, value, found);
  base_ = before;
  return outcome;
}

PathRun::Outcome PathRun::member(Path path, PathValue at, PathValues* found, Unwrap unwrap) {
  if (is_object(at)) {
    if (const JsonNode* value = at.node->find(path.front().text)) return next(path.subspan(1), {value}, found);
    return ignores_structure_ ? Outcome::none : fail("2203A"_state, "JSON object does not contain key \"" + path.front().text + "\"");
  }
  if (unwrap == Unwrap::yes && is_array(at)) return elements(path, at, found, Unwrap::no);
  return ignores_structure_ ? Outcome::none : fail("2203A"_state, "jsonpath member accessor can only be applied to an object");
}

PathRun::Outcome PathRun::all_members(Path path, PathValue at, PathValues* found, Unwrap unwrap) {
  if (is_object(at)) return members(path.subspan(1), *at.node, found, 1, nullptr, automatic());
  if (unwrap == Unwrap::yes && is_array(at)) return elements(path, at, found, Unwrap::no);
  return ignores_structure_ ? Outcome::none : fail("2203C"_state, "jsonpath wildcard member accessor can only be applied to an object");
}

PathRun::Outcome PathRun::all_elements(Path path, PathValue at, PathValues* found) {
  if (is_array(at)) return elements(path.subspan(1), at, found, automatic());
  if (lax()) return next(path.subspan(1), at, found);
  return ignores_structure_ ? Outcome::none : fail("22039"_state, "jsonpath wildcard array accessor can only be applied to an array");
}

PathRun::Outcome PathRun::index(const model::PathChain& chain, PathValue at, std::int32_t& out) {
  PathValues found;
  if (const Outcome outcome = walk(chain, at, &found); outcome == Outcome::failed) return outcome;
  if (found.size() != 1 || !is_scalar(found.front(), JsonNode::Kind::number)) return fail("22033"_state, "jsonpath array subscript is not a single numeric value");
  const std::string_view text = found.front().node->text;
  const std::string_view whole = text.substr(0, text.find('.'));
  const auto read = std::from_chars(whole.data(), whole.data() + whole.size(), out);
  if (read.ec != std::errc{}) return fail("22033"_state, "jsonpath array subscript is out of integer range");
  return Outcome::ok;
}

PathRun::Outcome PathRun::some_elements(Path path, PathValue at, PathValues* found) {
  if (!is_array(at) && !lax()) return ignores_structure_ ? Outcome::none : fail("22039"_state, "jsonpath array accessor can only be applied to an array");
  const std::int64_t before = innermost_size_, size = is_array(at) ? static_cast<std::int64_t>(at.node->items.size()) : 1;
  const Path rest = path.subspan(1);
  const auto& subscripts = path.front().arguments;
  Outcome outcome = Outcome::none;
  innermost_size_ = size;
  for (std::size_t i = 0; i < subscripts.size(); i += 2) {
    std::int32_t from = 0, to = 0;
    if (outcome = index(subscripts[i], at, from); outcome == Outcome::failed) break;
    if (subscripts[i + 1].empty()) to = from;
    else if (outcome = index(subscripts[i + 1], at, to); outcome == Outcome::failed) break;
    if (!ignores_structure_ && (from < 0 || from > to || to >= size)) return fail("22033"_state, "jsonpath array subscript is out of bounds");
    outcome = Outcome::none;
    for (std::int64_t place = std::max(from, 0); place <= std::min<std::int64_t>(to, size - 1); ++place) {
      const PathValue value = is_array(at) ? PathValue{&at.node->items[static_cast<std::size_t>(place)]} : at;
      if (rest.empty() && !found) return Outcome::ok;
      outcome = next(rest, value, found);
      if (outcome == Outcome::failed || (outcome == Outcome::ok && !found)) break;
    }
    if (outcome == Outcome::failed || (outcome == Outcome::ok && !found)) break;
  }
  innermost_size_ = before;
  return outcome;
}

PathRun::Outcome PathRun::any_level(Path path, PathValue at, PathValues* found) {
  const PathItem& item = path.front();
  const Path rest = path.subspan(1);
  Outcome outcome = Outcome::none;
  if (item.first == 0) {
    const bool before = std::exchange(ignores_structure_, true);
    outcome = next(rest, at, found);
    ignores_structure_ = before;
    if (outcome == Outcome::ok && !found) return outcome;
  }
  if (at.node && !at.node->scalar()) outcome = members(rest, *at.node, found, 1, &item, automatic());
  return outcome;
}

PathRun::Outcome PathRun::walk(Path path, PathValue at, PathValues* found, Unwrap unwrap) {
  const Depth depth{depth_};
  const Path rest = path.subspan(1);
  switch (path.front().kind) {
    case Kind::null: case Kind::boolean: case Kind::number: case Kind::string: case Kind::variable: return scalar(path, found);
    case Kind::root: {
      const Base before = std::exchange(base_, Base{&document_, 0});
      const Outcome outcome = next(rest, {&document_}, found);
      base_ = before;
      return outcome;
    }
    case Kind::current: return next(rest, current_, found);
    case Kind::last:
      if (rest.empty() && !found) return Outcome::ok;
      return next(rest, number(std::to_string(innermost_size_ - 1)), found);
    case Kind::key: return member(path, at, found, unwrap);
    case Kind::any_key: return all_members(path, at, found, unwrap);
    case Kind::any_array: return all_elements(path, at, found);
    case Kind::index_array: return some_elements(path, at, found);
    case Kind::any: return any_level(path, at, found);
    case Kind::filter:
      if (unwrap == Unwrap::yes && is_array(at)) return elements(path, at, found, Unwrap::no);
      if (nested_test(path.front().arguments.front(), at) != Truth::yes) return Outcome::none;
      return next(rest, at, found);
    case Kind::type: case Kind::size: case Kind::abs: case Kind::floor: case Kind::ceiling: case Kind::double_: case Kind::keyvalue: case Kind::datetime:
      return method(path, at, found, unwrap);
    case Kind::add: case Kind::subtract: case Kind::multiply: case Kind::divide: case Kind::modulo: return binary(path, at, found);
    case Kind::plus: case Kind::minus: return unary(path, at, found);
    case Kind::and_: case Kind::or_: case Kind::not_: case Kind::is_unknown: case Kind::exists: case Kind::equal: case Kind::not_equal: case Kind::less: case Kind::greater:
    case Kind::less_or_equal: case Kind::greater_or_equal: case Kind::starts_with: case Kind::like_regex: return give_truth(path, test(path.front(), at), found);
  }
  return Outcome::none;
}

}  // namespace crossfade::sqlite::functions
