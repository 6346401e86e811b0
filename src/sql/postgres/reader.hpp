#pragma once

#include <initializer_list>

#include "../characters.hpp"
#include "raw.hpp"

namespace crossfade::sql::postgres_front {

/// A part of a node that the tree cannot hold, and whether it was written.
struct Unheld { bool written; std::string_view what; };

/// Reads one raw statement into the typed tree. The first thing that the tree cannot hold is kept as `refusal()`; reading goes on
/// with an empty node, so that callers need no check. Every field of every raw node is read or listed in a `refuse_if`.
class Reader {
 public:
  /// `characters`: of the whole query string, in which the statement begins at byte `begin`.
  Reader(const Characters& characters, std::size_t begin) : characters_(characters), begin_(begin) {}

  Statement statement(const ::Node* node);
  const std::optional<model::Error>& refusal() const { return refusal_; }
  std::uint32_t highest_parameter() const { return highest_parameter_; }
  /// Refused::needs of a statement that was refused.
  std::vector<RelationName> needs(const ::Node* node);

  // Expressions (expressions.cpp, operators.cpp, calls.cpp).
  Expression expression(const void* node);
  Box<Expression> boxed(const void* node);
  Expressions expressions(const List* list);
  Expressions arguments(const ::FuncCall* node, std::string_view name);
  Expression constant(const ::A_Const* node);
  Expression parameter(const ::ParamRef* node);
  Expression column(const ::ColumnRef* node);
  Expression operation(const ::A_Expr* node);
  Expression logical(const ::BoolExpr* node);
  Expression cast(const ::TypeCast* node);
  Expression call(const ::FuncCall* node);
  Expression subquery(const ::SubLink* node);
  Expression case_(const ::CaseExpr* node);
  Expression coalesce(const ::CoalesceExpr* node);
  Expression extreme(const ::MinMaxExpr* node);
  Expression null_test(const ::NullTest* node);
  Expression boolean_test(const ::BooleanTest* node);
  Expression row(const ::RowExpr* node);
  Expression array(const ::A_ArrayExpr* node);
  Expression indirection(const ::A_Indirection* node);
  Expression collate(const ::CollateClause* node);
  Expression value_function(const ::SQLValueFunction* node);
  Expression grouping(const ::GroupingFunc* node);
  std::vector<Expressions> grouping_sets(const ::Node* item);
  Expression current_of(const ::CurrentOfExpr* node);
  Expression default_marker(const ::SetToDefault* node);

  // Statements (queries.cpp, from.cpp, changes.cpp, schema.cpp, definitions.cpp, others.cpp).
  Statement select_statement(const ::SelectStmt* node);
  Statement insert(const ::InsertStmt* node);
  Statement update(const ::UpdateStmt* node);
  Statement delete_(const ::DeleteStmt* node);
  LikeClause like_clause(const ::TableLikeClause* node);
  Statement create_table(const ::CreateStmt* node);
  Statement create_table_as(const ::CreateTableAsStmt* node);
  Statement create_index(const ::IndexStmt* node);
  Statement create_view(const ::ViewStmt* node);
  Statement alter_table(const ::AlterTableStmt* node);
  Statement rename(const ::RenameStmt* node);
  Statement drop(const ::DropStmt* node);
  Statement truncate(const ::TruncateStmt* node);
  Statement maintenance(const ::VacuumStmt* node);
  Statement lock_table(const ::LockStmt* node);
  Statement explain(const ::ExplainStmt* node);
  Statement copy(const ::CopyStmt* node);
  Statement prepare(const ::PrepareStmt* node);
  Statement execute(const ::ExecuteStmt* node);
  Statement deallocate(const ::DeallocateStmt* node);
  Statement control(const ::Node* node);
  Statement create_sequence(const ::CreateSeqStmt* node);
  Statement alter_sequence(const ::AlterSeqStmt* node);
  Statement comment(const ::CommentStmt* node);
  // Types, domains, schemas, roles (named_objects.cpp).
  Statement create_enum(const ::CreateEnumStmt* node);
  Statement alter_enum(const ::AlterEnumStmt* node);
  Statement create_domain(const ::CreateDomainStmt* node);
  Statement create_schema(const ::CreateSchemaStmt* node);
  Statement alter_owner(const ::AlterOwnerStmt* node);
  Statement drop_named(const ::DropStmt* node, NamedObject object);
  Statement drop_role(const ::DropRoleStmt* node);
  // Kinds of which there are none (absent_objects.cpp).
  Statement create_extension(const ::CreateExtensionStmt* node);
  Statement drop_absent(const ::DropStmt* node);
  // Rights (grants.cpp).
  Statement grant(const ::GrantStmt* node);
  Statement default_privileges(const ::AlterDefaultPrivilegesStmt* node);
  Statement reindex(const ::ReindexStmt* node);
  Statement cluster(const ::ClusterStmt* node);

  /// Records 0A000 "… is not supported" unless something was refused before.
  void refuse(int location, std::string_view what);
  void fail(int location, model::SqlState state, std::string message);
  /// Functions are nobody's making on SQLite: to alter or drop one is PostgreSQL's "does not exist".
  void refuse_absent(::ObjectType kind, const ::Node* object);
  Position at(int location) const;

 private:
  /// One level of recursion, while it lives; refuses with 54001 when there are too many. Copying, binding and printing a tree
  /// recurse as deep as reading it did.
  class Level {
   public:
    explicit Level(Reader& reader) : reader_(reader) {
      if (++reader_.depth_ > kMaxDepth) reader_.fail(-1, model::SqlState{"54001"}, "stack depth limit exceeded");
    }
    ~Level() { --reader_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    bool too_deep() const { return reader_.depth_ > kMaxDepth; }

    static constexpr int kMaxDepth = 1'000;

   private:
    Reader& reader_;
  };

  TypeName type_name(const ::TypeName* node);
  RelationName relation_name(const ::RangeVar* node);
  /// A relation where neither ONLY nor an alias may be written.
  RelationName plain_relation(const ::RangeVar* node);
  TableReference table_reference(const ::RangeVar* node);
  Alias alias(const ::Alias* node);
  std::vector<OrderItem> order_items(const List* list);
  Window window(const ::WindowDef* node);
  std::optional<Frame> frame(const ::WindowDef* node);
  Like like(const ::A_Expr* node, Like::Kind kind);
  Between between(const ::A_Expr* node, bool negated, bool symmetric);
  std::string operator_name(const List* name);
  Query query(const ::SelectStmt* node);
  Box<Query> boxed_query(const ::Node* node);
  Select select(const ::SelectStmt* node);
  Values values(const ::SelectStmt* node);
  std::vector<Locking> locks(const List* list);
  Box<With> with(const ::WithClause* node);
  std::vector<ResultColumn> targets(const List* list);
  std::vector<FromItem> from_items(const List* list);
  FromItem from_item(const ::Node* node);
  FunctionReference function_reference(const ::RangeFunction* node);
  Join join(const ::JoinExpr* node);
  TargetColumn target_column(const ::ResTarget* node);
  std::vector<TargetColumn> target_columns(const List* res_targets);
  std::vector<Assignment> assignments(const List* list);
  void multi_assignment(const std::vector<const ::ResTarget*>& targets, std::vector<Assignment>& out);
  std::optional<OnConflict> on_conflict(const ::OnConflictClause* node);
  IndexPart index_part(const ::IndexElem* node);
  ColumnDefinition column_definition(const ::ColumnDef* node);
  void column_constraints(const ::ColumnDef* node, ColumnDefinition& column);
  Constraint constraint(const ::Constraint* node);
  SequenceOptions sequence_options(const List* options);
  AlterColumn alter_column(const ::AlterTableCmd* node);
  void read_reference(const ::Constraint* node, Constraint& out);
  CreateTableAs table_as(const ::IntoClause* into, Query query);
  void alter_action(const ::AlterTableCmd* node, AlterTable& out);
  void refuse_if(int location, std::initializer_list<Unheld> unheld);
  Subscript subscript(const ::A_Indices* node);
  /// Steps behind a value or a column, of which trees grow as deep.
  bool too_many_steps(const List* steps, int location);

  const Characters& characters_;
  std::size_t begin_;
  int depth_ = 0;
  std::uint32_t highest_parameter_ = 0;
  std::optional<model::Error> refusal_;
};

std::vector<std::string> strings(const List* list);
/// "current_user" and its kin as the grammar spells them.
std::string role_name(const ::RoleSpec* role);
/// Three names at most, the outermost first.
RelationName qualified(std::vector<std::string> names);
Persistence persistence(char relpersistence);

}  // namespace crossfade::sql::postgres_front
