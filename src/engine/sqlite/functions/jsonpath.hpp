#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crossfade/model/datetime.hpp"
#include "crossfade/model/jsonpath.hpp"
#include "crossfade/model/text_format.hpp"
#include "json_tree.hpp"
#include "regex.hpp"

namespace crossfade::sqlite::functions {

/// What .datetime() makes of a string; `type`: date, time, timetz, timestamp or timestamptz. `offset`: as the text said it, in seconds east of UTC.
struct PathMoment { model::Type type; model::Value value; int offset = 0; };

/// A value that a path has come to; a moment is no JSON until it is given out.
struct PathValue {
  const JsonNode* node = nullptr;
  const PathMoment* moment = nullptr;
};
using PathValues = std::vector<PathValue>;

/// Thrown where the whole path ends: an error that is not silenced, a cancel, a path and a document too deep for the stack (54001).
struct PathEnded { model::Error error; };

/// One path on one document, as PostgreSQL 15 walks it: results come in its order, and those found before a silenced error stay.
/// Lifetime: path, document and variables outlive the run; the values that it finds live as long as it does.
/// Source: PostgreSQL 15 manual, 9.16.2 "The SQL/JSON Path Language".
class PathRun {
 public:
  enum class Errors : std::uint8_t { thrown, silent };
  enum class Zones : std::uint8_t { refused, used };  // whether the session's time zone may decide a comparison
  struct Options { Errors errors = Errors::thrown; Zones zones = Zones::refused; const model::TextStyle* style = nullptr; };
  enum class Outcome : std::uint8_t { ok, none, failed };
  enum class Truth : std::uint8_t { no, yes, unknown };

  PathRun(const model::JsonPath& path, const JsonNode& document, const JsonNode& variables, const Options& options)
      : path_(path), document_(document), variables_(variables), options_(options), throws_(options.errors == Errors::thrown), ignores_structure_(lax()), current_{&document} {}

  /// `failed`: an error that was silenced.
  Outcome exists();
  Outcome find(PathValues& found);

 private:
  using Path = std::span<const model::PathItem>;
  using Kind = model::PathKind;
  enum class Unwrap : std::uint8_t { no, yes };
  struct Base { const JsonNode* root = nullptr; std::int64_t number = 0; };  // what .keyvalue() numbers objects by
  struct Depth;

  bool lax() const { return path_.mode == model::PathMode::lax; }
  bool needs_all() const { return !lax(); }  // strict: an error further on counts
  Unwrap automatic() const { return lax() ? Unwrap::yes : Unwrap::no; }
  Outcome fail(model::SqlState state, std::string message, std::string hint = {}) const;
  Outcome fail_method(model::SqlState state, Path path, std::string_view what) const;

  // ---- jsonpath_walk.cpp: values. `found` nullptr: only whether there is one.
  Outcome walk(Path path, PathValue at, PathValues* found) { return walk(path, at, found, automatic()); }
  Outcome walk(Path path, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome next(Path rest, PathValue value, PathValues* found);
  Outcome operand(const model::PathChain& chain, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome quiet_operand(const model::PathChain& chain, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome members(Path path, const JsonNode& container, PathValues* found, std::uint32_t level, const model::PathItem* bounds, Unwrap unwrap);
  Outcome elements(Path path, PathValue at, PathValues* found, Unwrap unwrap) { return members(path, *at.node, found, 1, nullptr, unwrap); }
  Outcome member(Path path, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome all_members(Path path, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome all_elements(Path path, PathValue at, PathValues* found);
  Outcome some_elements(Path path, PathValue at, PathValues* found);
  Outcome any_level(Path path, PathValue at, PathValues* found);
  Outcome index(const model::PathChain& chain, PathValue at, std::int32_t& out);
  Outcome scalar(Path path, PathValues* found);

  // ---- jsonpath_arithmetic.cpp
  Outcome binary(Path path, PathValue at, PathValues* found);
  Outcome unary(Path path, PathValue at, PathValues* found);

  // ---- jsonpath_tests.cpp: predicates.
  Truth test(const model::PathItem& item, PathValue at);
  Truth nested_test(const model::PathChain& chain, PathValue at);
  Truth over_pairs(const model::PathItem& item, PathValue at);
  Truth exists_test(const model::PathItem& item, PathValue at);
  Truth pair(const model::PathItem& item, PathValue left, PathValue right);
  Truth compare(Kind kind, PathValue left, PathValue right);
  Truth matches(const model::PathItem& item, PathValue value);
  Outcome give_truth(Path path, Truth truth, PathValues* found);

  // ---- jsonpath_methods.cpp
  Outcome method(Path path, PathValue at, PathValues* found, Unwrap unwrap);
  Outcome number_method(Path path, PathValue at, PathValues* found);
  Outcome double_method(Path path, PathValue at, PathValues* found);
  Outcome size_method(Path path, PathValue at, PathValues* found);
  Outcome keyvalue_method(Path path, PathValue at, PathValues* found);
  std::int64_t offset_in(const Base& base, const JsonNode& node);

  // ---- jsonpath_datetime.cpp
  Outcome datetime_method(Path path, PathValue at, PathValues* found);
  /// Errors: 0A000 for moments that only the session's time zone could compare, where zones are refused.
  std::optional<int> compare_moments(const PathMoment& left, const PathMoment& right) const;

  PathValue number(std::string text) { return made(JsonNode::Kind::number, std::move(text)); }
  PathValue made(JsonNode::Kind kind, std::string text);

  const model::JsonPath& path_;
  const JsonNode& document_;
  const JsonNode& variables_;
  Options options_;
  bool throws_;
  bool ignores_structure_;
  PathValue current_;
  Base base_;
  std::int64_t objects_made_ = 2;  // 0 is the document, 1 the variables
  std::int64_t innermost_size_ = -1;
  int depth_ = 0;
  std::deque<JsonNode> made_;
  std::deque<PathMoment> moments_;
  std::unordered_map<const JsonNode*, std::int64_t> offsets_;
  std::unordered_map<const model::PathItem*, std::shared_ptr<const Regex>> patterns_;
};

bool is_array(PathValue value);
bool is_object(PathValue value);
bool is_scalar(PathValue value, JsonNode::Kind kind);
/// "number", "timestamp with time zone".
std::string path_type_name(PathValue value);
/// As JSON; a moment as a string in ISO 8601.
std::string path_json(PathValue value);
model::Result<std::shared_ptr<const Regex>> compile_path_pattern(const model::PathItem& like_regex);
/// Where jsonb keeps the containers in `root`: bytes behind the beginning of its own, which is how PostgreSQL numbers objects.
void measure_jsonb(const JsonNode& root, std::unordered_map<const JsonNode*, std::int64_t>& offsets);

}  // namespace crossfade::sqlite::functions
