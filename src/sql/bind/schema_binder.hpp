#pragma once

#include "bind/binder.hpp"

namespace crossfade::sql {

/// CREATE, ALTER, DROP and TRUNCATE: the target's texts, and what they do to crossfade_types.
class SchemaBinder {
 public:
  explicit SchemaBinder(const Context& context) : context_(context) {}

  Result<Translated> statement(Statement& statement, Kind kind);

 private:
  Result<void> bind(CreateTable& create, Statement& statement);
  Result<void> bind(CreateIndex& create, Statement& statement);
  Result<void> bind(CreateView& create, Statement& statement);
  Result<void> bind(AlterTable& alter, Statement& statement);
  Result<void> bind(Drop& drop, Statement& statement);
  Result<void> bind(Truncate& truncate, Statement& statement);
  Result<void> bind(Maintenance& maintenance, Statement& statement);

  // ---- CREATE TABLE (create_table.cpp)
  Result<plan::Table> describe(CreateTable& create);
  Result<plan::Column> describe_column(ColumnDefinition& definition, const std::string& table);
  Result<void> bind_column(ColumnDefinition& definition, const plan::Table& table);
  Result<void> bind_constraint(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  Result<void> bind_default(Constraint& constraint, const plan::Table& table, const plan::Column& column);
  std::string fresh_name(std::string_view first, std::string_view second, std::string_view label);
  std::string check_name(const Expression& expression, const plan::Table& table);
  Result<void> bind_key(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  Result<void> bind_reference(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  Result<void> bind_index_part(IndexPart& part, const CreateIndex& create, const plan::Table& table);
  /// An expression over the table's columns that SQLite's built-ins can say. Errors: 0A000.
  Result<void> bind_persisted(Expression& expression, const plan::Table& table, std::string_view what);
  Result<void> add_column(AddColumn& add, const plan::Table& table);
  Result<void> drop_column(const DropColumn& drop, const plan::Table& table, Position position);

  /// true: it exists and IF NOT EXISTS was said (a notice). Errors: 42P07; 42501 for our own names; 0A000 for other schemas.
  enum class Existing : std::uint8_t { refuse, skip };
  /// Of a new object: temporary in pg_temp too. Errors: 42P16 for TEMP in another schema.
  Result<Persistence> persistence_of(const RelationName& name, Persistence written);
  /// The statement concerns an object that is temporary, or one that is not.
  void note(model::SqlState state, std::string message);  // a NOTICE
  void note_place(bool temporary);
  Result<bool> taken(RelationName& name, Existing existing);
  Result<const plan::Table*> find(RelationName& name, std::string_view object);
  std::pair<const plan::Table*, const plan::Index*> find_index(const RelationName& name) const;
  /// Errors: 2BP01 when a table that stays refers to one that goes; 0A000 for CASCADE.
  Result<void> check_dependents(const Drop& drop, const std::vector<const plan::Table*>& going);
  /// ON COMMIT DELETE ROWS and DROP. Errors: 42P16 for a table that is not temporary.
  Result<void> note_on_commit(CreateTable& create);
  Result<void> finish(const Statement& statement);
  void declare(const plan::Table& table);

  const Context& context_;
  Translated result_;
  std::set<std::string, std::less<>> constraints_;  // names of constraints made in this statement
  bool permanent_ = false;  // an object that is not temporary is concerned
};

}  // namespace crossfade::sql
