#include "guarded_block.hpp"

#include <algorithm>
#include <array>

#include "../tokens.hpp"
#include "crossfade/plan/plan.hpp"
#include "raw_parse.hpp"

namespace crossfade::sql::postgres_front {
namespace {

using namespace model::literals;

struct Condition { std::string_view name; model::SqlState state; };
constexpr std::array kConditions{
    Condition{"duplicate_object", "42710"_state}, Condition{"duplicate_table", "42P07"_state}, Condition{"duplicate_column", "42701"_state},
    Condition{"duplicate_schema", "42P06"_state}, Condition{"undefined_object", "42704"_state}, Condition{"undefined_table", "42P01"_state},
    Condition{"undefined_column", "42703"_state},
};

/// The tokens of a block, word by word.
class Block {
 public:
  explicit Block(std::string_view body) : body_(body), tokens_(body) { next(); }

  bool takes(std::string_view word) {
    const bool same = (token_.kind == Token::Kind::word || token_.kind == Token::Kind::symbol) && plan::fold(token_.text) == word;
    if (same) next();
    return same;
  }
  std::string word() {
    std::string text = token_.kind == Token::Kind::word ? plan::fold(token_.text) : std::string{};
    next();
    return text;
  }
  /// Up to the semicolon, which is taken too. Empty: there is none.
  std::string_view statement() {
    const std::size_t begin = place();
    while (token_.kind != Token::Kind::end && !(token_.kind == Token::Kind::symbol && token_.text == ";")) next();
    if (token_.kind == Token::Kind::end) return {};
    const std::string_view text = body_.substr(begin, place() - begin);
    next();
    return text;
  }
  bool ended() const { return token_.kind == Token::Kind::end; }

 private:
  void next() { token_ = tokens_.next(); }
  std::size_t place() const { return token_.kind == Token::Kind::end ? body_.size() : static_cast<std::size_t>(token_.text.data() - body_.data()); }

  std::string_view body_;
  Tokens tokens_;
  Token token_;
};

/// WHEN a OR b THEN NULL;
bool read_handler(Block& block, std::vector<model::SqlState>& ignored) {
  if (!block.takes("when")) return false;
  do {
    const auto* known = std::ranges::find(kConditions, block.word(), &Condition::name);
    if (known == kConditions.end()) return false;
    ignored.push_back(known->state);
  } while (block.takes("or"));
  return block.takes("then") && block.takes("null") && block.takes(";");
}

}  // namespace

std::optional<GuardedBlock> read_guarded_block(std::string_view body) {
  Block block{body};
  if (!block.takes("begin")) return std::nullopt;
  GuardedBlock found{.statement = std::string{block.statement()}};
  if (found.statement.empty()) return std::nullopt;
  if (block.takes("exception")) {
    do {
      if (!read_handler(block, found.ignored)) return std::nullopt;
    } while (!block.takes("end"));
  } else if (!block.takes("end")) {
    return std::nullopt;
  }
  block.takes(";");
  return block.ended() ? std::optional{std::move(found)} : std::nullopt;
}

std::optional<std::string> block_body(const std::string& statement) {
  const RawParse raw{statement.c_str()};
  if (raw.error() != nullptr) return std::nullopt;
  for (const ::RawStmt* each : Nodes<::RawStmt>{raw.tree()}) {
    if (tag_of(each->stmt) != T_DoStmt) return std::nullopt;
    std::optional<std::string> body;
    for (const ::DefElem* option : Nodes<::DefElem>{as<::DoStmt>(each->stmt)->args}) {
      const std::string_view name = option->defname, value = reinterpret_cast<const ::String*>(option->arg)->sval;
      if (name == "as") body = value;
      else if (name != "language" || value != "plpgsql") return std::nullopt;
    }
    return body;
  }
  return std::nullopt;
}

}  // namespace crossfade::sql::postgres_front
