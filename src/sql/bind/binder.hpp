#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bind/casts.hpp"
#include "bind/functions.hpp"
#include "bind/scope.hpp"
#include "crossfade/sql/translate.hpp"
#include "tree.hpp"

namespace crossfade::sql {

using model::Result;
struct ArrayRule;
struct CatalogRelation;

/// A result column of a bound query: its name, type and form, and the column it comes from, if one.
struct OutputItem {
  std::string name;
  model::Type type;
  plan::StoredForm form;
  const plan::Column* column = nullptr;
  std::string collation;  // of the column it comes from, when not BINARY
  std::string printed;    // its name in the target's text, for those outside
};
using Output = std::vector<OutputItem>;

/// What a WITH item offers.
struct CommonRelation {
  std::string name, printed;
  Output columns;
  std::set<std::string, std::less<>> reads = {};  // the tables that its query reads: so does who names it
  bool silent = false;                            // a change without RETURNING
  std::uint64_t expands = 1;                      // how many relations stand for it where it is named, as SQLite writes it out
};

/// A type's name as one of CREATE TYPE or CREATE DOMAIN: `type.resolved` is then the enum, or what the domain is over; nullptr: it is none.
/// Errors: 0A000 for an array of it, and for types of PostgreSQL that are not to be had here. (named_objects.cpp)
Result<const plan::NamedType*> resolve_type(TypeName& type, const plan::Schema& schema);

/// The name under which run-time functions read a type back: what has no other travels as text.
std::string run_time_name(model::Type type);

/// Resolves one statement in place: names, types, stored forms; then the tree says what the target's SQL means. One use each.
/// Each file bind/*.cpp holds one part of its methods.
class DistinctOrder;

class Binder {
 public:
  Binder(const Context& context, std::span<const model::Oid> declared, std::uint32_t highest_parameter);

  /// A whole statement; `Translated` gets all but texts and fingerprint.
  Result<Translated> statement(Statement& statement, Kind kind);
  /// One row of VALUES as EXECUTE's arguments: assigned to the types wanted. All but texts (arguments.cpp).
  Result<Translated> arguments(Statement& statement, std::span<const model::Type> wanted);

 private:
  friend class SchemaBinder;

  // ---- expressions (expressions.cpp, calls.cpp, tests.cpp): after them `type` and `form` are set; untyped literals and
  // parameters keep the type unknown until coerced.
  Result<void> bind(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_all(Expressions& list, Scope& scope, Clause clause);
  Result<void> bind_literal(Expression& expression);
  Result<void> bind_parameter(Expression& expression);
  Result<void> bind_column(Expression& expression, const Scope& scope);
  Result<void> bind_operation(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_cast(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_cast_to_unknown(Expression& expression, Expression argument, Scope& scope, Clause clause);
  Result<void> bind_case(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_choice(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_extreme(Expression& expression, sql::Choice node, model::Type type);
  Result<void> announce_items(InList& node);
  Result<void> settle_open_items(InList& node);
  /// Of the query that the list stands in: what an outer one gives is a constant to it.
  bool reads_here(const Expression& item) const;
  const Scope* listed_in_ = nullptr;
  Result<void> bind_in_list(Expression& expression, Scope& scope, Clause clause);
  Result<void> finish_in_list(Expression& expression, InList node);
  Result<std::optional<model::Type>> type_of_each(const InList& node, model::Type common);
  Result<void> test_items_apart(Expression& expression, InList node, bool negated);
  Result<void> bind_subquery(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_quantified(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_between(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_like(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_is_test(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_is_distinct(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_value_function(Expression& expression);
  Result<void> bind_call(Expression& expression, Scope& scope, Clause clause);
  static void count_rows_of(FunctionCall& call, const Scope& scope);
  static Result<void> check_aggregate_place(const FunctionCall& call, Position position, Clause clause);
  static Result<void> check_not_nested(const FunctionCall& call, Position position);
  static Result<void> note_aggregate(const FunctionCall& call, const Scope& scope, Position position);
  Result<void> bind_array_agg(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_array_query(Expression& expression, Subquery node, const Output& output);
  Result<void> bind_aggregate(Expression& expression, Scope& scope, Clause clause);
  Result<void> coerce_aggregate_arguments(FunctionCall& call, const AggregateRule& rule);
  // aggregate_order.cpp
  Result<void> bind_aggregate_order(FunctionCall& call, Scope& scope, DistinctOrder& distinct);
  // windows.cpp
  Result<void> bind_window_parts(Window& window, Scope& scope);
  Result<void> bind_range(Window& window, Scope& scope);
  static Result<void> count_range(Window& window);
  Result<void> bind_window(FunctionCall& call, Scope& scope, Clause clause);
  Result<void> bind_concat(Expression& expression);
  /// An argument of type "any" says nothing of a parameter's type. Errors: 42P18.
  static Result<void> any_takes(const Expression& argument);
  /// nextval, currval, setval and lastval (sequence_calls.cpp). true: it was one of them.
  Result<bool> bind_enum_call(Expression& expression, Scope& scope, Clause clause);
  Result<bool> bind_sequence_call(Expression& expression, Scope& scope, Clause clause);
  Expression next_value(const std::string& sequence, model::Type type);
  /// What stands behind the parts of a call that are of its name (calls.cpp): the tables' overloads over bound arguments.
  Result<void> bind_plain_call(Expression& expression, Clause clause);
  Result<bool> bind_builtin(Expression& expression, Clause clause);  // builtins.cpp
  static Result<void> check_untyped(const FunctionCall& call, Position position);
  Result<bool> bind_variadic(Expression& expression, Scope& scope, Clause clause);  // variadic.cpp
  Result<void> bind_length_call(Expression& expression, model::Oid type);
  /// Of an operation whose operands are bound.
  Result<void> apply_bound_operation(Expression& expression, Clause clause);
  Result<void> apply_operator(Expression& expression);
  Result<void> apply_concatenation(Expression& expression);
  Result<bool> fold_minus(Expression& expression);
  Result<void> require_boolean(Expression& expression, std::string_view what);

  // ---- arrays (arrays.cpp)
  Result<void> bind_array(Expression& expression, Scope& scope, Clause clause, std::optional<model::Type> wanted);
  // subscripts.cpp
  /// `shape`: a letter a subscript, of which of its bounds are written (b both, l lower, u upper, n none; i no slice); `values`: these.
  struct Bounds { std::string shape; Expressions values; bool slice = false; };
  Result<Bounds> bind_bounds(std::vector<Subscript>& chain, Scope& scope, Clause clause);
  Result<Expressions> bind_keys(std::vector<Subscript>& chain, Position position, Scope& scope, Clause clause);
  Result<void> bind_subscript(Expression& expression, Scope& scope, Clause clause);
  static model::Type part_type(const TargetColumn& name, const plan::Column& column);
  Result<Expression> with_part(Expression base, TargetColumn& name, Expression value, const plan::Column& column, Scope& scope, Clause clause);
  static std::optional<model::Type> array_type_for(std::span<const model::Oid> takes, std::span<Expression* const> arguments);
  Result<void> apply_array_rule(Expression& expression, const ArrayRule& rule, Expressions arguments, model::Type array);
  Result<bool> bind_array_call(Expression& expression);
  Result<bool> apply_array_operator(Expression& expression);
  Result<void> bind_any_of_array(Expression& expression, Quantified node);
  Result<void> test_element(Expression& test, const std::string& word, Expression operand, Expression element);

  // ---- types and forms (coerce.cpp)
  /// A text, or NULL, that is looked at when the statement runs: it is one of the labels, or 22P02.
  Result<void> wrap_label(Expression& expression, model::Type type) const;
  /// Errors: 22P02.
  Result<void> check_label(std::string_view text, model::Type type, Position position) const;
  /// The collation that orders such values as PostgreSQL does; nullopt: SQLite's own order is right.
  std::optional<std::string> order_collation(const plan::StoredForm& form, model::Type type) const;
  Result<void> check_domain(Expression& expression, const plan::NamedType& domain);  // domains.cpp
  Result<void> coerce(Expression& expression, model::Type type, CastContext context);
  Result<void> coerce_unknown(Expression& expression, model::Type type);
  Result<void> cast_known(Expression& expression, model::Type type, CastContext context);
  Result<void> settle(Expression& expression);  // what is still unknown becomes text
  Result<void> name_objects(Expression& expression);  // regclass and its kin, and arrays of them, become text as they are written
  void to_runtime(Expression& expression);
  /// A character(n) that loses its length, or becomes text by its output, carries its padding from then on.
  void pad(Expression& expression, model::Oid as);
  /// In `form`; false (and untouched) when a constant cannot be said in it exactly.
  bool to_form(Expression& expression, const plan::StoredForm& form);
  /// What `expression` becomes when it is written to `column`.
  Result<void> assign(Expression& expression, const plan::Column& column, const plan::Table& table);
  Result<model::Type> common_type(std::span<Expression* const> list, std::string_view construct);

  // ---- comparisons (comparisons.cpp)
  enum class Need : std::uint8_t { equality, order };
  std::string needed_collation(model::Type type, std::span<Expression* const> operands, Need need) const;
  /// PostgreSQL's comparison of the two: the type both are compared as. Errors: 42883 for none.
  Result<model::Type> comparison_type(const Expression& left, const Expression& right, std::string_view name, Position position);
  /// The same for several: text when none is known.
  Result<model::Type> comparison_type_of(std::span<Expression* const> operands, std::string_view name, Position position);
  /// All in one type and one form that keeps what is needed; the first gets the collation.
  Result<void> align(std::span<Expression* const> operands, model::Type type, Need need);
  Result<void> align_as_reals(std::span<Expression* const> operands);
  Result<void> compare(Expression& expression, std::string_view name, Expression left, Expression right);
  Result<void> compare_rows(Expression& expression, std::string_view name, RowConstructor left, RowConstructor right);
  /// `expression` as something SQLite sorts, groups or tells apart as PostgreSQL does.
  Result<void> comparable(Expression& expression, Need need);
  static Result<void> has_comparison(const Expression& expression, Need need);
  /// As a key of an aggregate's own ORDER BY or DISTINCT, which run-time functions sort by.
  static Result<void> sortable(const Expression& expression, std::string_view aggregate);

  // ---- queries
  struct QueryShape {
    Output output;
    bool ordered = false, ordered_totally = false;
    std::vector<std::size_t> order_columns;  // Translated's
    bool outer_join = false;  // a column that is NOT NULL in its table can be NULL
  };
  enum class Place : std::uint8_t { top, subquery, row_source };  // row_source: of an INSERT, unknown types stay
  Result<QueryShape> bind_query(Query& query, const Scope* outer, Place place);
  Result<Output> bind_select(Query& query, Select& select, Scope& scope, Place place);
  Result<Output> bind_values(Values& values, Scope& scope, Place place);
  Result<Output> bind_set_operation(Query& query, SetOperation& operation, const Scope* outer, Place place);
  Result<void> bind_with(With& with, const Scope* outer);
  /// A WITH item that changes data becomes a step, and a query of its packed rows.
  Result<void> bind_change_item(const With& with, CommonTable& table, CommonRelation& relation);
  Result<void> check_steps(const Statement& statement);
  static Result<bool> is_recursive(const CommonTable& table, const Query& query);  // recursion.cpp
  Result<void> bind_recursive(CommonTable& table, Query& query, const Scope* outer, CommonRelation& relation);
  Result<void> bind_order(std::vector<OrderItem>& items, Select& select, Scope& scope, const Output& output);
  Result<void> bind_order_of_output(std::vector<OrderItem>& items, const Output& output);
  Result<void> finish_order_item(OrderItem& item, const Scope& scope);
  Result<void> finish_order_item(OrderItem& item, Select& select, const Scope& scope);
  Result<void> bind_group(Select& select, Scope& scope, const Output& output);
  Result<void> refuse_aggregates(const Expression& expression, std::string_view clause);
  Result<bool> keep_inside(Expression& expression, Select& select, const Scope& scope, Need need);
  static bool ordered_by_key(const Query& query, const Select& select, const Scope& scope);
  Result<void> check_grouping(Query& query, Select& select, const Scope& scope);
  Result<void> bind_distinct(Query& query, Select& select);
  Result<void> bind_limits(Query& query, const Scope* outer);
  Result<std::vector<ResultColumn>> expand_targets(const ResultColumn& target, const Scope& scope);
  Result<Output> bind_targets(std::vector<ResultColumn>& targets, Scope& scope, Clause clause, Place place);
  Result<void> coerce_output(Query& query, std::size_t index, model::Type type, CastContext context);
  Result<void> form_output(Query& query, std::size_t index, const plan::StoredForm& form);
  /// An output column that is an array of regclass and its kin: with the names beside the numbers.
  static void name_items(Query& query, std::size_t index);
  void name_output(Query& query, Output& output);
  static void fence(Query& query);
  void nest_joins(Query& part);
  static Result<void> spread_locks(Query& query);  // locking.cpp
  static std::unexpected<model::Error> check_locked(const Query& query, std::string_view what);
  static Result<void> aggregate_alone(Select& select);

  // ---- FROM (from.cpp, joins.cpp)
  Result<void> bind_from(std::vector<FromItem>& items, Scope& scope);
  Result<std::vector<Visible>> bind_item(FromItem& item, Scope& scope);
  Result<std::vector<Visible>> bind_table(TableReference& reference, Position position, Scope& scope);
  // catalog.cpp
  const CatalogRelation* find_catalog(const RelationName& name) const;
  Result<std::vector<Visible>> bind_catalog(FromItem& item, const CatalogRelation& catalog, Scope& scope);
  Result<std::vector<Visible>> bind_catalog_view(FromItem& item, const CatalogRelation& catalog, const Alias& given, Scope& scope);
  Result<std::vector<Visible>> bind_derived(SubqueryReference& reference, Scope& scope);
  Result<std::vector<Visible>> bind_join(Join& join, Position position, Scope& scope);
  Result<std::vector<Visible>> join_using(Join& join, std::vector<Visible> left, std::vector<Visible> right, Position position);
  Result<void> expand_series(FromItem& item);
  // set_functions.cpp: functions that give rows, and LATERAL
  Result<bool> bind_set_function(FunctionReference& reference, Position position, Scope& scope, std::vector<Visible>& columns);
  Result<std::vector<Visible>> bind_scalar_function(FunctionReference& reference, Position position, Scope& scope);
  Result<std::vector<Visible>> bind_lateral(FromItem& item, Scope& scope);
  /// 'x'::regclass where nothing in the schema is called so: PostgreSQL tells when it reads the statement. Errors: 42P01.
  Result<void> may_be_relation(std::string_view text, Position position) const;
  Result<bool> bind_sequence_rows(FromItem& item, Scope& scope, std::vector<Visible>& columns);
  // result_steps.cpp: what needs a query around the query
  Result<Output> distinct_on(Query& query, Select& select, Scope& scope, Output output);
  Result<Output> with_ties(Query& query, Select& select, Scope& scope, Output output);
  Result<Output> rank_rows(Query& query, Select& select, Scope& scope, Output output, FunctionCall rank, Expressions more, std::string_view test, Expressions arguments);
  // grouping_sets.cpp, query_rewrites.cpp: unbound queries said by others
  Result<void> expand_grouping_sets(Query& query, const Scope* around);
  Result<void> expand_all_operation(Query& query);
  static void expand_comparison(Expression& expression);
  // json_calls.cpp: to_json, json_build_object, json_agg and their kin. true: it was one of them.
  Result<bool> bind_json_call(Expression& expression, Scope& scope, Clause clause);
  Result<Expression> as_json(Expression value);
  Result<Expression> key_text(Expression argument);
  Result<std::optional<Expression>> whole_row_json(const Expression& expression, const Scope& scope);
  Result<void> bind_text_call(Expression& expression, std::string name);
  // ordered_sets.cpp
  Result<void> bind_ordered_set(Expression& expression, Scope& scope, Clause clause);
  Result<void> bind_hypothetical(Expression& expression, FunctionCall call, Scope& scope);
  // persisted.cpp: arithmetic that SQLite's own operators can say. true: done.
  Result<bool> persisted_operation(Expression& expression);
  Result<void> bind_persisted_case(Expression& expression, Scope& scope, Clause clause);
  Result<bool> persisted_match(Expression& expression);
  bool persisted_like(Expression& expression, RawCall& like);
  bool persisted_assign(Expression& expression, const plan::Column& column);
  // row_values.cpp
  static void spread_fields(RowConstructor& row, const Scope& scope);
  static void spread_row(Expression& expression, const Scope& scope);
  static void spell_row(Expression& expression, const Scope& scope);
  Result<void> as_record(Expression& expression, const Scope& scope);
  // expand_array.cpp: information_schema._pg_expandarray, whose rows of two values derived tables have by their fields
  static bool expands_array(const Expression& expression);
  Result<std::vector<Visible>> bind_expand_array(FunctionReference& reference, Position position, Scope& scope);
  Result<std::size_t> expand_array_targets(Select& select, Place place);
  static Result<void> bind_field(Expression& expression, const Scope& scope);
  static bool is_row_column(const ColumnReference& column, const Scope& scope);
  // json_records.cpp: json_to_record and its kin
  static bool gives_record(const Expression& unbound);
  Result<std::vector<std::pair<std::string, model::Type>>> defined_columns(FunctionReference& reference);
  Result<std::vector<std::pair<std::string, model::Type>>> row_type_columns(const Expression& base);
  Result<std::vector<Visible>> bind_record_function(FunctionReference& reference, Position position, Scope& scope);
  // unnest.cpp
  static bool is_unnest(const Expression& expression);  // or generate_subscripts
  Result<std::vector<Visible>> bind_unnest(FunctionReference& reference, Position position, Scope& scope, model::Oid place = model::oid::int8);
  Result<std::vector<Visible>> bind_subscripts(FunctionReference& reference, Expression array, Expressions counts, Relation relation, Scope& scope, const Alias& given);
  /// SELECT unnest(a) FROM t is SELECT u FROM t, unnest(a) AS u.
  /// How many columns that makes visible.
  Result<std::size_t> unnest_targets(Select& select);
  std::size_t unnest_beside(Select& select);
  Result<std::size_t> rows_target(Select& select);
  static void read_from_catalog_function(Select& select);
  static bool unnests_several(const Expression& expression);
  Result<std::vector<Visible>> bind_unnest_several(FunctionReference& reference, Position position, Scope& scope);
  Result<RelationPointer> add_relation(Scope& scope, Relation relation, const Alias& alias, Position position);
  Result<const plan::Table*> find_table(RelationName& name);
  std::string unique_printed(std::string_view name);
  /// One more relation that stands for `expands` of them. Errors: 54001 for too many in one statement.
  Result<void> count_relation(std::uint64_t expands, Position position);

  // ---- changes through a view (view_changes.cpp)
  enum class Change : std::uint8_t { insert, update, remove };
  /// `relation`: the view's columns as expressions over `table`; `conditions`: what its rows meet there.
  struct ChangedView {
    const plan::Table* view = nullptr;
    const plan::Table* table = nullptr;
    std::string alias, printed;
    RelationPointer relation = {};
    Expressions conditions = {};
    std::vector<std::string> condition_views = {};  // of each condition, its view
  };
  /// How the table below a view is printed. No table is called so.
  static constexpr std::string_view kBelow = "crossfade_changed";
  /// Errors: 55000 as PostgreSQL says why the view is not updatable, 0A000 where its text is not read.
  Result<ChangedView> changed_view(const plan::Table& view, Change change, std::string alias, std::string printed);
  Result<std::vector<Visible>> view_columns(const plan::Table& relation, Change change, ChangedView& out, int depth);
  static Result<void> name_below(const ChangedView& view, Change change, Name& name);
  static Result<void> name_below(const ChangedView& view, Change change, std::vector<Assignment>& assignments);
  static Result<void> name_below(const ChangedView& view, Insert& insert);
  static Result<void> name_below(const ChangedView& view, OnConflict& conflict);
  static void only_shown(const ChangedView& view, Box<Expression>& where);
  static void check_shown(const ChangedView& view, Box<Expression>& where);

  // ---- data changes (insert.cpp, update.cpp)
  Result<Output> bind_insert(Insert& insert);
  using Columns = std::vector<const plan::Column*>;
  Result<Columns> insert_columns(Insert& insert, const plan::Table& table);
  static bool has_star(const Select& select);
  Result<void> bind_insert_values(Insert& insert, Columns columns, const plan::Table& table);
  Result<void> join_insert_parts(Insert& insert, Columns& columns);
  Result<void> bind_insert_query(Insert& insert, Columns columns, const plan::Table& table);
  /// Adds a value for each column whose DEFAULT is a moment and that has none.
  Result<void> select_moments(Insert& insert, const Columns& columns, const plan::Table& table, std::vector<ResultColumn>& targets);
  static void insert_default_moments(Insert& insert, const plan::Table& table);
  Result<void> insert_from_derived(Insert& insert, Columns columns, const plan::Table& table, QueryShape shape);
  Result<void> bind_conflict_target(OnConflict& conflict, const plan::Table& table);
  Result<std::set<std::string>> constraint_columns(const OnConflict& conflict, const plan::Table& table);
  Result<void> assign_row(Assignment& assignment, Columns& columns, const plan::Table& table, Scope& scope);
  Expression own_column(const plan::Table& table, const plan::Column& column, const Scope& scope);
  Result<void> join_parts(std::vector<TargetColumn>& names, Columns& columns, std::vector<ResultColumn>& targets, const std::function<Expression(const plan::Column&)>& before,
                          Scope& scope, Clause clause);
  Result<void> bind_conflict(OnConflict& conflict, const plan::Table& table, Scope& scope, const ChangedView* through);
  Result<Output> bind_update(Update& update);
  Result<Output> bind_delete(Delete& statement);
  Result<void> bind_changed_rows(Expression& where, const plan::Table& table, const std::string& printed, Scope& scope);
  std::string append_row_key(Query& query, Output& output) const;
  Result<void> bind_assignments(std::vector<Assignment>& list, const plan::Table& table, Scope& scope);
  /// What is done to a table's rows; `assigned`: of an UPDATE.
  struct Changing { const plan::Table& table; Change change; std::span<const Assignment> assigned = {}; Position position = kNowhere; };
  static Changing changing(const Insert& insert, const plan::Table& table);
  static std::optional<Changing> changing(const Statement& statement);
  /// The table, then those that foreign keys' actions change with it.
  using Touched = std::vector<const plan::Table*>;
  Touched touched(const Changing& changing) const;
  Result<Output> bind_returning(std::vector<ResultColumn>& targets, const Changing& changing, Scope& scope);
  /// Whether one of these relations is touched, or a view that reads one.
  bool reads_now(const std::set<std::string, std::less<>>& read, const Changing& changing) const;
  friend class OwnReads;
  /// Of RETURNING, bound: whether it reads another relation than the changed one.
  static bool returns_others(const std::vector<ResultColumn>& returning, const Scope& scope);
  struct JoinedChange {
    Box<With>& with;
    TableReference& relation;
    std::vector<FromItem>& from;
    Box<Expression>& where;
    std::span<Assignment> assigned;
    std::vector<ResultColumn>& returning;
  };
  /// The row's number among the packed rows, which are `change.from` then.
  Result<Expression> join_first(JoinedChange change, const plan::Table& table, const Scope& scope);
  Result<const plan::Column*> target_column(const plan::Table& table, const Name& name);
  Result<Expression> default_of(const plan::Column& column, const plan::Table& table);
  Result<Expression> kept_default_value(const std::string& text, const plan::Column& column, const plan::Table& table);
  RelationPointer relation_of(const plan::Table& table, std::string alias, std::string printed);

  // ---- the end (finish.cpp)
  void number_parameters(Statement& statement, std::vector<BindSlot>& slots, std::vector<std::size_t>& rows);
  Result<void> check_parameters(Translated& result);
  /// Translated::constants (constants.cpp).
  Result<std::string> fixed_parts(const Statement& statement) const;
  std::vector<OutputColumn> output_columns(const Output& output) const;

  const Context& context_;
  std::vector<model::Type> parameters_;
  std::vector<Position> parameter_positions_;
  std::vector<CommonRelation> common_;
  std::uint64_t relations_ = 0;  // when views and WITH items are written out where they are named
  std::set<std::string, std::less<>> printed_;  // qualifiers in use, in lower case
  std::set<std::string, std::less<>> tables_;
  std::vector<model::Error> notices_;
  struct Step { Statement statement; std::string serial_sequence, serial_table; };
  std::vector<Step> steps_;
  /// By step, and last of the statement itself: the tables that are read there.
  std::vector<std::set<std::string, std::less<>>> reads_{1};
  bool top_with_ = true;         // WITH items may change data here
  std::string serial_sequence_, serial_table_;  // Translated's
  std::vector<std::size_t> open_columns_;       // likewise
  bool volatile_ = false, locks_ = false, adds_reals_ = false;
  bool of_session_ = false;  // user, database, schema, privileges, numbers of objects: another session, or the other side, has others
  bool temporary_ = false;  // a temporary table or view is among the relations
  bool persisted_ = false;  // the expression will be stored in the file: SQLite's built-ins only
};

/// What is bound while it lives: whether its subqueries read the table that the statement changes. SQLite's would see what the statement
/// has changed by then, where PostgreSQL's see the rows as they were when it began.
class OwnReads {
 public:
  explicit OwnReads(Binder& binder);
  ~OwnReads();
  OwnReads(const OwnReads&) = delete;
  OwnReads& operator=(const OwnReads&) = delete;
  bool of(const Binder::Changing& changing) const;

 private:
  Binder& binder_;
  std::set<std::string, std::less<>> before_;
};
/// 0A000 for SET a[1] = DEFAULT.
std::unexpected<model::Error> default_of_part(const TargetColumn& name);
/// The FROM of an UPDATE that has none, so that its subqueries see none of its changes.
FromItem values_first(const std::string& printed);

/// SQLite hands the collation of a comparison that stands in an expression's arguments on to the comparison of the whole.
bool collates_inside(const Expression& expression);

/// Names the target's table; the target's schema too where a temporary table of the session hides it.
void print_relation(RelationName& name, const plan::Table& table, const plan::Schema& schema);
/// A letter each for the direction, the place of NULLs and the comparison of bound items: what run-time aggregates sort by.
std::string order_text(std::span<const OrderItem> items);
char order_kind(model::Oid type);
/// ORDER BY of an aggregate with DISTINCT, which PostgreSQL sorts by: it may name arguments only, as they are written.
class DistinctOrder {
 public:
  /// `call`: its arguments bound and not coerced yet. Not `distinct`: nothing is looked at.
  DistinctOrder(const FunctionCall& call, bool distinct);
  /// One item, bound and not settled yet, becomes its argument, which is coerced. Errors: 42P10.
  Result<void> match(Expression& item, const FunctionCall& call);
  /// The order goes on with the other arguments.
  void go_on_with_arguments(FunctionCall& call) const;

 private:
  bool distinct_;
  std::vector<std::string> written_;
  std::set<std::size_t> met_;
};
/// 42883 with the types of the bound arguments.
std::unexpected<model::Error> no_function(const FunctionCall& call, Position position);
/// Whether a bound expression calls an aggregate or a window function, its subqueries left out.
bool holds_aggregate_or_window(const Expression& expression);
bool calls_window(const Expression& expression);
/// The relations, by their printed names, whose columns a bound expression reads.
std::set<std::string, std::less<>> read_by(const Expression& bound);
/// The packed rows of a bound expression as an item of FROM, and one field of them.
Expression packed_table(Expression rows, Position position);
Expression packed_field(const Relation& relation, std::string name, std::string printed, model::Type type, plan::StoredForm form);
/// The function that makes the NULL of its argument's type, for a column that a grouping set leaves out. No identifier of SQL is empty.
inline constexpr std::string_view kLeftOut;
/// The name that PostgreSQL gives an unnamed result column.
std::string result_name(const Expression& unbound);
/// Equal texts for equal bound expressions.
std::string signature(const Expression& bound);
/// The same with the type: a cast that changes nothing in the file leaves no other trace.
std::string typed_signature(const Expression& bound);
/// 0A000 with position. `what`: "LATERAL"; `hint` empty: the stage in which it works.
std::unexpected<model::Error> unsupported(std::string what, Position position, std::string hint = {});
std::unexpected<model::Error> refuse(model::SqlState state, std::string message, Position position, std::string hint = {},
                                     std::string detail = {});
Expression constant(model::StorageValue value, model::Type type, Position position = kNowhere);
Expression text_argument(std::string text);
bool is_null_constant(const Expression& expression);
/// The table whose own key PostgreSQL's sequence of that name would fill: SQLite counts it where the table is AUTOINCREMENT, else the next
/// one is behind the largest that is there. nullptr: no such sequence.
const plan::Table* keyed_by(const plan::Schema& schema, std::string_view sequence);
/// The sequence of an unbound DEFAULT nextval('s').
std::optional<std::string> default_sequence(const Expression& unbound);

}  // namespace crossfade::sql
