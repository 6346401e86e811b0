#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// What stands at one place of a path. The comparisons and the operators are in the order of their signs in jsonpath_write.cpp.
enum class PathKind : std::uint8_t {
  null, boolean, number, string, variable, root, current, last,                                 // what a chain begins with
  key, any_key, any_array, index_array, any, filter,                                            // accessors
  type, size, abs, floor, ceiling, double_, keyvalue, datetime,                                 // methods
  add, subtract, multiply, divide, modulo, plus, minus,                                         // arithmetic
  and_, or_, not_, is_unknown, exists, equal, not_equal, less, greater, less_or_equal, greater_or_equal, starts_with, like_regex,
};

enum class PathFlag : std::uint8_t { ignore_case = 1, dot_all = 2, lines = 4, blanks = 8, literal = 16 };

struct PathItem;
/// A beginning and the accessors and methods behind it, in their order; empty where there is none.
using PathChain = std::vector<PathItem>;

struct PathItem {
  PathKind kind = PathKind::null;
  std::string text;                       // a number's digits, a string, a name, "true" or "false", a pattern, the template of .datetime()
  std::vector<PathChain> arguments = {};  // operands; of index_array two for each subscript, the second empty unless there is TO
  std::uint32_t first = 0, last = 0;      // of .**{first to last}: kLastLevel is the leaves'
  std::uint8_t flags = 0;                 // of like_regex: PathFlag
  bool with_template = false;             // of .datetime()
  bool has(PathFlag flag) const { return (flags & static_cast<std::uint8_t>(flag)) != 0; }
};
inline constexpr std::uint32_t kLastLevel = std::numeric_limits<std::uint32_t>::max();

enum class PathMode : std::uint8_t { lax, strict };
struct JsonPath {
  PathMode mode = PathMode::lax;
  PathChain chain;
};

/// Errors: 42601 for what is no path, 22P02 (an empty text, half of a surrogate pair), 22P05 for \u0000, 22003, 2201B and 0A000 for a regular
/// expression; 54001 where it is nested deeper than kDeepestPath levels, an accessor counting as one.
/// Source: PostgreSQL 15 manual, 8.14.7 "jsonpath Type" and 9.16.2 "The SQL/JSON Path Language".
Result<JsonPath> read_jsonpath(std::string_view text);
/// shown: as PostgreSQL 15 writes it, names in quotes, operations in brackets; but where an accessor follows in an operand it leaves brackets out,
/// `(1 * $.a).b + 2` is `(1 * $."a"."b" + 2)`, and that is another path, or none. whole: with them, so that it is read again as the same.
enum class PathForm : std::uint8_t { shown, whole };
std::string write_jsonpath(const JsonPath& path, PathForm form);
/// The shown form of a text that read_jsonpath takes; another text is given back.
std::string shown_jsonpath(std::string_view text);
/// `type`, `floor`: what messages call a method; the sign of an operator.
std::string_view path_word(PathKind kind);

/// As deep as the stack allows: the reader, the writer and a path's destruction nest as it does.
#ifdef __OPTIMIZE__
inline constexpr int kDeepestPath = 1'000;
#else
inline constexpr int kDeepestPath = 400;
#endif

/// Who compiles regular expressions tells here what is wrong with one; until then each is taken. Thread-safe; called once, before texts are read.
using PatternCheck = Result<void> (*)(const PathItem& like_regex);
void check_patterns_with(PatternCheck check);

}  // namespace crossfade::model
