#include <algorithm>
#include <array>

#include "crossfade/model/array.hpp"
#include "packed.hpp"
#include "regex.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

namespace {

model::Result<std::shared_ptr<const Regex>> regex_of(const Call& call, std::size_t pattern, std::size_t flags, Regex::Options& options) {
  if (flags < call.size()) {
    CROSSFADE_TRY(options, Regex::options(call.text(flags)));
  }
  return Regex::compile(call.text(pattern), options);
}

/// Of a function that takes no "g", which it says before it reads the pattern.
model::Result<std::shared_ptr<const Regex>> regex_for(const Call& call, std::size_t flags, const std::string& function, const std::string& hint = {}) {
  Regex::Options options;
  if (flags < call.size()) {
    CROSSFADE_TRY(options, Regex::options(call.text(flags)));
  }
  if (options.global) return model::fail("22023"_state, function + "() does not support the \"global\" option", {}, hint);
  return Regex::compile(call.text(1), options);
}

/// crossfade_regexp(text, pattern, flags)
Answer regex_matches(const Call& call) {
  CROSSFADE_TRY(const auto regex, regex_for(call, 2, "regexp_like"));
  CROSSFADE_TRY(const bool matched, regex->matches(to_utf16(call.text(0))));
  return std::int64_t{matched};
}

/// crossfade_similar(text, pattern [, escape])
Answer similar(const Call& call) {
  CROSSFADE_TRY(const SimilarPattern pattern, similar_pattern(call.text(1), call.size() > 2 ? call.text(2) : "\\"));
  CROSSFADE_TRY(const auto regex, Regex::compile(pattern.text(), {}));
  CROSSFADE_TRY(const bool matched, regex->matches(to_utf16(call.text(0))));
  return std::int64_t{matched};
}

std::u16string_view slice(const std::u16string& text, Regex::Span span) {
  return std::u16string_view{text}.substr(static_cast<std::size_t>(span.begin), static_cast<std::size_t>(span.end - span.begin));
}

/// Every match from `from` on, as PostgreSQL goes on behind an empty one. `limit`: at most so many; 0: all.
model::Result<std::vector<Regex::Found>> all_matches(const Regex& regex, const std::u16string& text, std::int32_t from, std::size_t limit) {
  std::vector<Regex::Found> all;
  while (from <= static_cast<std::int32_t>(text.size())) {
    CROSSFADE_TRY(auto found, regex.find(text, from));
    if (!found) break;
    const Regex::Span whole = found->front();
    all.push_back(*std::move(found));
    if (all.size() == limit) break;
    const bool pair = whole.end < static_cast<std::int32_t>(text.size()) && (text[static_cast<std::size_t>(whole.end)] & 0xfc00U) == 0xd800U;  // a character of two units
    from = whole.end > whole.begin ? whole.end : whole.end + (pair ? 2 : 1);
  }
  return all;
}

/// The text with `replacement` in the place of each of `all`.
std::string replaced(const std::u16string& text, std::span<const Regex::Found> all, const std::u16string& replacement) {
  std::u16string out;
  std::int32_t at = 0;
  for (const Regex::Found& found : all) {
    out += slice(text, {at, found.front().begin});
    for (std::size_t i = 0; i < replacement.size(); ++i) {
      const char16_t next = i + 1 < replacement.size() ? replacement[i + 1] : u'\0';
      const bool group = next >= u'1' && next <= u'9', whole = next == u'&';
      if (replacement[i] != u'\\' || !(group || whole || next == u'\\')) {
        out += replacement[i];
        continue;
      }
      ++i;
      const auto index = whole ? 0U : static_cast<std::size_t>(next - u'0');
      if (next == u'\\') out += u'\\';
      else if (index < found.size() && found[index].begin >= 0) out += slice(text, found[index]);
    }
    at = found.front().end;
  }
  out += slice(text, {at, static_cast<std::int32_t>(text.size())});
  return to_utf8(out);
}

/// crossfade_regexp_replace(text, pattern, replacement, flags)
Answer regexp_replace(const Call& call) {
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 3, options));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, 0, options.global ? 0 : 1));
  return replaced(text, all, to_utf16(call.text(2)));
}

std::unexpected<model::Error> bad_parameter(std::string_view name, std::int64_t value) {
  return model::fail("22023"_state, "invalid value for parameter \"" + std::string{name} + "\": " + std::to_string(value));
}

/// Where the character `start`, counted from 1, is in UTF-16; behind the end where there are fewer.
std::int32_t unit_of(const std::u16string& text, std::int64_t start) {
  std::size_t at = 0;
  for (; start > 1; --start) {
    if (at >= text.size()) return static_cast<std::int32_t>(text.size()) + 1;
    at += (text[at] & 0xfc00U) == 0xd800U && at + 1 < text.size() ? 2 : 1;
  }
  return static_cast<std::int32_t>(at);
}
/// The other way round.
std::int64_t character_at(const std::u16string& text, std::int32_t unit) {
  std::int64_t count = 1;
  for (std::int32_t at = 0; at < unit; ++at) count += (text[static_cast<std::size_t>(at)] & 0xfc00U) == 0xdc00U ? 0 : 1;
  return count;
}

/// crossfade_regexp_replace_nth(text, pattern, replacement, start [, n [, flags]]): n 0 is every match.
Answer regexp_replace_nth(const Call& call) {
  Regex::Options options;
  const std::int64_t start = call.integer(3), nth = call.size() > 4 ? call.integer(4) : 1;
  if (start <= 0) return bad_parameter("start", start);
  if (nth < 0) return bad_parameter("n", nth);
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 5, options));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, unit_of(text, start), static_cast<std::size_t>(nth)));
  if (nth == 0) return replaced(text, all, to_utf16(call.text(2)));
  if (static_cast<std::int64_t>(all.size()) < nth) return call.string(0);
  return replaced(text, {&all.back(), 1}, to_utf16(call.text(2)));
}

/// crossfade_regexp_count(text, pattern [, start [, flags]])
Answer regexp_count(const Call& call) {
  const std::int64_t start = call.size() > 2 ? call.integer(2) : 1;
  if (start <= 0) return bad_parameter("start", start);
  CROSSFADE_TRY(const auto regex, regex_for(call, 3, "regexp_count"));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, unit_of(text, start), 0));
  return static_cast<std::int64_t>(all.size());
}

/// The n-th match from `start` on, or its part `part` (0: the whole); nothing where there is none.
model::Result<std::optional<Regex::Span>> nth_match(const Regex& regex, const std::u16string& text, std::int64_t start, std::int64_t nth, std::int64_t part) {
  CROSSFADE_TRY(const auto all, all_matches(regex, text, unit_of(text, start), static_cast<std::size_t>(nth)));
  const auto parts = static_cast<std::int64_t>(part > 0 && regex.groups() > 0 ? regex.groups() : 1);
  if (static_cast<std::int64_t>(all.size()) < nth || part > parts) return std::optional<Regex::Span>{};
  const Regex::Span span = all.back()[regex.groups() > 0 ? static_cast<std::size_t>(part) : 0];
  return span.begin < 0 ? std::optional<Regex::Span>{} : std::optional{span};
}

/// crossfade_regexp_instr(text, pattern [, start [, n [, at the end [, flags [, part]]]]])
Answer regexp_instr(const Call& call) {
  const auto given = [&](std::size_t index, std::int64_t otherwise) { return call.size() > index ? call.integer(index) : otherwise; };
  const std::int64_t start = given(2, 1), nth = given(3, 1), at_end = given(4, 0), part = given(6, 0);
  if (start <= 0) return bad_parameter("start", start);
  if (nth <= 0) return bad_parameter("n", nth);
  if (at_end != 0 && at_end != 1) return bad_parameter("endoption", at_end);
  if (part < 0) return bad_parameter("subexpr", part);
  CROSSFADE_TRY(const auto regex, regex_for(call, 5, "regexp_instr"));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto span, nth_match(*regex, text, start, nth, part));
  return span ? character_at(text, at_end == 1 ? span->end : span->begin) : std::int64_t{0};
}

/// crossfade_regexp_substr(text, pattern [, start [, n [, flags [, part]]]])
Answer regexp_substr(const Call& call) {
  const auto given = [&](std::size_t index, std::int64_t otherwise) { return call.size() > index ? call.integer(index) : otherwise; };
  const std::int64_t start = given(2, 1), nth = given(3, 1), part = given(5, 0);
  if (start <= 0) return bad_parameter("start", start);
  if (nth <= 0) return bad_parameter("n", nth);
  if (part < 0) return bad_parameter("subexpr", part);
  CROSSFADE_TRY(const auto regex, regex_for(call, 4, "regexp_substr"));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto span, nth_match(*regex, text, start, nth, part));
  if (!span) return model::Null{};
  return to_utf8(slice(text, *span));
}

/// substring(text FROM pattern): the first group, else the whole.
Answer regexp_substring(const Call& call) {
  CROSSFADE_TRY(const auto regex, Regex::compile(call.text(1), {}));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto found, regex->find(text, 0));
  if (!found) return model::Null{};
  const Regex::Span span = (*found)[found->size() > 1 ? 1 : 0];
  if (span.begin < 0) return model::Null{};
  return to_utf8(slice(text, span));
}

/// crossfade_similar_escape(pattern, escape): the regular expression that PostgreSQL makes of it.
Answer similar_escape(const Call& call) {
  CROSSFADE_TRY(const SimilarPattern pattern, similar_pattern(call.text(0), call.text(1)));
  return pattern.text();
}

/// Whether every group of a part of a pattern ends in it.
bool is_balanced(std::string_view part) {
  int depth = 0;
  bool set = false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '\\') ++i;
    else if (set) set = part[i] != ']';
    else if (part[i] == '[') set = true;
    else if (part[i] == '(') ++depth;
    else if (part[i] == ')' && --depth < 0) return false;
  }
  return depth == 0;
}

/// crossfade_similar_substring(text, pattern, escape): of a pattern in parts, what the second matches; the first takes as little as it can, the
/// second as much.
Answer similar_substring(const Call& call) {
  CROSSFADE_TRY(const SimilarPattern pattern, similar_pattern(call.text(1), call.text(2)));
  CROSSFADE_TRY(const auto whole, Regex::compile(pattern.text(), {}));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const bool fits, whole->matches(text));
  if (!fits) return model::Null{};
  if (pattern.parts.size() == 1) return call.string(0);
  if (!std::ranges::all_of(pattern.parts, is_balanced)) {
    return model::fail("0A000"_state, "a group that a separator of SIMILAR cuts is not supported on SQLite", {}, "It works in the stage \"postgres\".");
  }
  constexpr std::size_t kMost = 1'000;
  if (text.size() > kMost) return model::fail("0A000"_state, "substring(… SIMILAR …) of so long a text is not supported on SQLite", {}, "It works in the stage \"postgres\".");
  std::vector<std::shared_ptr<const Regex>> parts;
  for (const std::string& part : pattern.parts) {
    CROSSFADE_TRY(auto regex, Regex::compile(SimilarPattern{{part}}.text(), {}));
    parts.push_back(std::move(regex));
  }
  for (std::size_t first = 0; first <= text.size(); ++first) {
    CROSSFADE_TRY(const bool begins, parts[0]->matches(text.substr(0, first)));
    if (!begins) continue;
    for (std::size_t end = text.size() + 1; end-- > first;) {
      if (parts.size() == 2 && end != text.size()) break;
      CROSSFADE_TRY(const bool middle, parts[1]->matches(text.substr(first, end - first)));
      if (!middle) continue;
      const bool last = parts.size() == 2;
      CROSSFADE_TRY(const bool rest, last ? model::Result<bool>{true} : parts[2]->matches(text.substr(end)));
      if (rest) return to_utf8(std::u16string_view{text}.substr(first, end - first));
    }
  }
  return model::Null{};
}

model::Value groups_of(const Regex::Found& found, const std::u16string& text) {
  model::Array array;
  for (std::size_t i = found.size() > 1 ? 1 : 0; i < found.size(); ++i) {
    if (found[i].begin < 0) array.elements.emplace_back(model::Null{});
    else array.elements.emplace_back(to_utf8(slice(text, found[i])));
  }
  array.dimensions = {{static_cast<std::int32_t>(array.elements.size()), 1}};
  return array;
}

const model::Type kTexts = *model::array_of({oid::text});

Answer regexp_match(const Call& call) {
  CROSSFADE_TRY(const auto regex, regex_for(call, 2, "regexp_match", "Use the regexp_matches function instead."));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto found, regex->find(text, 0));
  if (!found) return model::Null{};
  return to_runtime(groups_of(*found, text), kTexts);
}

Answer regexp_matches(const Call& call) {
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 2, options));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, 0, options.global ? 0 : 1));
  PackedRows rows;
  for (const Regex::Found& found : all) {
    CROSSFADE_TRY(const StorageValue value, to_runtime(groups_of(found, text), kTexts));
    rows.begin_row().add(value);
  }
  return rows.take();
}

/// The parts between the matches; an empty match splits between characters, not at the ends.
model::Result<std::vector<std::string>> split(const Call& call) {
  CROSSFADE_TRY(const auto regex, regex_for(call, 2, "regexp_split_to_table"));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, 0, 0));
  std::vector<std::string> parts;
  std::int32_t at = 0;
  const auto size = static_cast<std::int32_t>(text.size());
  for (const Regex::Found& found : all) {
    const Regex::Span span = found.front();
    const bool empty = span.begin == span.end;
    if (empty && (span.begin == at || span.begin == size)) continue;
    parts.push_back(to_utf8(slice(text, {at, span.begin})));
    at = span.end;
  }
  parts.push_back(to_utf8(slice(text, {at, size})));
  return parts;
}

Answer split_to_table(const Call& call) {
  CROSSFADE_TRY(const auto parts, split(call));
  PackedRows rows;
  for (const std::string& part : parts) rows.begin_row().add(part);
  return rows.take();
}

Answer split_to_array(const Call& call) {
  CROSSFADE_TRY(const auto parts, split(call));
  model::Array array;
  for (const std::string& part : parts) array.elements.emplace_back(part);
  array.dimensions = {{static_cast<std::int32_t>(parts.size()), 1}};
  return to_runtime(array, kTexts);
}

constexpr std::array kRegexFunctions{
    Function{"crossfade_regexp", 2, regex_matches},
    Function{"crossfade_regexp", 3, regex_matches},
    Function{"crossfade_similar", 2, similar},
    Function{"crossfade_similar", 3, similar},
    Function{"crossfade_similar_escape", 2, similar_escape},
    Function{"crossfade_similar_substring", 3, similar_substring},
    Function{"crossfade_regexp_replace", 3, regexp_replace},
    Function{"crossfade_regexp_replace", 4, regexp_replace},
    Function{"crossfade_regexp_substring", 2, regexp_substring},
    Function{"crossfade_regexp_match", 2, regexp_match},
    Function{"crossfade_regexp_match", 3, regexp_match},
    Function{"crossfade_regexp_matches", 2, regexp_matches},
    Function{"crossfade_regexp_matches", 3, regexp_matches},
    Function{"crossfade_regexp_split_to_table", 2, split_to_table},
    Function{"crossfade_regexp_split_to_table", 3, split_to_table},
    Function{"crossfade_regexp_split_to_array", 2, split_to_array},
    Function{"crossfade_regexp_split_to_array", 3, split_to_array},
    Function{"crossfade_regexp_count", -1, regexp_count},
    Function{"crossfade_regexp_instr", -1, regexp_instr},
    Function{"crossfade_regexp_substr", -1, regexp_substr},
    Function{"crossfade_regexp_replace_nth", -1, regexp_replace_nth},
};

}  // namespace

std::span<const Function> regex_functions() { return kRegexFunctions; }

}  // namespace crossfade::sqlite::functions
