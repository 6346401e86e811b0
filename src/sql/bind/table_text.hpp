#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// A CREATE TABLE text of the file, taken apart so that ALTER TABLE can put it together again: every constraint keeps its own words.
struct TablePiece {
  enum class Kind : unsigned char { not_null, null, default_, check, primary_key, unique, foreign_key, collate, generated } kind;
  std::string name;                  // CONSTRAINT name; empty: none written
  std::string text;                  // without CONSTRAINT name
  std::vector<std::string> columns;  // of a key or reference, unquoted
  std::vector<std::string> words;    // every name in it, in lower case: what it mentions
};
using PieceKind = TablePiece::Kind;
struct TableColumn {
  std::string name, spelled;  // unquoted; as written
  std::string type;
  std::vector<TablePiece> pieces;

  TablePiece* find(TablePiece::Kind kind);
  void erase(TablePiece::Kind kind);
};
struct TableText {
  std::vector<TableColumn> columns;
  std::vector<TablePiece> constraints;
  std::string options;  // WITHOUT ROWID, STRICT

  TableColumn* find(std::string_view name);
  /// `name`: as it is to be printed. `temporary`: CREATE TEMP TABLE.
  std::string print(std::string_view name, bool temporary) const;
};

/// Reads a text that SQLite has accepted; nullopt for a virtual table, CREATE TABLE AS and what else is no list of definitions.
std::optional<TableText> read_table_text(std::string_view sql);
/// One definition as it stands in the list: "a INTEGER NOT NULL", "CONSTRAINT u UNIQUE (a)".
void add_definition(TableText& table, std::string_view definition);
/// PostgreSQL's name of a constraint: the written one, else t_pkey, t_a_key, t_a_fkey, t_a_check.
std::string piece_name(const TablePiece& piece, std::string_view table);

}  // namespace crossfade::sql
