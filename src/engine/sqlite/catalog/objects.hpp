#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/plan/schema.hpp"

namespace crossfade::sqlite::catalog {

using model::Oid;

/// PostgreSQL's own OIDs of what the rows refer to.
inline constexpr Oid kPgCatalog = 11, kPublic = 2200, kInformationSchema = 13207, kOwner = 10, kHeap = 2, kBtree = 403, kDefaultTablespace = 1663,
                     kPgClass = 1259, kPgType = 1247, kPgNamespace = 2615, kDefaultCollation = 100, kNameCollation = 950;

/// An index as PostgreSQL has it. `columns`: attribute numbers, 0 where the part is an expression.
struct IndexObject {
  Oid oid = 0, constraint = 0;
  std::string name;
  std::string file_name;  // SQLite's; empty: the table's own tree is this key
  const plan::Table* table = nullptr;
  std::vector<plan::IndexPart> parts;
  std::vector<int> columns;
  std::optional<std::string> predicate;
  bool unique = false, primary = false;
};

struct ConstraintObject {
  Oid oid = 0, index = 0;
  char kind = 'c';  // p, u, f, c
  std::string name;
  const plan::Table* table = nullptr;
  const plan::Table* target = nullptr;
  const plan::ForeignKey* key = nullptr;
  std::vector<int> columns, target_columns;
  std::string expression;  // of a CHECK, as the file has it
};

/// What fills a serial or identity column, PostgreSQL's t_c_seq; or a sequence of CREATE SEQUENCE, whose table may be none.
struct SequenceObject {
  Oid oid = 0;
  std::string name;
  const plan::Table* table = nullptr;
  int column = 0;
  model::Type type;
  bool identity = false;
  const plan::Sequence* made = nullptr;  // of crossfade_sequences; nullptr: SQLite's own counter
};

struct DefaultObject {
  Oid oid = 0;
  const plan::Table* table = nullptr;
  int column = 0;
  std::string text;  // PostgreSQL's
};

/// Everything of a schema that has an OID. OIDs come from names, so that they are the same in every process; PostgreSQL's own are
/// below 16384.
struct Objects {
  explicit Objects(const plan::Schema& schema);

  std::vector<const plan::Table*> tables;  // by name; temporary ones last
  std::vector<IndexObject> indexes;
  std::vector<ConstraintObject> constraints;
  std::vector<SequenceObject> sequences;
  std::vector<DefaultObject> defaults;
  std::map<const plan::Table*, Oid> row_types, array_types;
  std::set<const plan::Column*> bytewise;   // that say COLLATE "C"
  std::map<const plan::Table*, Oid> rules;  // of views
  struct LabelObject { Oid oid = 0, type = 0; double place = 0; std::string text; };
  std::vector<const plan::NamedType*> types;  // by name
  std::map<const plan::NamedType*, Oid> arrays_of;
  std::vector<LabelObject> labels;
  struct DomainCheck { Oid oid = 0; const plan::NamedType* domain = nullptr; const plan::NamedType::Check* check = nullptr; };
  std::vector<DomainCheck> domain_checks;
  const plan::Schema* made_of = nullptr;
  Oid temporary_namespace = 0;

  Oid namespace_of(const plan::Table& table) const { return table.temporary ? temporary_namespace : kPublic; }
  Oid namespace_of(const SequenceObject& sequence) const { return sequence.table ? namespace_of(*sequence.table) : kPublic; }
  const plan::Table* find_table(Oid oid) const;
  const IndexObject* find_index(Oid oid) const;
  const SequenceObject* find_sequence(Oid oid) const;

 private:
  Oid number(std::string_view key);
  void add_table(const plan::Schema& schema, const plan::Table& table);
  void add_keys(const plan::Table& table);
  void add_columns(const plan::Table& table);
  void add_sequences(const plan::Schema& schema);
  void add_references(const plan::Schema& schema);

  std::set<Oid> taken_;
};

inline constexpr Oid kCollationC = 950;

/// 1-based place of a column; 0 when there is none.
int attribute_of(const plan::Table& table, std::string_view column);
/// A quoted identifier where PostgreSQL's quote_ident() has one.
std::string quoted_name(std::string_view name);
/// PostgreSQL's text of a default that SQLite's text says; "nextval(…)" is not among them.
std::string default_text(const plan::Column& column);
/// PostgreSQL's text of an expression that SQLite's text says, as far as they are the same.
/// Without the parentheses around all of it, as PostgreSQL's pretty printing leaves them out.
std::string pretty_expression(std::string text);
std::string expression_text(std::string_view sqlite);
/// The same of the table's CHECK, index or predicate, in the words in which PostgreSQL shows them, where those are known.
std::string shown_text(std::string_view sqlite, const plan::Table& table, bool pretty);
/// Over VALUE, as it was written.
std::string domain_condition(const plan::NamedType::Check& check);

/// `pretty`: without the schema and the parentheses that are not needed.
std::string index_definition(const IndexObject& index, bool pretty);
/// The `column`-th part of the index alone, 1-based.
std::string index_part(const IndexObject& index, std::size_t column, bool pretty);
std::string constraint_definition(const ConstraintObject& constraint, bool pretty);
/// The query of a view, with a semicolon.
std::string view_definition(const plan::Table& view);

}  // namespace crossfade::sqlite::catalog
