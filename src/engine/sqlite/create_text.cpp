#include "create_text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <span>

#include "crossfade/plan/plan.hpp"

namespace crossfade::sqlite {
namespace {

struct Token {
  enum class Kind : std::uint8_t { word, quoted, string, symbol } kind;
  std::string text;  // unquoted
  std::size_t begin, end;
};

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (c & 0x80) != 0;
}

/// `at` stands on an opening quote; doubled closing quotes stand for one.
Token quoted(std::string_view sql, std::size_t at) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  Token token{sql[at] == '\'' ? Token::Kind::string : Token::Kind::quoted, {}, at, at + 1};
  while (token.end < sql.size()) {
    const char c = sql[token.end++];
    if (c == close) {
      if (close == ']' || token.end == sql.size() || sql[token.end] != close) break;
      ++token.end;
    }
    token.text += c;
  }
  return token;
}

std::size_t skip_comment(std::string_view sql, std::size_t at) {
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
  if (sql.substr(at, 2) == "/*") {
    const std::size_t end = sql.find("*/", at + 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return at;
}

std::vector<Token> tokens_of(std::string_view sql) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < sql.size();) {
    const char c = sql[at];
    if (const std::size_t after = skip_comment(sql, at); after != at) {
      at = after;
    } else if (c == '"' || c == '`' || c == '[' || c == '\'') {
      tokens.push_back(quoted(sql, at));
      at = tokens.back().end;
    } else if (word_character(c)) {
      std::size_t end = at;
      while (end < sql.size() && word_character(sql[end])) ++end;
      tokens.push_back({Token::Kind::word, std::string{sql.substr(at, end - at)}, at, end});
      at = end;
    } else {
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')
        tokens.push_back({Token::Kind::symbol, std::string(1, c), at, at + 1});
      ++at;
    }
  }
  return tokens;
}

using Tokens = std::span<const Token>;

bool is_word(const Token& token, const char* word) {
  return token.kind == Token::Kind::word && sqlite3_stricmp(token.text.c_str(), word) == 0;
}
bool is_symbol(const Token& token, char symbol) { return token.kind == Token::Kind::symbol && token.text == std::string(1, symbol); }

/// Index of the parenthesis that closes the one at `open`, or the end.
std::size_t closing(Tokens tokens, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < tokens.size(); ++i) {
    if (is_symbol(tokens[i], '(')) ++depth;
    if (is_symbol(tokens[i], ')') && --depth == 0) return i;
  }
  return tokens.size();
}

std::vector<Tokens> split_at_commas(Tokens list) {
  std::vector<Tokens> parts;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (depth == 0 && is_symbol(list[i], ',')) {
      parts.push_back(list.subspan(start, i - start));
      start = i + 1;
    }
    if (is_symbol(list[i], '(')) ++depth;
    if (is_symbol(list[i], ')')) --depth;
  }
  parts.push_back(list.subspan(start));
  return parts;
}

/// An index part without its trailing COLLATE name, ASC and DESC.
Tokens without_ordering(Tokens part) {
  while (part.size() > 1) {
    const std::size_t size = part.size();
    if (is_word(part[size - 1], "ASC") || is_word(part[size - 1], "DESC")) {
      part = part.first(size - 1);
    } else if (size > 2 && is_word(part[size - 2], "COLLATE")) {
      part = part.first(size - 2);
    } else {
      break;
    }
  }
  return part;
}

/// The first name of each part of a list "(a COLLATE x, b DESC)".
std::vector<std::string> first_names(Tokens list) {
  std::vector<std::string> names;
  bool start = true;
  for (const Token& token : list) {
    if (start) names.push_back(token.text);
    start = is_symbol(token, ',');
  }
  return names;
}

class ConstraintReader {
 public:
  ConstraintReader(std::string_view sql, TextTable& table) : sql_(sql), table_(table) {}

  /// One part of the definition's list: a column with its constraints, or table constraints.
  void read(Tokens part) {
    if (part.empty()) return;
    std::size_t at = 0;
    column_.clear();
    if (!begins_constraint(part[0])) {
      column_ = part[0].text;
      table_.columns.push_back(column_);
      at = 1;
    }
    while (at < part.size()) at = next(part, at);
  }

 private:
  static bool begins_constraint(const Token& token) {
    return std::ranges::any_of(std::initializer_list<const char*>{"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"},
                               [&](const char* word) { return is_word(token, word); });
  }

  std::size_t next(Tokens part, std::size_t at) {
    using Kind = TextConstraint::Kind;
    const Token& token = part[at];
    if (is_word(token, "AS") && at + 1 < part.size() && is_symbol(part[at + 1], '(')) return generated(part, at + 1);
    if (is_symbol(token, '(')) return closing(part, at) + 1;  // of a type, a default
    if (is_word(token, "CONSTRAINT") && at + 1 < part.size()) {
      name_ = part[at + 1].text;
      return at + 2;
    }
    if (is_word(token, "PRIMARY")) return key(part, at + 2, Kind::primary_key);
    if (is_word(token, "UNIQUE")) return key(part, at + 1, Kind::unique);
    if (is_word(token, "FOREIGN")) return key(part, at + 2, Kind::foreign_key);
    if (is_word(token, "CHECK")) return check(part, at + 1);
    if (is_word(token, "REFERENCES")) return references(part, at + 2);
    if (is_word(token, "COLLATE") && at + 1 < part.size()) {
      if (!column_.empty() && sqlite3_stricmp(part[at + 1].text.c_str(), "BINARY") == 0) table_.bytewise.push_back(column_);
      return at + 2;
    }
    if (is_word(token, "DEFERRABLE")) return deferrable(part, at);
    if (is_word(token, "DEFAULT") && at + 1 < part.size() && !is_symbol(part[at + 1], '(')) return at + 2;
    return at + 1;
  }

  void add(TextConstraint::Kind kind, std::vector<std::string> columns) {
    table_.constraints.push_back({kind, std::move(name_), std::move(columns), {}});
    name_.clear();
  }

  std::size_t key(Tokens part, std::size_t at, TextConstraint::Kind kind) {
    if (column_.empty() && at < part.size() && is_symbol(part[at], '(')) {
      const std::size_t end = closing(part, at);
      add(kind, first_names(part.subspan(at + 1, end - at - 1)));
      return end + 1;
    }
    add(kind, {column_});
    return at;
  }

  std::size_t check(Tokens part, std::size_t at) {
    if (at >= part.size()) return at;
    const std::size_t end = closing(part, at);
    if (end == part.size()) return end;
    add(TextConstraint::Kind::check, {});
    table_.constraints.back().expression = sql_.substr(part[at].end, part[end].begin - part[at].end);
    return end + 1;
  }

  std::size_t generated(Tokens part, std::size_t at) {
    const std::size_t end = closing(part, at);
    if (end == part.size()) return end;
    table_.generated.emplace_back(column_, std::string{sql_.substr(part[at].end, part[end].begin - part[at].end)});
    return end + 1;
  }

  std::size_t references(Tokens part, std::size_t at) {
    if (!column_.empty()) add(TextConstraint::Kind::foreign_key, {column_});
    return at < part.size() && is_symbol(part[at], '(') ? closing(part, at) + 1 : at;
  }

  std::size_t deferrable(Tokens part, std::size_t at) {
    if (table_.constraints.empty() || is_word(part[at - 1], "NOT")) return at + 1;
    TextConstraint& last = table_.constraints.back();
    last.deferrable = true;
    last.initially_deferred = at + 2 < part.size() && is_word(part[at + 1], "INITIALLY") && is_word(part[at + 2], "DEFERRED");
    return at + 1;
  }

  std::string_view sql_;
  TextTable& table_;
  std::string column_, name_;
};

std::string joined(const std::vector<std::string>& columns) {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : "_") + plan::fold(column);
  return text;
}

bool same_names(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::equal(left, right, [](const std::string& a, const std::string& b) {
    return sqlite3_stricmp(a.c_str(), b.c_str()) == 0;
  });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

}  // namespace

TextTable read_create_text(std::string_view sql) {
  TextTable table;
  const std::vector<Token> tokens = tokens_of(sql);
  const Tokens all{tokens};
  const auto open = std::ranges::find_if(all, [](const Token& token) { return is_symbol(token, '('); });
  if (open == all.end()) return table;
  const std::size_t begin = static_cast<std::size_t>(open - all.begin()), end = closing(all, begin);
  ConstraintReader reader{sql, table};
  for (const Tokens part : split_at_commas(all.subspan(begin + 1, end - begin - 1))) reader.read(part);
  return table;
}

TextIndex read_create_index(std::string_view sql) {
  TextIndex index;
  const std::vector<Token> tokens = tokens_of(sql);
  const Tokens all{tokens};
  const auto open = std::ranges::find_if(all, [](const Token& token) { return is_symbol(token, '('); });
  if (open == all.end()) return index;
  const std::size_t begin = static_cast<std::size_t>(open - all.begin()), end = closing(all, begin);
  for (const Tokens part : split_at_commas(all.subspan(begin + 1, end - begin - 1))) {
    const Tokens bare = without_ordering(part);
    if (!bare.empty()) index.parts.emplace_back(sql.substr(bare.front().begin, bare.back().end - bare.front().begin));
  }
  if (end + 2 < all.size() && is_word(all[end + 1], "WHERE"))
    index.predicate = std::string{sql.substr(all[end + 2].begin, all.back().end - all[end + 2].begin)};
  return index;
}

std::string generated_expression(std::string_view sql, std::string_view column) {
  for (auto& [name, expression] : read_create_text(sql).generated)
    if (name == column) return expression;
  return {};
}

std::optional<std::string> find_key_constraint(std::string_view sql, bool primary, const std::vector<std::string>& columns) {
  const auto wanted = primary ? TextConstraint::Kind::primary_key : TextConstraint::Kind::unique;
  for (const TextConstraint& constraint : read_create_text(sql).constraints)
    if (constraint.kind == wanted && !constraint.name.empty() && same_names(constraint.columns, columns)) return constraint.name;
  return std::nullopt;
}

std::string default_key_name(std::string_view table, bool primary, const std::vector<std::string>& columns) {
  const std::string folded = plan::fold(table);
  return primary ? plan::object_name(folded, {}, "pkey") : plan::object_name(folded, joined(columns), "key");
}

std::string foreign_key_name(std::string_view sql, std::string_view table, const std::vector<std::string>& columns) {
  for (const TextConstraint& constraint : read_create_text(sql).constraints)
    if (constraint.kind == TextConstraint::Kind::foreign_key && !constraint.name.empty() && same_names(constraint.columns, columns))
      return constraint.name;
  return plan::object_name(plan::fold(table), joined(columns), "fkey");
}

std::string check_name(std::string_view sql, std::string_view table, std::string_view what) {
  const TextTable text = read_create_text(sql);
  std::vector<std::string> mentioned;
  for (const TextConstraint& constraint : text.constraints) {
    if (constraint.kind != TextConstraint::Kind::check) continue;
    if (!constraint.name.empty() && constraint.name == what) return constraint.name;
    if (!constraint.name.empty() || trimmed(constraint.expression) != trimmed(what)) continue;
    for (const Token& token : tokens_of(what))
      for (const std::string& column : text.columns)
        if ((token.kind == Token::Kind::word || token.kind == Token::Kind::quoted) &&
            sqlite3_stricmp(token.text.c_str(), column.c_str()) == 0 &&
            std::ranges::find(mentioned, column) == mentioned.end())
          mentioned.push_back(column);
  }
  return plan::object_name(plan::fold(table), mentioned.size() == 1 ? plan::fold(mentioned.front()) : std::string{}, "check");
}

}  // namespace crossfade::sqlite
