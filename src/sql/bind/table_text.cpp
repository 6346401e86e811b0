#include "bind/table_text.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "crossfade/plan/plan.hpp"

namespace crossfade::sql {

namespace {


/// A word, a quoted name, a string or a symbol of SQLite's text, at [begin, end) of it.
struct DdlToken {
  enum class Sort : unsigned char { word, quoted, string, symbol } sort;
  std::string text;  // unquoted; words in lower case
  std::size_t begin, end;
  bool is(std::string_view word) const { return sort == Sort::word && text == word; }
  bool symbol(char c) const { return sort == Sort::symbol && text[0] == c; }
};
using DdlTokens = std::span<const DdlToken>;

bool ddl_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (c & 0x80) != 0;
}

std::size_t after_comment(std::string_view sql, std::size_t at) {
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  if (sql.substr(at, 2) != "/*") return at;
  const std::size_t end = sql.find("*/", at + 2);
  return end == std::string_view::npos ? sql.size() : end + 2;
}

DdlToken quoted_token(std::string_view sql, std::size_t at) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  DdlToken token{close == '\'' ? DdlToken::Sort::string : DdlToken::Sort::quoted, {}, at, at + 1};
  while (token.end < sql.size()) {
    const char c = sql[token.end++];
    const bool doubled = c == close && close != ']' && token.end < sql.size() && sql[token.end] == close;
    if (c == close && !doubled) break;
    if (doubled) ++token.end;
    token.text += c;
  }
  return token;
}

std::vector<DdlToken> ddl_tokens(std::string_view sql) {
  std::vector<DdlToken> tokens;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    if (const std::size_t after = after_comment(sql, at); after != at) {
      at = after;
    } else if (c == '"' || c == '`' || c == '[' || c == '\'') {
      tokens.push_back(quoted_token(sql, at));
      at = tokens.back().end;
    } else if (ddl_word(c)) {
      std::size_t end = at;
      while (end < sql.size() && ddl_word(sql[end])) ++end;
      std::string word{sql.substr(at, end - at)};
      for (char& each : word) each = each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
      tokens.push_back({DdlToken::Sort::word, std::move(word), at, end});
      at = end;
    } else {
      if (std::string_view{" \t\n\r\f"}.find(c) == std::string_view::npos) tokens.push_back({DdlToken::Sort::symbol, std::string(1, c), at, at + 1});
      ++at;
    }
  }
  return tokens;
}

/// Where the parenthesis at `open` closes, or the end.
std::size_t ddl_closing(DdlTokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].symbol('(')) ++depth;
    if (tokens[i].symbol(')') && --depth == 0) return i;
  }
  return tokens.size();
}

std::string_view part_text(std::string_view sql, DdlTokens tokens) {
  return tokens.empty() ? std::string_view{} : sql.substr(tokens.front().begin, tokens.back().end - tokens.front().begin);
}

struct PieceStart { std::string_view word; PieceKind kind; };
constexpr std::array kPieceStarts{
    PieceStart{"primary", PieceKind::primary_key}, PieceStart{"not", PieceKind::not_null},          PieceStart{"null", PieceKind::null},        PieceStart{"unique", PieceKind::unique},
    PieceStart{"check", PieceKind::check},         PieceStart{"default", PieceKind::default_},      PieceStart{"collate", PieceKind::collate},  PieceStart{"references", PieceKind::foreign_key},
    PieceStart{"generated", PieceKind::generated}, PieceStart{"as", PieceKind::generated},          PieceStart{"foreign", PieceKind::foreign_key},
};

/// The kind of the constraint that begins at `at`, if one does: NULL after SET and NOT DEFERRABLE belong to a REFERENCES, ALWAYS AS to GENERATED.
std::optional<PieceKind> start_at(DdlTokens tokens, std::size_t at) {
  if (at > 0 && (tokens[at - 1].is("set") || tokens[at - 1].is("not") || tokens[at - 1].is("always"))) return std::nullopt;
  if (tokens[at].is("references") && at > 0 && tokens[0].is("foreign")) return std::nullopt;
  if (tokens[at].is("not") && (at + 1 == tokens.size() || !tokens[at + 1].is("null"))) return std::nullopt;
  const auto* start = std::ranges::find_if(kPieceStarts, [&](const PieceStart& each) { return tokens[at].is(each.word); });
  return start == kPieceStarts.end() ? std::nullopt : std::optional{start->kind};
}

/// Where the next constraint begins at or after `at`, CONSTRAINT name included; parentheses are passed over.
std::size_t next_start(DdlTokens tokens, std::size_t at) {
  for (; at < tokens.size(); ++at) {
    if (tokens[at].symbol('(')) at = std::min(ddl_closing(tokens, at), tokens.size() - 1);
    else if (tokens[at].is("constraint") || start_at(tokens, at)) return at;
  }
  return tokens.size();
}

/// The first name of each part of "(a COLLATE x, b DESC)".
std::vector<std::string> listed_names(DdlTokens tokens) {
  const auto open = std::ranges::find_if(tokens, [](const DdlToken& token) { return token.symbol('('); });
  std::vector<std::string> names;
  if (open == tokens.end()) return names;
  const std::size_t begin = static_cast<std::size_t>(open - tokens.begin()), end = ddl_closing(tokens, begin);
  for (std::size_t i = begin + 1; i < end; ++i) {
    if (i == begin + 1 || tokens[i - 1].symbol(',')) names.push_back(tokens[i].text);
  }
  return names;
}

/// The constraints from `at` on; `column`: the name of the column they stand at, empty for the table's.
std::vector<TablePiece> read_pieces(std::string_view sql, DdlTokens tokens, std::size_t at, const std::string& column) {
  std::vector<TablePiece> pieces;
  while (at < tokens.size()) {
    TablePiece piece{PieceKind::check, {}, {}, {}, {}};
    if (tokens[at].is("constraint") && at + 2 < tokens.size()) {
      piece.name = tokens[at + 1].text;
      at += 2;
    }
    const auto kind = start_at(tokens.subspan(at), 0);
    if (!kind) break;
    piece.kind = *kind;
    // FOREIGN KEY (…) REFERENCES is one constraint.
    const std::size_t end = at + 1 + next_start(tokens.subspan(at), 1) - 1;
    const DdlTokens own = tokens.subspan(at, end - at);
    piece.text = part_text(sql, own);
    const bool keyed = piece.kind != PieceKind::check && piece.kind != PieceKind::generated;
    if (!column.empty()) piece.columns = {column};
    else if (keyed) piece.columns = listed_names(own);
    for (const DdlToken& token : own) {
      if (token.sort == DdlToken::Sort::word || token.sort == DdlToken::Sort::quoted) piece.words.push_back(plan::fold(token.text));
    }
    pieces.push_back(std::move(piece));
    at = end;
  }
  return pieces;
}

void read_definition(TableText& table, std::string_view sql, DdlTokens part) {
  if (part.empty()) return;
  const auto words = {"constraint", "primary", "unique", "check", "foreign"};
  if (std::ranges::any_of(words, [&](const char* word) { return part[0].is(word); })) {
    std::ranges::move(read_pieces(sql, part, 0, {}), std::back_inserter(table.constraints));
    return;
  }
  TableColumn column;
  column.spelled = sql.substr(part[0].begin, part[0].end - part[0].begin);
  column.name = part[0].sort == DdlToken::Sort::word ? column.spelled : part[0].text;
  const std::size_t begin = next_start(part, 1);
  column.type = part_text(sql, part.subspan(1, begin - 1));
  column.pieces = read_pieces(sql, part, begin, column.name);
  table.columns.push_back(std::move(column));
}

void print_piece(std::string& out, const TablePiece& piece) {
  if (!piece.name.empty()) {
    out += "CONSTRAINT \"";
    for (const char c : piece.name) out += c == '"' ? "\"\"" : std::string(1, c);
    out += "\" ";
  }
  out += piece.text;
}

}  // namespace

TablePiece* TableColumn::find(PieceKind kind) {
  const auto found = std::ranges::find(pieces, kind, &TablePiece::kind);
  return found == pieces.end() ? nullptr : &*found;
}

void TableColumn::erase(PieceKind kind) {
  std::erase_if(pieces, [&](const TablePiece& piece) { return piece.kind == kind; });
}

TableColumn* TableText::find(std::string_view name) {
  const auto found = std::ranges::find_if(columns, [&](const TableColumn& column) { return plan::fold(column.name) == plan::fold(name); });
  return found == columns.end() ? nullptr : &*found;
}

std::string TableText::print(std::string_view name, bool temporary) const {
  std::string out = temporary ? "CREATE TEMP TABLE " : "CREATE TABLE ";
  out += name;
  const char* separator = " (";
  for (const TableColumn& column : columns) {
    out += std::exchange(separator, ", ") + column.spelled + (column.type.empty() ? "" : " " + column.type);
    for (const TablePiece& piece : column.pieces) print_piece(out += ' ', piece);
  }
  for (const TablePiece& piece : constraints) print_piece(out += std::exchange(separator, ", "), piece);
  return out + ")" + (options.empty() ? "" : " " + options);
}

std::optional<TableText> read_table_text(std::string_view sql) {
  const std::vector<DdlToken> tokens = ddl_tokens(sql);
  const DdlTokens all{tokens};
  const auto open = std::ranges::find_if(all, [](const DdlToken& token) { return token.symbol('(') || token.is("as") || token.is("virtual"); });
  if (open == all.end() || !open->symbol('(')) return std::nullopt;
  const std::size_t begin = static_cast<std::size_t>(open - all.begin()), end = ddl_closing(all, begin);
  TableText table;
  std::size_t start = begin + 1;
  int depth = 0;
  for (std::size_t i = begin + 1; i <= end && i < all.size(); ++i) {
    if (i == end || (depth == 0 && all[i].symbol(','))) {
      read_definition(table, sql, all.subspan(start, i - start));
      start = i + 1;
    }
    if (all[i].symbol('(')) ++depth;
    if (all[i].symbol(')')) --depth;
  }
  if (end + 1 < all.size()) table.options = part_text(sql, all.subspan(end + 1));
  return table;
}

void add_definition(TableText& table, std::string_view definition) {
  const std::vector<DdlToken> tokens = ddl_tokens(definition);
  read_definition(table, definition, tokens);
}

std::string piece_name(const TablePiece& piece, std::string_view table) {
  if (!piece.name.empty()) return piece.name;
  std::string joined;
  for (const std::string& column : piece.columns) joined += (joined.empty() ? "" : "_") + plan::fold(column);
  switch (piece.kind) {
    case PieceKind::primary_key: return plan::object_name(table, {}, "pkey");
    case PieceKind::unique: return plan::object_name(table, joined, "key");
    case PieceKind::foreign_key: return plan::object_name(table, joined, "fkey");
    case PieceKind::check: return plan::object_name(table, piece.columns.size() == 1 ? joined : std::string{}, "check");
    case PieceKind::not_null:
    case PieceKind::null:
    case PieceKind::default_:
    case PieceKind::collate:
    case PieceKind::generated: return {};
  }
  return {};
}

}  // namespace crossfade::sql
