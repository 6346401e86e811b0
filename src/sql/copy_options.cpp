#include "copy_options.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace crossfade::sql {

using namespace model::literals;
using model::CopyFormat;
using model::CopyHeader;

namespace {

using Option = Copy::Option;

/// As the options say it, before the defaults.
struct Given {
  const Copy* copy = nullptr;
  CopySettings settings;
  std::optional<std::string> delimiter, null, quote, escape;
};

std::unexpected<model::Error> bad(const Option& option, model::SqlState state, std::string message) {
  return model::fail(state, std::move(message), {}, {}, error_position(option.position));
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

model::Result<std::string> text_of(const Option& option) {
  if (option.kind == Option::Kind::none) return model::fail("42601"_state, option.name + " requires a parameter");
  return option.value;
}

std::optional<bool> boolean_of(const Option& option) {
  const std::string word = lower_case(option.value);
  if (option.kind == Option::Kind::none) return true;
  if (option.kind == Option::Kind::integer) return word == "1" ? std::optional(true) : word == "0" ? std::optional(false) : std::nullopt;
  if (word == "true" || word == "on") return true;
  if (word == "false" || word == "off") return false;
  return std::nullopt;
}

model::Result<void> read_format(Given& given, const Option& option) {
  CROSSFADE_TRY(const std::string name, text_of(option));
  struct Row { std::string_view name; CopyFormat format; };
  constexpr std::array kFormats{Row{"text", CopyFormat::text}, Row{"csv", CopyFormat::csv}, Row{"binary", CopyFormat::binary}};
  const auto* row = std::ranges::find(kFormats, name, &Row::name);
  if (row == kFormats.end()) return bad(option, "22023"_state, "COPY format \"" + name + "\" not recognized");
  given.settings.options.format = row->format;
  return {};
}

model::Result<void> read_freeze(Given& given, const Option& option) {
  const auto value = boolean_of(option);
  if (!value) return model::fail("42601"_state, option.name + " requires a Boolean value");
  given.settings.freeze = *value;
  return {};
}

model::Result<void> read_header(Given& given, const Option& option) {
  CopyHeader& header = given.settings.options.header;
  if (const auto value = boolean_of(option)) {
    header = *value ? CopyHeader::present : CopyHeader::none;
    return {};
  }
  if (option.kind == Option::Kind::integer || lower_case(option.value) != "match")
    return model::fail("42601"_state, option.name + " requires a Boolean value or \"match\"");
  if (!given.copy->from) return model::fail("0A000"_state, "cannot use \"" + option.value + "\" with HEADER in COPY TO");
  header = CopyHeader::match;
  return {};
}

template <std::optional<std::string> Given::* Member>
model::Result<void> read_text(Given& given, const Option& option) {
  CROSSFADE_TRY(given.*Member, text_of(option));
  return {};
}

template <ForcedColumns CopySettings::* Member>
model::Result<void> read_columns(Given& given, const Option& option) {
  ForcedColumns& columns = given.settings.*Member;
  const bool may_be_all = option.name == "force_quote";
  if (option.kind == Option::Kind::all && may_be_all) columns.all = true;
  else if (option.kind == Option::Kind::list) columns.names = option.names;
  else return bad(option, "22023"_state, "argument to option \"" + option.name + "\" must be a list of column names");
  return {};
}

/// Every name that PostgreSQL 15 takes for an encoding, without its punctuation. Source: its manual, "Supported Character Sets".
constexpr std::array<std::string_view, 81> kEncodings{
    "abc", "alt", "big5", "euccn", "eucjis2004", "eucjp", "euckr", "euctw", "gb18030", "gbk", "iso88591", "iso885910", "iso885913",
    "iso885914", "iso885915", "iso885916", "iso88592", "iso88593", "iso88594", "iso88595", "iso88596", "iso88597", "iso88598",
    "iso88599", "johab", "koi8", "koi8r", "koi8u", "latin1", "latin10", "latin2", "latin3", "latin4", "latin5", "latin6", "latin7",
    "latin8", "latin9", "mskanji", "muleinternal", "shiftjis", "shiftjis2004", "sjis", "sqlascii", "tcvn", "tcvn5712", "uhc",
    "unicode", "utf8", "vscii", "win", "win1250", "win1251", "win1252", "win1253", "win1254", "win1255", "win1256", "win1257",
    "win1258", "win866", "win874", "win932", "win936", "win949", "win950", "windows1250", "windows1251", "windows1252",
    "windows1253", "windows1254", "windows1255", "windows1256", "windows1257", "windows1258", "windows866", "windows874",
    "windows932", "windows936", "windows949", "windows950",
};

model::Result<void> read_encoding(Given&, const Option& option) {
  CROSSFADE_TRY(const std::string written, text_of(option));
  std::string name = lower_case(written);
  std::erase_if(name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')); });
  if (std::ranges::find(kEncodings, name) == kEncodings.end())
    return bad(option, "22023"_state, "argument to option \"" + option.name + "\" must be a valid encoding name");
  if (name == "utf8" || name == "unicode") return {};
  return model::fail("0A000"_state, "COPY with encoding \"" + written + "\" is not supported on SQLite", {},
                     "Convert the data to UTF8, or copy it in stage `postgres`.", error_position(option.position));
}

struct OptionReader { std::string_view name; model::Result<void> (*read)(Given&, const Option&); };
constexpr std::array kOptionReaders{
    OptionReader{"format", read_format},
    OptionReader{"freeze", read_freeze},
    OptionReader{"delimiter", read_text<&Given::delimiter>},
    OptionReader{"null", read_text<&Given::null>},
    OptionReader{"header", read_header},
    OptionReader{"quote", read_text<&Given::quote>},
    OptionReader{"escape", read_text<&Given::escape>},
    OptionReader{"force_quote", read_columns<&CopySettings::quote>},
    OptionReader{"force_not_null", read_columns<&CopySettings::not_null>},
    OptionReader{"force_null", read_columns<&CopySettings::null>},
    OptionReader{"encoding", read_encoding},
};

/// Options that do not go together, in PostgreSQL's order; `broken` looks at the defaults too. `%` stands for the delimiter.
struct Rule { bool (*broken)(const Given&); model::SqlState state; std::string_view message; };

bool binary(const Given& given) { return given.settings.options.format == CopyFormat::binary; }
bool csv(const Given& given) { return given.settings.options.format == CopyFormat::csv; }
std::string_view delimiter(const Given& given) { return *given.delimiter; }
bool has_line_end(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }
bool from(const Given& given) { return given.copy->from; }

constexpr std::array kBeforeDefaults{
    Rule{[](const Given& g) { return binary(g) && g.delimiter; }, "42601"_state, "cannot specify DELIMITER in BINARY mode"},
    Rule{[](const Given& g) { return binary(g) && g.null; }, "42601"_state, "cannot specify NULL in BINARY mode"},
};
constexpr std::string_view kNoDelimiters = "\\.abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::array kAfterDefaults{
    Rule{[](const Given& g) { return delimiter(g).size() != 1; }, "0A000"_state, "COPY delimiter must be a single one-byte character"},
    Rule{[](const Given& g) { return has_line_end(delimiter(g)); }, "22023"_state, "COPY delimiter cannot be newline or carriage return"},
    Rule{[](const Given& g) { return has_line_end(*g.null); }, "22023"_state, "COPY null representation cannot use newline or carriage return"},
    Rule{[](const Given& g) { return !csv(g) && kNoDelimiters.contains(delimiter(g)); }, "22023"_state, "COPY delimiter cannot be \"%\""},
    Rule{[](const Given& g) { return binary(g) && g.settings.options.header != CopyHeader::none; }, "0A000"_state,
         "cannot specify HEADER in BINARY mode"},
    Rule{[](const Given& g) { return !csv(g) && g.quote; }, "0A000"_state, "COPY quote available only in CSV mode"},
    Rule{[](const Given& g) { return csv(g) && g.quote && g.quote->size() != 1; }, "0A000"_state,
         "COPY quote must be a single one-byte character"},
    Rule{[](const Given& g) { return csv(g) && delimiter(g) == g.quote.value_or("\""); }, "22023"_state,
         "COPY delimiter and quote must be different"},
    Rule{[](const Given& g) { return !csv(g) && g.escape; }, "0A000"_state, "COPY escape available only in CSV mode"},
    Rule{[](const Given& g) { return csv(g) && g.escape && g.escape->size() != 1; }, "0A000"_state,
         "COPY escape must be a single one-byte character"},
    Rule{[](const Given& g) { return !csv(g) && g.settings.quote.given(); }, "0A000"_state, "COPY force quote available only in CSV mode"},
    Rule{[](const Given& g) { return from(g) && g.settings.quote.given(); }, "0A000"_state,
         "COPY force quote only available using COPY TO"},
    Rule{[](const Given& g) { return !csv(g) && g.settings.not_null.given(); }, "0A000"_state,
         "COPY force not null available only in CSV mode"},
    Rule{[](const Given& g) { return !from(g) && g.settings.not_null.given(); }, "0A000"_state,
         "COPY force not null only available using COPY FROM"},
    Rule{[](const Given& g) { return !csv(g) && g.settings.null.given(); }, "0A000"_state, "COPY force null available only in CSV mode"},
    Rule{[](const Given& g) { return !from(g) && g.settings.null.given(); }, "0A000"_state,
         "COPY force null only available using COPY FROM"},
    Rule{[](const Given& g) { return g.null->contains(delimiter(g)); }, "0A000"_state,
         "COPY delimiter must not appear in the NULL specification"},
    Rule{[](const Given& g) { return csv(g) && g.null->contains(g.quote.value_or("\"")); }, "0A000"_state,
         "CSV quote character must not appear in the NULL specification"},
};

model::Result<void> keep_rules(std::span<const Rule> rules, const Given& given) {
  for (const Rule& rule : rules) {
    if (!rule.broken(given)) continue;
    std::string message(rule.message);
    if (const std::size_t mark = message.find('%'); mark != std::string::npos) message.replace(mark, 1, *given.delimiter);
    return model::fail(rule.state, std::move(message));
  }
  return {};
}

}  // namespace

model::Result<CopySettings> read_copy_options(const Copy& copy) {
  Given given{.copy = &copy, .settings = {}, .delimiter = {}, .null = {}, .quote = {}, .escape = {}};
  std::set<std::string_view> seen;
  for (const Option& option : copy.options) {
    const auto* reader = std::ranges::find(kOptionReaders, option.name, &OptionReader::name);
    if (reader == kOptionReaders.end()) return bad(option, "42601"_state, "option \"" + option.name + "\" not recognized");
    if (!seen.insert(option.name).second) return bad(option, "42601"_state, "conflicting or redundant options");
    CROSSFADE_CHECK(reader->read(given, option));
  }
  CROSSFADE_CHECK(keep_rules(kBeforeDefaults, given));
  if (!given.delimiter) given.delimiter = csv(given) ? "," : "\t";
  if (!given.null) given.null = csv(given) ? "" : "\\N";
  CROSSFADE_CHECK(keep_rules(kAfterDefaults, given));
  model::CopyOptions& options = given.settings.options;
  options.delimiter = given.delimiter->front();
  options.null = *given.null;
  options.quote = given.quote.value_or("\"").front();
  options.escape = given.escape ? given.escape->front() : options.quote;
  return std::move(given.settings);
}

}  // namespace crossfade::sql
