#include "crossfade/sql/session_statements.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "characters.hpp"
#include "tokens.hpp"

namespace crossfade::sql {
namespace {

using namespace model::literals;

constexpr std::size_t kLongestName = 63;

std::string folded(std::string_view word) {
  std::string out{word};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

/// An identifier as PostgreSQL keeps it.
std::string name_of(const Token& token) {
  std::string name;
  if (token.kind == Token::Kind::quoted_name) {
    const std::string_view inside = token.text.substr(1, token.text.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
      name += inside[i];
      if (inside[i] == '"') ++i;
    }
  } else {
    name = folded(token.text);
  }
  std::size_t length = std::min(name.size(), kLongestName);
  while (length < name.size() && length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U) --length;
  name.resize(length);
  return name;
}

/// The tokens of a statement, without the end.
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  Tokens tokens{text};
  for (Token token = tokens.next(); token.kind != Token::Kind::end; token = tokens.next()) out.push_back(token);
  return out;
}

bool is_word(const Token& token, std::string_view word) { return token.kind == Token::Kind::word && folded(token.text) == word; }
bool is_symbol(const Token& token, char symbol) { return token.kind == Token::Kind::symbol && token.text.front() == symbol; }
std::size_t begin_of(const Token& token, std::string_view text) { return static_cast<std::size_t>(token.text.data() - text.data()); }
std::size_t end_of(const Token& token, std::string_view text) { return begin_of(token, text) + token.text.size(); }

/// The index of the first `word` from `from` on; the grammar says that it is there.
std::size_t find_word(std::span<const Token> tokens, std::string_view word, std::size_t from) {
  std::size_t i = from;
  while (i + 1 < tokens.size() && !is_word(tokens[i], word)) ++i;
  return i;
}

/// The parts between commas of what the parentheses that open at `open` hold. Views of the text; `close`: the token that closes them.
struct Parts { std::vector<std::string_view> parts; std::size_t close = 0; };
Parts parts_of(std::span<const Token> tokens, std::size_t open, std::string_view text) {
  Parts out;
  std::size_t begin = end_of(tokens[open], text);
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (is_symbol(tokens[i], '(') || is_symbol(tokens[i], '[')) ++depth;
    const bool closes = is_symbol(tokens[i], ')') || is_symbol(tokens[i], ']');
    if (closes) --depth;
    if ((closes && depth == 0) || (depth == 1 && is_symbol(tokens[i], ','))) {
      out.parts.push_back(text.substr(begin, begin_of(tokens[i], text) - begin));
      begin = end_of(tokens[i], text);
    }
    out.close = i;
    if (depth == 0) break;
  }
  return out;
}

/// What follows token `before`, and where it begins in characters.
struct Rest { std::string text; std::uint32_t offset; };
Rest rest_after(std::span<const Token> tokens, std::size_t before, std::string_view text) {
  const std::size_t begin = before + 1 < tokens.size() ? begin_of(tokens[before + 1], text) : text.size();
  return {std::string{text.substr(begin)}, Characters{text}.before(begin)};
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\f\v");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1);
}

model::Result<model::Oid> type_named(std::string_view written, std::string_view text, const plan::Schema* schema) {
  written = trimmed(written);
  std::string_view name = written;
  if (folded(name).starts_with("pg_catalog.")) name.remove_prefix(std::string_view{"pg_catalog."}.size());
  if (const auto type = model::parse_type(name)) return type->oid;
  std::string own = name.starts_with('"') && name.ends_with('"') && name.size() > 2 ? std::string{name.substr(1, name.size() - 2)} : folded(name);
  if (own.starts_with("public.")) own.erase(0, std::string_view{"public."}.size());
  if (const auto found = schema ? schema->named_types.find(own) : decltype(schema->named_types.end()){}; schema && found != schema->named_types.end()) {
    if (found->second.kind == plan::NamedType::Kind::enumeration) return found->second.oid;
    return model::fail("0A000"_state, "a parameter of domain \"" + own + "\" is not supported on SQLite", {}, "A parameter of the domain's own type works.");
  }
  const std::size_t point = name.find('.');
  const std::string what = point == std::string_view::npos ? "type \"" + std::string{name} + "\""
                                                            : "schema \"" + folded(name.substr(0, point)) + "\"";
  const auto position = Characters{text}.before(static_cast<std::size_t>(written.data() - text.data())) + 1;
  return model::fail(point == std::string_view::npos ? "42704"_state : "3F000"_state, what + " does not exist", {}, {}, position);
}

std::int64_t count_of(std::span<const Token> tokens) {
  const bool negative = is_symbol(tokens.front(), '-');
  const std::string_view digits = tokens.back().text;
  std::int64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return negative ? -count : count;
}

using Direction = FetchStatement::Direction;
/// The words that begin FETCH's direction. `counted`: a number or ALL may follow.
struct DirectionRow { std::string_view word; Direction direction; std::int64_t count; bool counted; };
constexpr std::array kDirections{
    DirectionRow{"next", Direction::forward, 1, false},      DirectionRow{"prior", Direction::backward, 1, false},
    DirectionRow{"first", Direction::absolute, 1, false},    DirectionRow{"last", Direction::absolute, -1, false},
    DirectionRow{"absolute", Direction::absolute, 1, true},  DirectionRow{"relative", Direction::relative, 1, true},
    DirectionRow{"forward", Direction::forward, 1, true},    DirectionRow{"backward", Direction::backward, 1, true},
    DirectionRow{"all", Direction::forward, kAllRows, false},
};

}  // namespace

model::Result<PrepareStatement> read_prepare(const Parsed& statement, const plan::Schema* schema) {
  const std::string_view text = statement.text;
  const std::vector<Token> tokens = tokens_of(text);
  PrepareStatement out{.name = name_of(tokens[1])};
  std::size_t as = 2;
  if (is_symbol(tokens[2], '(')) {
    const Parts types = parts_of(tokens, 2, text);
    for (const std::string_view type : types.parts) {
      CROSSFADE_TRY(const model::Oid oid, type_named(type, text, schema));
      out.types.push_back(oid);
    }
    as = types.close + 1;
  }
  Rest rest = rest_after(tokens, as, text);
  out.query = std::move(rest.text);
  out.offset = rest.offset;
  return out;
}

ExecuteStatement read_execute(const Parsed& statement) {
  const std::string_view text = statement.text;
  const std::vector<Token> tokens = tokens_of(text);
  ExecuteStatement out{.name = name_of(tokens[1])};
  if (tokens.size() < 3) return out;
  const Parts arguments = parts_of(tokens, 2, text);
  const std::size_t begin = end_of(tokens[2], text);
  out.arguments = text.substr(begin, begin_of(tokens[arguments.close], text) - begin);
  out.count = arguments.parts.size();
  out.offset = Characters{text}.before(begin);
  return out;
}

model::Result<DeclareStatement> read_declare(const Parsed& statement) {
  using Scroll = DeclareStatement::Scroll;
  const std::string_view text = statement.text;
  const std::vector<Token> tokens = tokens_of(text);
  DeclareStatement out{.name = name_of(tokens[1])};
  const std::size_t cursor = find_word(tokens, "cursor", 2);
  bool scroll = false, no_scroll = false, asensitive = false;
  for (std::size_t i = 2; i < cursor; ++i) {
    const bool negated = is_word(tokens[i - 1], "no") && i > 2;
    if (is_word(tokens[i], "scroll")) (negated ? no_scroll : scroll) = true;
    out.binary = out.binary || is_word(tokens[i], "binary");
    out.insensitive = out.insensitive || is_word(tokens[i], "insensitive");
    asensitive = asensitive || is_word(tokens[i], "asensitive");
  }
  if (scroll && no_scroll) return model::fail("42P11"_state, "cannot specify both SCROLL and NO SCROLL");
  if (asensitive && out.insensitive) return model::fail("42P11"_state, "cannot specify both ASENSITIVE and INSENSITIVE");
  out.scroll = scroll ? Scroll::yes : no_scroll ? Scroll::no : Scroll::automatic;
  const std::size_t with = cursor + 1;
  out.hold = with + 1 < tokens.size() && is_word(tokens[with], "with");
  Rest rest = rest_after(tokens, find_word(tokens, "for", cursor), text);
  out.query = std::move(rest.text);
  out.offset = rest.offset;
  return out;
}

FetchStatement read_fetch(const Parsed& statement) {
  const std::vector<Token> tokens = tokens_of(statement.text);
  FetchStatement out{.name = name_of(tokens.back()), .move = is_word(tokens.front(), "move")};
  std::span<const Token> words{tokens.data() + 1, tokens.size() - 2};  // the direction: between the verb and the name
  if (!words.empty() && (is_word(words.back(), "from") || is_word(words.back(), "in"))) words = words.first(words.size() - 1);
  if (words.empty()) return out;
  const auto row = std::ranges::find_if(kDirections, [&](const DirectionRow& known) { return is_word(words.front(), known.word); });
  if (row == kDirections.end()) {
    out.count = count_of(words);
    return out;
  }
  out.direction = row->direction;
  out.count = row->count;
  if (!row->counted || words.size() == 1) return out;
  out.count = is_word(words[1], "all") ? kAllRows : count_of(words.subspan(1));
  return out;
}

CursorVerb cursor_verb(const Parsed& statement) {
  if (statement.command_tag == "DECLARE CURSOR") return CursorVerb::declare;
  if (statement.command_tag == "FETCH") return CursorVerb::fetch;
  return statement.command_tag == "MOVE" ? CursorVerb::move : CursorVerb::close;
}

}  // namespace crossfade::sql
