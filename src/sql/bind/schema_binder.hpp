#pragma once

#include <functional>

#include "bind/binder.hpp"
#include "bind/table_text.hpp"

namespace crossfade::sql {

/// A table on its way through ALTER TABLE's actions.
struct TableEdit {
  const plan::Table& before;
  plan::Table after;
  TableText text;
  Position position = kNowhere;
  std::map<std::string, std::string> values;  // by column of `after`: what fills it, when not the old column
  struct Check { std::string condition; model::Error error; };  // rows of the filled table that meet it (or a GROUP BY) are the error
  std::vector<Check> checks;
  std::vector<std::string> dropped_indexes;
  bool rewritten = false;                     // else only checked
};

/// What COLLATE "C" of a column is called in the file.
inline constexpr const char* kBytewise = "BINARY";

/// How the CHECKs are called that a table has for the domain of a column: then the domain, a blank and the check (none: NOT NULL).
inline constexpr std::string_view kDomainCheck = "domain ";

/// Whether a foreign key sets its columns to their DEFAULT.
inline bool resets(const Constraint& key) { return key.on_update == Constraint::Action::set_default || key.on_delete == Constraint::Action::set_default; }
/// 0A000: such a key on a column whose DEFAULT SQLite does not compute.
std::unexpected<model::Error> reset_by_key(const std::string& column);

/// The domain that a bound cast looks at; empty: it is none.
std::string checked_domain(const Expression& bound);

/// A key's equality must be the text's own: 1.0 and 1.00 are one numeric and two texts.
bool bytewise_equality(const plan::Column& column);

/// CREATE, ALTER, DROP and TRUNCATE: the target's texts, and what they do to crossfade_types.
class SchemaBinder {
 public:
  explicit SchemaBinder(const Context& context) : context_(context) {}

  Result<Translated> statement(Statement& statement, Kind kind);

 private:
  Result<void> bind(CreateTable& create, Statement& statement);
  Result<void> bind(CreateIndex& create, Statement& statement);
  std::string name_of_index(const CreateIndex& create, const plan::Table& table) const;
  /// A key of `table` has this name, its own or PostgreSQL's.
  static bool names_key_of(const plan::Table& table, const std::string& name);
  Result<void> bind(CreateView& create, Statement& statement);
  Result<void> bind(AlterTable& alter, Statement& statement);
  Result<void> bind(CreateTableAs& create, Statement& statement);
  Result<void> bind(CreateSequence& create, Statement& statement);
  Result<void> bind(AlterSequence& alter, Statement& statement);
  Result<void> bind(Comment& comment, Statement& statement);
  Result<void> bind(CreateEnum& create, Statement& statement);
  Result<void> bind(AlterEnum& alter, Statement& statement);
  Result<void> bind(CreateDomain& create, Statement& statement);
  Result<void> bind(CreateSchema& create, Statement& statement);
  Result<void> bind(AlterNamed& alter, Statement& statement);
  Result<void> bind(DropNamed& drop, Statement& statement);
  Result<void> bind(DropRole& drop, Statement& statement);
  Result<void> bind(CreateExtension& create, Statement& statement);
  Result<void> bind(Grant& grant, Statement& statement);
  Result<void> bind(DropAbsent& drop, Statement& statement);
  Result<void> bind(Reorder& reorder, Statement& statement);
  Result<void> bind(Drop& drop, Statement& statement);
  Result<void> bind(Truncate& truncate, Statement& statement);
  Result<void> bind(Maintenance& maintenance, Statement& statement);
  Result<void> bind(LockTable& lock, Statement& statement);

  // ---- CREATE TABLE (create_table.cpp)
  Result<plan::Table> describe(CreateTable& create);
  Result<plan::Column> describe_column(ColumnDefinition& definition, const std::string& table);
  Result<void> bind_column(ColumnDefinition& definition, const plan::Table& table);
  Result<void> bind_constraint(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  Result<void> bind_default(Constraint& constraint, const plan::Table& table, const plan::Column& column);
  static Result<void> check_reset(const ColumnDefinition& definition, const plan::Column& column);
  // default_text.cpp
  std::optional<std::string> default_array(const ArrayConstructor& node) const;
  std::optional<std::string> default_subscript(const Subscript& node) const;
  std::optional<std::string> default_expression(const Expression& expression) const;
  std::optional<std::string> default_operation(const Operation& node) const;
  std::optional<std::string> default_call(const FunctionCall& call) const;
  std::optional<std::string> default_argument(const Expression& expression, model::Oid wanted) const;
  model::Oid default_type(Expression expression) const;
  std::string fresh_name(std::string_view first, std::string_view second, std::string_view label);
  std::string check_name(const Expression& expression, const plan::Table& table);
  Result<void> bind_key(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  Result<void> bind_reference(Constraint& constraint, const plan::Table& table, const plan::Column* column);
  /// What the method of an index can do, and whether it takes a type without being told an operator class (index_methods.cpp).
  Result<void> check_index_method(const CreateIndex& create);
  static Result<void> check_index_type(const CreateIndex& create, model::Type type);
  Result<void> bind_index_part(IndexPart& part, const CreateIndex& create, const plan::Table& table);
  /// An expression over the table's columns that SQLite's built-ins can say. Errors: 0A000.
  Result<void> bind_persisted(Expression& expression, const plan::Table& table, std::string_view what);
  /// crossfade_texts: how PostgreSQL shows an expression whose text in the file says it otherwise (written_texts.cpp).
  void note_written(const Expression& written, const plan::Table& table);
  void keep_written(std::string_view printed, const plan::Table& table);
  Result<void> add_column(AddColumn& add, const plan::Table& table);
  Result<void> rename_index(const RelationName& name, const std::string& new_name);
  /// The table one of whose keys has this name, in the file's words.
  const plan::Table* table_of_key(const RelationName& name) const;
  Result<void> rename_sequence(const RelationName& name, const std::string& new_name);

  // ---- CREATE TABLE (LIKE …) (create_like.cpp)
  Result<void> expand_likes(CreateTable& create);
  /// Errors: 42P01, 42809 for what has no columns.
  Result<const plan::Table*> like_source(const LikeClause& like);
  Result<void> add_like(CreateTable& create, LikeClause& like, const plan::Table& source, std::vector<ColumnDefinition>& columns);
  void finish_likes(const CreateTable& create, const plan::Table& table);
  /// Of what is called `from`, to what is called `to`; kinds as in crossfade_comments. `name`: of the one column or constraint; empty: all.
  void copy_comments(std::string_view kind, std::string_view from, std::string_view to, std::string_view name = {});

  // ---- ALTER TABLE by making the table anew (alter_rebuild.cpp, alter_column.cpp, alter_constraint.cpp)
  static bool sqlite_can(const AlterAction& action, const plan::Table& table);
  Result<void> rebuild(AlterTable& alter, const plan::Table& table);
  Result<void> finish_rebuild(TableEdit& edit);
  Result<void> edit_action(TableEdit& edit, AddColumn& add);
  Result<void> edit_action(TableEdit& edit, DropColumn& drop);
  Result<void> edit_action(TableEdit& edit, AddConstraint& add);
  Result<void> edit_action(TableEdit& edit, DropConstraint& drop);
  Result<void> edit_action(TableEdit& edit, ValidateConstraint& validate);
  Result<void> edit_action(TableEdit& edit, RenameConstraint& rename);
  Result<void> edit_action(TableEdit& edit, AlterColumn& alter);
  Result<void> edit_action(TableEdit& edit, ChangeOwner& owner);
  Result<void> edit_action(TableEdit&, RenameColumn&) { return {}; }  // a statement of its own
  Result<void> edit_action(TableEdit&, RenameTable&) { return {}; }
  Result<void> change_type(TableEdit& edit, AlterColumn& alter, plan::Column& column, TableColumn& written);
  Result<void> set_default(TableEdit& edit, AlterColumn& alter, plan::Column& column, TableColumn& written);
  Result<void> carry_default(TableEdit& edit, const plan::Column& before, const plan::Column& column, TableColumn& written);
  Result<void> check_type_uses(const TableEdit& edit, const plan::Column& before, const plan::Column& column);
  void check_nulls(TableEdit& edit, const plan::Column& column);
  Result<void> check_constraint(TableEdit& edit, const Constraint& constraint, const std::string& own_column);
  void check_reference(TableEdit& edit, const std::string& name, const std::vector<std::string>& own, const std::string& target,
                       const std::vector<std::string>& target_columns);
  Result<void> check_column_dependents(TableEdit& edit, const plan::Column& column, bool cascade);
  std::string quoted(std::string_view name) const;
  /// Views and other tables' keys that use the column.
  std::optional<std::string> view_over(const plan::Table& table, std::string_view column) const;

  // ---- sequences (sequences.cpp)
  Result<plan::Sequence> describe_sequence(const SequenceOptions& options, plan::Sequence sequence, Position position, bool fresh);
  Result<void> drop_sequences(const Drop& drop);
  void make_sequence(const plan::Sequence& sequence);
  /// The sequence of a serial or identity column that is not the rowid; its name.
  Result<std::string> own_sequence(const ColumnDefinition& definition, const SequenceOptions& options, const std::string& table);
  /// What SQLite's counter of a serial key is called from now on.
  void name_counter(const std::string& table, const std::string& column, const std::string& name);
  /// A key that SQLite counted becomes a column that a sequence of ours fills, from where the counter stands.
  Result<void> counter_to_sequence(TableEdit& edit, plan::Column& column);
  /// Before its table or column gets another name: the sequence keeps its own.
  void keep_counter(const plan::Table& table);
  void use_sequence(const std::string& table, const plan::Column& column);
  std::string fresh_sequence_name(const std::string& table, const std::string& column) const;
  void forget_sequences(const std::string& table, std::string_view column = {});
  /// TRUNCATE … RESTART IDENTITY: of the columns of this table.
  void restart_sequences(const std::string& table);
  /// Tells other sessions that what our own tables hold has changed.
  void bump();

  // ---- types, domains and schemas (named_objects.cpp, domains.cpp)
  /// Errors: 42704.
  Result<const plan::NamedType*> find_type(const RelationName& name) const;
  /// Errors: 3F000, 42710, 0A000 for a schema other than public.
  Result<void> check_type_free(const RelationName& name) const;
  /// A table's own type would have the name of this type (42710).
  Result<void> check_row_type(const RelationName& name) const;
  void keep_object(std::string_view kind, const std::string& name, model::Oid oid, const std::string& definition);
  void forget_object(std::string_view kind, const std::string& name);
  /// "column m of table t": what has the type.
  std::vector<std::string> users_of(const plan::NamedType& type) const;
  std::vector<const plan::Table*> tables_of(const plan::NamedType& type) const;
  Result<void> rename_label(const plan::NamedType& type, const AlterEnum& alter);
  /// The conditions of a column's domain, as CHECKs of its table.
  Result<void> add_domain_checks(ColumnDefinition& definition, const plan::Column& column);
  Result<void> drop_schema(const DropNamed& drop, const std::string& name);
  Result<void> check_role(const std::string& role) const;
  plan::Declared declaration(const std::string& table, const plan::Column& column) const;

  /// true: it exists and IF NOT EXISTS was said (a notice). Errors: 42P07; 42501 for our own names; 0A000 for other schemas.
  enum class Existing : std::uint8_t { refuse, skip };
  /// Of a new object: temporary in pg_temp too. Errors: 42P16 for TEMP in another schema.
  Result<Persistence> persistence_of(const RelationName& name, Persistence written);
  /// The statement concerns an object that is temporary, or one that is not.
  void note(model::SqlState state, std::string message);  // a NOTICE
  void note_place(bool temporary);
  Result<bool> taken(RelationName& name, Existing existing);
  Result<void> check_schema(const RelationName& name) const;
  Result<const plan::Table*> find(RelationName& name, std::string_view object);
  bool is_sequence(const RelationName& name) const;
  /// Is it what PostgreSQL calls the index of a table's key?
  bool names_key(const RelationName& name) const;
  std::pair<const plan::Table*, const plan::Index*> find_index(const RelationName& name) const;
  /// Errors: 2BP01 when a table that stays refers to one that goes, without CASCADE.
  Result<std::vector<const plan::Table*>> views_over(const Drop& drop, const std::vector<const plan::Table*>& going, std::vector<std::string>& cascades);
  Result<void> check_dependents(const Drop& drop, const std::vector<const plan::Table*>& going, std::vector<std::string>& cascades);

  // ---- what goes with what is dropped (cascades.cpp)
  void note_cascades(const std::vector<std::string>& cascades);
  /// Takes the key's words out of the text; false: they are not found there.
  static bool erase_reference(TableEdit& edit, const plan::ForeignKey& key, const plan::Table& target);
  /// Makes `table` anew, before the statement's texts, without its foreign keys to `targets` for which `goes` holds.
  Result<void> drop_references(const plan::Table& table, const std::vector<const plan::Table*>& targets,
                               const std::function<bool(const plan::ForeignKey&)>& goes, std::vector<std::string>& cascades);
  /// What refers to a key or column of the table that goes. Errors: `error` with its detail (`what` goes) without CASCADE.
  Result<void> drop_references_to(TableEdit& edit, const std::function<bool(const plan::ForeignKey&)>& uses, bool cascade, model::Error error,
                                  const std::string& what);
  Result<void> rename_view(const plan::Table& view, const std::string& new_name);
  /// ON COMMIT DELETE ROWS and DROP. Errors: 42P16 for a table that is not temporary.
  Result<void> note_on_commit(CreateTable& create);
  Result<void> finish(const Statement& statement);
  void declare(const plan::Table& table);

  const Context& context_;
  Translated result_;
  std::optional<plan::Table::Shown> written_;       // of the expression that is being bound
  std::set<std::string, std::less<>> constraints_;  // names of constraints made in this statement
  bool permanent_ = false;  // an object that is not temporary is concerned
};

}  // namespace crossfade::sql
