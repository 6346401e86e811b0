#include "regex.hpp"

#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include <map>

#include "function_error.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

struct Regex::Compiled {
  URegularExpression* expression = nullptr;
  ~Compiled() { uregex_close(expression); }
};

Regex::~Regex() = default;

std::u16string to_utf16(std::string_view text) {
  std::u16string out(text.size(), u'\0');
  UErrorCode code = U_ZERO_ERROR;
  std::int32_t length = 0;
  u_strFromUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(), static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &code);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string to_utf8(std::u16string_view text) {
  std::string out(text.size() * 3, '\0');
  UErrorCode code = U_ZERO_ERROR;
  std::int32_t length = 0;
  u_strToUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(), static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &code);
  out.resize(static_cast<std::size_t>(length));
  return out;
}

model::Result<Regex::Options> Regex::options(std::string_view flags) {
  Options out;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    switch (flags[i]) {
      case 'g': out.global = true; break;
      case 'i': out.ignore_case = true; break;
      case 'c': out.ignore_case = false; break;
      case 'm':
      case 'n': out.newline = out.dot_stops = true; break;
      case 'p': out.dot_stops = true, out.newline = false; break;
      case 'w': out.newline = true, out.dot_stops = false; break;
      case 's': out.newline = out.dot_stops = false; break;
      case 'q': out.literal = true; break;
      case 'x': out.extended = true; break;
      case 't': out.extended = false; break;
      case 'b':
      case 'e': return model::fail("0A000"_state, "regular expression option \"" + std::string(1, flags[i]) + "\" is not supported on SQLite");
      default: return model::fail("22023"_state, "invalid regular expression option: \"" + std::string(1, flags[i]) + "\"");
    }
  }
  return out;
}

model::Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern, const Options& given) {
  Options wanted = given;
  if (!given.literal && pattern.starts_with("***:(?")) pattern.remove_prefix(4);
  if (!given.literal && pattern.starts_with("(?") && pattern.size() > 2 && pattern[2] >= 'a' && pattern[2] <= 'z') {
    const std::size_t end = pattern.find(')');
    if (end == std::string_view::npos) return model::fail("2201B"_state, "invalid regular expression: parentheses () not balanced");
    CROSSFADE_TRY(const Options written, options(pattern.substr(2, end - 2)));
    wanted.ignore_case = wanted.ignore_case || written.ignore_case;
    wanted.newline = wanted.newline || written.newline;
    wanted.dot_stops = wanted.dot_stops || written.dot_stops;
    wanted.extended = wanted.extended || written.extended;
    wanted.literal = wanted.literal || written.literal;
    pattern.remove_prefix(end + 1);
  }
  using Key = std::pair<std::string, int>;
  const int bits = wanted.ignore_case | wanted.newline << 1 | wanted.dot_stops << 2 | wanted.literal << 3 | wanted.extended << 4;
  thread_local std::map<Key, std::shared_ptr<const Regex>> known;
  Key key{std::string{pattern}, bits};
  if (const auto found = known.find(key); found != known.end()) return found->second;
  CROSSFADE_TRY(const IcuPattern icu, translate_regex(pattern, wanted));
  const std::u16string text = to_utf16(icu.text);
  UErrorCode code = U_ZERO_ERROR;
  UParseError place{};
  auto made = std::shared_ptr<Regex>(new Regex);
  made->compiled_ = std::make_unique<Compiled>();
  made->compiled_->expression = uregex_open(text.data(), static_cast<std::int32_t>(text.size()), wanted.ignore_case ? UREGEX_CASE_INSENSITIVE : 0, &place, &code);
  if (U_FAILURE(code)) return model::fail("2201B"_state, "invalid regular expression: " + std::string{u_errorName(code)});
  constexpr std::int32_t kMostSteps = 100'000;  // of thousands of steps each: some seconds
  uregex_setTimeLimit(made->compiled_->expression, kMostSteps, &code);
  uregex_setMatchCallback(made->compiled_->expression, [](const void*, std::int32_t) -> UBool { return !asked_to_stop(); }, nullptr, &code);
  made->groups_ = icu.groups;
  made->prefers_ = icu.lazy && icu.greedy ? Prefers::mixed : icu.lazy ? Prefers::shortest : Prefers::longest;
  made->ambiguous_ = icu.ambiguous || icu.lazy;
  constexpr std::size_t kKept = 64;
  if (known.size() >= kKept) known.clear();
  known.emplace(std::move(key), made);
  return std::shared_ptr<const Regex>{made};
}

namespace {

std::unexpected<model::Error> failed_match(UErrorCode code) {
  if (code == U_REGEX_STOPPED_BY_CALLER) return std::unexpected(stopped());
  return model::fail("54001"_state, "regular expression is too complex", "ICU says " + std::string{u_errorName(code)} + ".");
}

}  // namespace

model::Result<bool> Regex::matches(const std::u16string& text) const {
  UErrorCode code = U_ZERO_ERROR;
  uregex_setText(compiled_->expression, text.data(), static_cast<std::int32_t>(text.size()), &code);
  const bool found = uregex_find(compiled_->expression, 0, &code) != 0;
  if (U_FAILURE(code)) return failed_match(code);
  return found;
}

model::Result<std::optional<Regex::Found>> Regex::find(const std::u16string& text, std::int32_t from) const {
  if (prefers_ == Prefers::mixed) {
    return model::fail("0A000"_state, "greedy and non-greedy quantifiers in one regular expression are not supported on SQLite where the place of the match counts");
  }
  URegularExpression* const expression = compiled_->expression;
  const auto size = static_cast<std::int32_t>(text.size());
  UErrorCode code = U_ZERO_ERROR;
  uregex_setText(expression, text.data(), size, &code);
  uregex_useAnchoringBounds(expression, 0, &code);
  uregex_useTransparentBounds(expression, 1, &code);
  uregex_setRegion(expression, from, size, &code);
  if (!uregex_findNext(expression, &code)) {
    if (U_FAILURE(code)) return failed_match(code);
    return std::optional<Found>{};
  }
  const std::int32_t begin = uregex_start(expression, 0, &code), first = uregex_end(expression, 0, &code);
  constexpr std::int32_t kExhaustive = 10'000;
  if (ambiguous_ && size - begin <= kExhaustive) {
    const bool shortest = prefers_ == Prefers::shortest;
    const std::int32_t step = shortest ? 1 : -1, last = shortest ? first : first - 1;
    for (std::int32_t end = shortest ? begin : size; end != last + (shortest ? 1 : 0); end += step) {
      uregex_setRegion(expression, begin, end, &code);
      if (uregex_matches(expression, -1, &code)) break;
      if (U_FAILURE(code)) return failed_match(code);
      if (end == first) break;
    }
  }
  Found found;
  for (std::size_t i = 0; i <= groups_; ++i) {
    UErrorCode none = U_ZERO_ERROR;
    found.push_back({uregex_start(expression, static_cast<std::int32_t>(i), &none), uregex_end(expression, static_cast<std::int32_t>(i), &none)});
  }
  if (found.front().begin < 0) found.front() = {begin, first};
  return std::optional{std::move(found)};
}

}  // namespace crossfade::sqlite::functions
