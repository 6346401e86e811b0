#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossfade::sqlite {

/// What a CREATE TABLE text says and no pragma does: the names of constraints, CHECKs, DEFERRABLE.
struct TextConstraint {
  enum class Kind : std::uint8_t { primary_key, unique, check, foreign_key } kind;
  std::string name;                  // empty: not named
  std::vector<std::string> columns;  // as written, unquoted
  std::string expression;            // of a CHECK, as written
  bool deferrable = false;
  bool initially_deferred = false;
};
struct TextTable {
  std::vector<std::string> columns;
  std::vector<std::pair<std::string, std::string>> generated;  // column, its expression as written
  std::vector<TextConstraint> constraints;
  std::vector<std::string> bytewise;  // columns that say COLLATE BINARY
};

/// Reads a text that SQLite has accepted; of anything else it finds what it can.
TextTable read_create_text(std::string_view sql);

/// Of a generated column; empty: it is none.
std::string generated_expression(std::string_view sql, std::string_view column);

/// CREATE INDEX: each part's expression as written (without COLLATE, ASC and DESC), and the predicate.
struct TextIndex { std::vector<std::string> parts; std::optional<std::string> predicate; };
TextIndex read_create_index(std::string_view sql);

/// The written name of a key over exactly these columns.
std::optional<std::string> find_key_constraint(std::string_view sql, bool primary, const std::vector<std::string>& columns);
/// PostgreSQL's name for a constraint without one: "t_pkey", "t_a_b_key", cut to 63 bytes as PostgreSQL cuts it.
std::string default_key_name(std::string_view table, bool primary, const std::vector<std::string>& columns);
std::string foreign_key_name(std::string_view sql, std::string_view table, const std::vector<std::string>& columns);
/// `what`: what SQLite says in "CHECK constraint failed: …", the constraint's name or its expression.
std::string check_name(std::string_view sql, std::string_view table, std::string_view what);

}  // namespace crossfade::sqlite
