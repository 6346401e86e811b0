#include "crossfade/model/numeric.hpp"
#include "jsonpath.hpp"
#include "jsonpath_depth.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
using model::PathItem;

namespace {

int sign_of(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

}  // namespace

/// The pattern with XQuery's flags: without "s" a point stops at line ends, with "m" ^ and $ are at them.
model::Result<std::shared_ptr<const Regex>> compile_path_pattern(const PathItem& item) {
  using model::PathFlag;
  Regex::Options options;
  options.ignore_case = item.has(PathFlag::ignore_case);
  options.literal = item.has(PathFlag::literal);
  if (!options.literal) {
    options.dot_stops = !item.has(PathFlag::dot_all);
    options.newline = item.has(PathFlag::lines);
  }
  return Regex::compile(item.text, options);
}

PathRun::Outcome PathRun::give_truth(Path path, Truth truth, PathValues* found) {
  const Path rest = path.subspan(1);
  if (rest.empty() && !found) return Outcome::ok;
  const bool known = truth != Truth::unknown;
  return next(rest, made(known ? JsonNode::Kind::boolean : JsonNode::Kind::null, !known ? "null" : truth == Truth::yes ? "true" : "false"), found);
}

PathRun::Truth PathRun::nested_test(const model::PathChain& chain, PathValue at) {
  const PathValue before = std::exchange(current_, at);
  const Truth truth = test(chain.front(), at);
  current_ = before;
  return truth;
}

PathRun::Truth PathRun::test(const PathItem& item, PathValue at) {
  const Depth depth{depth_};
  const auto argument = [&](std::size_t index) { return test(item.arguments[index].front(), at); };
  if (item.kind == Kind::and_ || item.kind == Kind::or_) {
    const Truth decides = item.kind == Kind::and_ ? Truth::no : Truth::yes, left = argument(0);
    if (left == decides) return left;
    const Truth right = argument(1);
    return right == (item.kind == Kind::and_ ? Truth::yes : Truth::no) ? left : right;
  }
  if (item.kind == Kind::not_) {
    const Truth truth = argument(0);
    return truth == Truth::unknown ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
  }
  if (item.kind == Kind::is_unknown) return argument(0) == Truth::unknown ? Truth::yes : Truth::no;
  if (item.kind == Kind::exists) return exists_test(item, at);
  return over_pairs(item, at);
}

PathRun::Truth PathRun::exists_test(const PathItem& item, PathValue at) {
  PathValues found;
  const Outcome outcome = quiet_operand(item.arguments.front(), at, needs_all() ? &found : nullptr, Unwrap::no);
  if (outcome == Outcome::failed) return Truth::unknown;
  return (needs_all() ? !found.empty() : outcome == Outcome::ok) ? Truth::yes : Truth::no;
}

/// True where any pair is; unknown where none is and any cannot be said. Strict: unknown where any cannot be said.
PathRun::Truth PathRun::over_pairs(const PathItem& item, PathValue at) {
  const bool two = item.arguments.size() > 1;
  const Unwrap right_side = item.kind == Kind::starts_with ? Unwrap::no : Unwrap::yes;
  PathValues left, right;
  if (quiet_operand(item.arguments[0], at, &left, Unwrap::yes) == Outcome::failed) return Truth::unknown;
  if (two && quiet_operand(item.arguments[1], at, &right, right_side) == Outcome::failed) return Truth::unknown;
  if (!two) right.push_back({});
  bool unknown = false, yes = false;
  for (const PathValue one : left) {
    const Depth stops{depth_};
    for (const PathValue other : right) {
      const Truth truth = pair(item, one, other);
      if (truth == Truth::unknown && needs_all()) return truth;
      if (truth == Truth::yes && !needs_all()) return truth;
      unknown = unknown || truth == Truth::unknown;
      yes = yes || truth == Truth::yes;
    }
  }
  return yes ? Truth::yes : unknown ? Truth::unknown : Truth::no;
}

PathRun::Truth PathRun::pair(const PathItem& item, PathValue left, PathValue right) {
  if (item.kind == Kind::like_regex) return matches(item, left);
  if (item.kind != Kind::starts_with) return compare(item.kind, left, right);
  if (!is_scalar(left, JsonNode::Kind::string) || !is_scalar(right, JsonNode::Kind::string)) return Truth::unknown;
  return left.node->plain().starts_with(right.node->plain()) ? Truth::yes : Truth::no;
}

PathRun::Truth PathRun::matches(const PathItem& item, PathValue value) {
  if (!is_scalar(value, JsonNode::Kind::string)) return Truth::unknown;
  auto& pattern = patterns_[&item];
  if (!pattern) {
    auto compiled = compile_path_pattern(item);
    if (!compiled) throw PathEnded{std::move(compiled).error()};
    pattern = *std::move(compiled);
  }
  auto found = pattern->matches(to_utf16(value.node->plain()));
  if (!found) throw PathEnded{std::move(found).error()};
  return *found ? Truth::yes : Truth::no;
}

/// Scalars of one kind; null beside another kind is only different.
PathRun::Truth PathRun::compare(Kind kind, PathValue left, PathValue right) {
  using Json = JsonNode::Kind;
  const auto truth = [](bool yes) { return yes ? Truth::yes : Truth::no; };
  const bool moments = left.moment && right.moment;
  int order = 0;
  if (!moments && (left.moment || right.moment || left.node->kind != right.node->kind)) {
    if (is_scalar(left, Json::null) || is_scalar(right, Json::null)) return truth(kind == Kind::not_equal);
    return Truth::unknown;
  }
  if (moments) {
    const auto compared = compare_moments(*left.moment, *right.moment);
    if (!compared) return Truth::unknown;
    order = *compared;
  } else if (!left.node->scalar()) {
    return Truth::unknown;
  } else {
    order = sign_of(compare_jsonb(*left.node, *right.node, JsonPlace::inside));
  }
  switch (kind) {
    case Kind::equal: return truth(order == 0);
    case Kind::not_equal: return truth(order != 0);
    case Kind::less: return truth(order < 0);
    case Kind::greater: return truth(order > 0);
    case Kind::less_or_equal: return truth(order <= 0);
    default: return truth(order >= 0);
  }
}

}  // namespace crossfade::sqlite::functions
