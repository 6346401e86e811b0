#include "front.hpp"

#include "../tokens.hpp"
#include "classify.hpp"
#include "guarded_block.hpp"
#include "raw_parse.hpp"
#include "reader.hpp"

namespace crossfade::sql::postgres_front {
namespace {

/// libpg_query keeps a message but not its SQLSTATE: those of scan.l and gram.y that are not 42601.
struct MessageState { std::string_view part; std::string_view state; };
constexpr std::array kMessageStates{
    MessageState{"unsafe use of \\'", "22P06"},
    MessageState{"unsafe use of string constant with Unicode escapes", "0A000"},
    MessageState{"invalid Unicode escape value", "22025"},
    MessageState{"invalid byte sequence", "22021"},
    MessageState{"not yet implemented", "0A000"},
    MessageState{"constraints cannot be marked", "0A000"},
    MessageState{"is not supported", "0A000"},
    MessageState{"not supported on recursive views", "0A000"},
    MessageState{"out of memory", "53200"},
    MessageState{"frame start cannot be UNBOUNDED FOLLOWING", "42P20"},
    MessageState{"frame end cannot be UNBOUNDED PRECEDING", "42P20"},
    MessageState{"frame starting from ", "42P20"},
};

/// Later minor releases of PostgreSQL 15 show all of the word that follows a number, libpg_query its first letter.
std::string with_whole_junk(std::string message, std::string_view query, int position) {
  constexpr std::string_view kJunk = "trailing junk after numeric literal at or near \"";
  if (!message.starts_with(kJunk) || position <= 0) return message;
  const std::string_view shown = std::string_view{message}.substr(kJunk.size(), message.size() - kJunk.size() - 1);
  std::size_t begin = 0;
  for (int left = position - 1; left > 0 && begin < query.size(); --left) {
    ++begin;
    while (begin < query.size() && (static_cast<unsigned char>(query[begin]) & 0xc0) == 0x80) ++begin;
  }
  std::size_t end = begin + shown.size();
  const auto continues = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
  };
  if (query.substr(begin, shown.size()) != shown) return message;
  while (end < query.size() && continues(query[end])) ++end;
  return std::string{kJunk} + std::string{query.substr(begin, end - begin)} + "\"";
}

/// libpg_query leaves out the hints.
std::string hint_of(const PgQueryError& raw, std::string_view message) {
  if (message != "invalid Unicode escape") return {};
  const bool by_ampersand = raw.filename != nullptr && std::string_view{raw.filename}.contains("parser.c");  // U&'…' is taken apart there
  return by_ampersand ? "Unicode escapes must be \\XXXX or \\+XXXXXX." : "Unicode escapes must be \\uXXXX or \\UXXXXXXXX.";
}

model::Error error_of(const PgQueryError& raw, std::string_view query) {
  const std::string message = with_whole_junk(raw.message ? raw.message : "syntax error", query, raw.cursorpos);
  const auto* row = std::ranges::find_if(kMessageStates, [&](const MessageState& known) { return message.contains(known.part); });
  const std::string hint = hint_of(raw, message);
  const bool escape = hint.contains("uXXXX");  // of E'…'; of U&'…' it is a syntax error
  const std::string_view state = escape ? "22025" : row == kMessageStates.end() ? "42601" : row->state;
  return {.state = model::SqlState{state}, .message = message, .hint = hint,
          .position = raw.cursorpos > 0 ? static_cast<std::uint32_t>(raw.cursorpos) : 0};
}

struct Span { std::size_t begin, length; };

/// CREATE TEMP …, or in the schema pg_temp; whatever else the tree has no place for.
bool makes_temporary(const ::Node* node) {
  const auto temporary = [](const ::RangeVar* relation) {
    return relation != nullptr && (relation->relpersistence == 't' || text_of(relation->schemaname) == "pg_temp");
  };
  switch (static_cast<int>(tag_of(node))) {
    case T_CreateStmt: return temporary(as<::CreateStmt>(node)->relation);
    case T_CreateTableAsStmt: return temporary(as<::CreateTableAsStmt>(node)->into->rel);
    case T_ViewStmt: return temporary(as<::ViewStmt>(node)->view);
    case T_CreateSeqStmt: return temporary(as<::CreateSeqStmt>(node)->sequence);
    case T_SelectStmt: {
      const ::IntoClause* into = first_arm(as<::SelectStmt>(node))->intoClause;
      return into != nullptr && temporary(into->rel);
    }
    default: return false;
  }
}

/// Where a statement's own text is, without the space around it.
Span span_of(const ::RawStmt* raw, std::string_view query) {
  const auto begin = static_cast<std::size_t>(std::max(raw->stmt_location, 0));
  const std::size_t length = raw->stmt_len > 0 ? static_cast<std::size_t>(raw->stmt_len) : query.size() - begin;
  const std::string_view text = query.substr(begin, length);
  static constexpr std::string_view kSpace = " \t\n\r\f\v";
  const std::size_t first = std::min(text.find_first_not_of(kSpace), text.size());
  const std::size_t last = text.find_last_not_of(kSpace);
  return {begin + first, last == std::string_view::npos ? 0 : last + 1 - first};
}

/// DO around one statement that changes the schema is that statement, under its own text and tag; translate() knows the errors that count
/// for nothing. nullopt: another block.
std::optional<Parsed> read_block(const std::string& text) {
  const auto body = block_body(text);
  const auto block = body ? read_guarded_block(*body) : std::nullopt;
  if (!block) return std::nullopt;
  const auto inner = sql::parse(block->statement, Dialect::postgres);
  constexpr std::array kSchema{Kind::create_table, Kind::create_index, Kind::create_view, Kind::alter_table, Kind::drop, Kind::other_ddl};
  if (plan::fold(block->statement).contains("concurrently")) return std::nullopt;  // 25001 in a block
  // SELECT … INTO says a variable there.
  if (!inner || inner->size() != 1 || inner->front().command_tag == "DO" || inner->front().command_tag.starts_with("SELECT") ||
      std::ranges::find(kSchema, inner->front().kind) == kSchema.end()) return std::nullopt;
  Parsed out = inner->front();
  Tree tree = *out.tree;
  tree.fingerprint = fingerprint(text);
  out.tree = std::make_shared<const Tree>(std::move(tree));
  out.text = text;
  out.command_tag = "DO";
  return out;
}

model::Result<Parsed> read_statement(const ::RawStmt* raw, const Characters& characters) {
  const Span span = span_of(raw, characters.text());
  if (tag_of(raw->stmt) == T_DoStmt) {
    if (auto block = read_block(std::string{characters.text().substr(span.begin, span.length)})) {
      block->offset = characters.before(span.begin);
      return *std::move(block);
    }
  }
  Class found = classify(raw->stmt);
  Parsed out{.kind = found.kind, .text = std::string{characters.text().substr(span.begin, span.length)},
             .offset = characters.before(span.begin), .command_tag = std::move(found.tag)};
  Reader reader{characters, span.begin};
  Tree tree{.statement = reader.statement(raw->stmt), .fingerprint = fingerprint(out.text)};
  tree.highest_parameter = reader.highest_parameter();
  out.temporary = makes_temporary(raw->stmt);
  std::optional<model::Error> refusal = reader.refusal();
  if (refusal && refusal->state.family() == "54") return std::unexpected(std::move(*refusal));

  auto control = read_control(raw->stmt);
  if (control) {
    out.control = std::move(*control);
  } else {
    refusal = std::move(control).error();
    out.kind = Kind::unsupported;
  }
  if (refusal) tree.statement = {Refused{std::move(*refusal), reader.needs(raw->stmt)}};
  out.tree = std::make_shared<const Tree>(std::move(tree));
  return out;
}

}  // namespace

model::Result<std::vector<Parsed>> parse(std::string_view query) {
  const std::string terminated{query};
  const RawParse raw{terminated.c_str()};
  if (raw.error() != nullptr) return std::unexpected(error_of(*raw.error(), query));

  const Characters characters{query};
  std::vector<Parsed> out;
  for (const ::RawStmt* statement : Nodes<::RawStmt>{raw.tree()}) {
    CROSSFADE_TRY(Parsed parsed, read_statement(statement, characters));
    out.push_back(std::move(parsed));
  }
  return out;
}

}  // namespace crossfade::sql::postgres_front
