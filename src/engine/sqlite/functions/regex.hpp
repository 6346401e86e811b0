#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"

namespace crossfade::sqlite::functions {

/// PostgreSQL's advanced regular expressions on ICU's. Whether a text matches is the same by nature; what is found is the leftmost, and
/// of those the longest (with only non-greedy quantifiers the shortest), as PostgreSQL takes it.
/// Errors: 2201B for a pattern, 22023 for an option; 0A000 for greedy and non-greedy quantifiers in one pattern where the place of the
/// match counts, and for options that change the syntax.
/// Source: PostgreSQL 15 manual, 9.7.3 "POSIX Regular Expressions".
class Regex {
 public:
  /// UTF-16 places; a group that took no part has begin -1. The first is the whole match.
  struct Span { std::int32_t begin = -1, end = -1; };
  using Found = std::vector<Span>;
  struct Options { bool ignore_case = false, newline = false, dot_stops = false, global = false, literal = false, extended = false; };

  static model::Result<std::shared_ptr<const Regex>> compile(std::string_view pattern, const Options& options);
  /// "g", "i", "n" …
  static model::Result<Options> options(std::string_view flags);
  ~Regex();

  /// Errors: 54001 for a text and pattern that would take too long or too deep.
  model::Result<bool> matches(const std::u16string& text) const;
  /// The first match at or after `from`.
  model::Result<std::optional<Found>> find(const std::u16string& text, std::int32_t from) const;
  std::size_t groups() const { return groups_; }

 private:
  struct Compiled;
  Regex() = default;
  std::unique_ptr<Compiled> compiled_;
  std::size_t groups_ = 0;
  enum class Prefers : std::uint8_t { longest, shortest, mixed } prefers_ = Prefers::longest;
  bool ambiguous_ = false;
};

std::u16string to_utf16(std::string_view text);
std::string to_utf8(std::u16string_view text);

/// The ICU pattern of one of PostgreSQL's. `lazy`, `greedy`: which quantifiers there are; `ambiguous`: an alternation or a quantified group.
struct IcuPattern { std::string text; std::size_t groups = 0; bool lazy = false, greedy = false, ambiguous = false; };
model::Result<IcuPattern> translate_regex(std::string_view pattern, const Regex::Options& options);
/// SIMILAR TO's pattern in the parts that its escape-double-quotes make of it: one, two or three.
struct SimilarPattern {
  std::vector<std::string> parts;
  /// As one of the above, anchored, as PostgreSQL writes it.
  std::string text() const;
};
/// Errors: 22025 for an escape of several characters, 2200C for more than two separators.
model::Result<SimilarPattern> similar_pattern(std::string_view pattern, std::string_view escape);

}  // namespace crossfade::sqlite::functions
