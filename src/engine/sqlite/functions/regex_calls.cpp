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

/// crossfade_regexp(text, pattern, flags)
Answer regex_matches(const Call& call) {
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 2, options));
  if (options.global) return model::fail("22023"_state, "regexp_like() does not support the \"global\" option");
  CROSSFADE_TRY(const bool matched, regex->matches(to_utf16(call.text(0))));
  return std::int64_t{matched};
}

/// crossfade_similar(text, pattern [, escape])
Answer similar(const Call& call) {
  CROSSFADE_TRY(const std::string pattern, similar_pattern(call.text(1), call.size() > 2 ? call.text(2) : "\\"));
  CROSSFADE_TRY(const auto regex, Regex::compile(pattern, {}));
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

/// crossfade_regexp_replace(text, pattern, replacement, flags)
Answer regexp_replace(const Call& call) {
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 3, options));
  const std::u16string text = to_utf16(call.text(0));
  CROSSFADE_TRY(const auto all, all_matches(*regex, text, 0, options.global ? 0 : 1));
  const std::u16string replacement = to_utf16(call.text(2));
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
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 2, options));
  if (options.global) {
    return model::fail("22023"_state, "regexp_match() does not support the \"global\" option", {}, "Use the regexp_matches function instead.");
  }
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
  Regex::Options options;
  CROSSFADE_TRY(const auto regex, regex_of(call, 1, 2, options));
  if (options.global) return model::fail("22023"_state, "regexp_split_to_table() does not support the \"global\" option");
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

Answer regexp_count(const Call& call) {
  CROSSFADE_TRY(const auto regex, Regex::compile(call.text(1), {}));
  CROSSFADE_TRY(const auto all, all_matches(*regex, to_utf16(call.text(0)), 0, 0));
  return static_cast<std::int64_t>(all.size());
}

constexpr std::array kRegexFunctions{
    Function{"crossfade_regexp", 2, regex_matches},
    Function{"crossfade_regexp", 3, regex_matches},
    Function{"crossfade_similar", 2, similar},
    Function{"crossfade_similar", 3, similar},
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
    Function{"crossfade_regexp_count", 2, regexp_count},
};

}  // namespace

std::span<const Function> regex_functions() { return kRegexFunctions; }

}  // namespace crossfade::sqlite::functions
