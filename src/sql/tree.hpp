#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "box.hpp"
#include "crossfade/model/error.hpp"
#include "crossfade/model/type.hpp"
#include "crossfade/model/value.hpp"
#include "crossfade/plan/schema.hpp"
#include "crossfade/plan/stored_form.hpp"

/// The typed tree: what a front end makes of one statement, what the binder annotates on its own copy, what a printer prints.
/// Plain values throughout: copying a node copies all below it. Names are folded as the dialect folds them; positions are 0-based
/// characters of Parsed::text. Unless a comment says "binder", a field is filled by the front end.
namespace crossfade::sql {

using Position = std::uint32_t;
inline constexpr Position kNowhere = UINT32_MAX;
/// For model::Error: 1-based, 0 for nowhere.
inline std::uint32_t error_position(Position position) { return position == kNowhere ? 0 : position + 1; }

struct Expression;
struct Query;
struct Statement;
using Expressions = std::vector<Expression>;

/// A written name with its place: a column of an INSERT, a SET or a USING list.
struct Name { std::string text; Position position = kNowhere; };

/// A relation as written. Binder: `printed` is the target's (unquoted) name, `table` what it was resolved to (null for a CTE);
/// `printed_schema` goes before it where a temporary table hides it.
struct RelationName {
  std::string catalog, schema, name;
  Position position = kNowhere;
  std::string printed, printed_schema;
  const plan::Table* table = nullptr;
};

/// A type as written. `name`: typname or alias, lower case ("int4", "serial"); `resolved`: with its modifier applied.
struct TypeName {
  std::string schema, name;
  std::vector<std::int32_t> modifiers;
  int array_dimensions = 0;
  bool set_of = false;
  std::optional<model::Type> resolved;  // none: not a type of model::types() (domains, enums, arrays, "serial" …)
  Position position = kNowhere;
};

// ---- expressions

struct Literal {
  enum class Kind : std::uint8_t { null, boolean, integer, numeric, string, bits, hex_bits } kind = Kind::null;
  std::string text;  // "true"/"false"; digits as written ("12", "1.50", "1e3"); the string's value; bits without B'' or X''
};
/// $n. Binder: `slot` is the 1-based ?N of the target's text.
/// `step`: not the client's, but the packed rows of that step (1-based) of a WITH that changes data.
struct Parameter { std::uint16_t number = 0; std::uint16_t slot = 0; std::uint16_t step = 0; };
/// schema.table.column, outer parts empty when not written. Binder: printed qualifier (may be empty) and column, and its source.
struct ColumnReference {
  std::string schema, table, name;
  std::string printed_qualifier, printed_column;
  const plan::Column* column = nullptr;
};
/// `*` or `t.*`, as a target or in count(*) of a row.
struct Star { std::string schema, table; };
/// left OP right; no left: a prefix operator. `name`: PostgreSQL's ("=", "<>", "||", "->>"); the binder writes the target's.
struct Operation { std::string schema, name; Box<Expression> left, right; };
struct Logical { enum class Kind : std::uint8_t { and_, or_ } kind = Kind::and_; Expressions arguments; };
struct Not { Box<Expression> argument; };
struct Cast { Box<Expression> argument; TypeName type; };

struct OrderItem;
struct FrameBound {
  enum class Kind : std::uint8_t { unbounded_preceding, preceding, current_row, following, unbounded_following } kind = Kind::current_row;
  Box<Expression> offset;
};
struct Frame {
  enum class Mode : std::uint8_t { range, rows, groups } mode = Mode::range;
  FrameBound start, end;
  bool has_end = false;  // BETWEEN … AND … was written
  enum class Exclude : std::uint8_t { none, current_row, group, ties } exclude = Exclude::none;
};
/// OVER (…), OVER name, or one item of the WINDOW clause (`name` its own name, `refers_to` the one it builds on).
struct Window {
  std::string name, refers_to;
  Expressions partition_by;
  std::vector<OrderItem> order_by;
  std::optional<Frame> frame;
  bool only_name = false;  // OVER name, without parentheses
  Position position = kNowhere;
};

/// SQL syntax arrives as PostgreSQL's grammar makes it: EXTRACT(f FROM x) is pg_catalog.extract('f', x), x AT TIME ZONE z is
/// pg_catalog.timezone(z, x), TRIM is btrim/ltrim/rtrim, POSITION(a IN b) is position(b, a); `sql_syntax` is set then.
struct FunctionCall {
  std::string schema, name;
  Expressions arguments;
  bool star = false, distinct = false, variadic = false, within_group = false, sql_syntax = false;
  std::vector<OrderItem> order_by;
  Box<Expression> filter;
  Box<Window> over;
};
struct When { Box<Expression> condition, result; };
struct Case { Box<Expression> operand; std::vector<When> whens; Box<Expression> otherwise; };
struct Choice {
  enum class Kind : std::uint8_t { coalesce, nullif, greatest, least } kind = Kind::coalesce;
  Expressions arguments;
};
struct InList { Box<Expression> operand; Expressions list; bool negated = false; };
/// EXISTS (q), (q), ARRAY(q), x OP ANY (q), x OP ALL (q); x IN (q) is `any` with operator "=" and in_syntax. NOT IN is Not over it.
struct Subquery {
  enum class Kind : std::uint8_t { exists, scalar, array, any, all } kind = Kind::scalar;
  Box<Expression> operand;
  std::string operation;
  bool in_syntax = false;
  Box<Query> query;
};
/// x OP ANY (array), x OP ALL (array).
struct Quantified { bool all = false; std::string operation; Box<Expression> operand, array; };
struct Between { Box<Expression> operand, low, high; bool negated = false, symmetric = false; };
struct Like {
  enum class Kind : std::uint8_t { like, ilike, similar } kind = Kind::like;
  Box<Expression> operand, pattern, escape;
  bool negated = false;
};
struct IsTest {
  enum class Kind : std::uint8_t { null, true_, false_, unknown } kind = Kind::null;
  Box<Expression> operand;
  bool negated = false;
};
struct IsDistinct { Box<Expression> left, right; bool negated = false; };
/// `whole`: a relation's row, where its name is a value.
struct RowConstructor { Expressions fields; bool explicit_row = false, whole = false; };
struct ArrayConstructor { Expressions elements; };
/// `closed`: the last one of its chain stood in parentheses; a subscript behind it is one of its value.
struct Subscript { Box<Expression> base, lower, upper; bool slice = false, closed = false; };
/// One step behind a column that is assigned to: a subscript, whose base is empty, or a field; an empty field is .*
struct TargetStep { Subscript subscript; std::optional<std::string> field = {}; };
/// (expression).field; an empty field is .*
struct FieldSelection { Box<Expression> base; std::string field; };
/// Binder: `printed` is the target's collation.
struct Collate { Box<Expression> argument; std::string schema, name; std::string printed; };
struct ValueFunction {
  enum class Kind : std::uint8_t {
    current_date, current_time, current_timestamp, localtime, localtimestamp,
    current_user, session_user, user, current_role, current_catalog, current_schema,
  } kind = Kind::current_date;
  std::optional<std::int32_t> precision;
};
/// WHERE CURRENT OF cursor, of UPDATE and DELETE.
struct CurrentOf { std::string cursor; };
/// DEFAULT in VALUES or SET.
struct DefaultMarker {};

// Made by the binder and the rules only.
/// A literal in the target's form: INTEGER, REAL with all its digits, TEXT, X'…', NULL.
struct Constant { model::StorageValue value; };
/// name(arguments) as it stands; DISTINCT, ORDER BY, FILTER and OVER need a FunctionCall.
struct RawCall { std::string name; Expressions arguments; };
/// CAST(argument AS type) of the target, type as printed.
struct NativeCast { Box<Expression> argument; std::string type; };
/// Target text written by a rule, printed in parentheses.
struct RawText { std::string text; };
/// Target text with $1 … $9 where an argument goes ("$1 + $2"), printed in parentheses; each argument is printed in parentheses
/// unless it is a constant, a column, a parameter or a call. $* is all arguments, separated by commas.
/// `unstable`: its value depends on the session or the moment.
struct Template { std::string text; Expressions arguments; bool unstable = false; };

using Node = std::variant<Literal, Parameter, ColumnReference, Star, Operation, Logical, Not, Cast, FunctionCall, Case, Choice,
                          InList, Subquery, Quantified, Between, Like, IsTest, IsDistinct, RowConstructor, ArrayConstructor,
                          Subscript, FieldSelection, Collate, ValueFunction, CurrentOf, DefaultMarker, Constant, RawCall, NativeCast, RawText, Template>;

/// Binder: `type` (oid unknown until bound) and `form` (how the value travels in the target).
struct Expression {
  Node node;
  Position position = kNowhere;
  model::Type type;
  plan::StoredForm form;
};

struct OrderItem {
  Expression expression;
  enum class Direction : std::uint8_t { unspecified, ascending, descending } direction = Direction::unspecified;
  enum class Nulls : std::uint8_t { unspecified, first, last } nulls = Nulls::unspecified;
  std::optional<std::size_t> place;  // bound: the output column that it is
};

// ---- queries

struct Alias { std::string name; std::vector<std::string> columns; };
/// alias empty: none written. open: row_order() says that its value may depend on an order that the statement does not fix.
struct ResultColumn { Expression expression; std::string alias; bool open = false; };

struct FromItem;
struct TableReference { RelationName relation; Alias alias; bool only = false; };
struct SubqueryReference { Box<Query> query; Alias alias; bool lateral = false; };
struct ColumnDefinitionItem { std::string name; TypeName type; };
/// A function in FROM. `columns`: AS f(a int, b text).
struct FunctionReference {
  Expression call;
  Alias alias;
  std::vector<ColumnDefinitionItem> columns;
  bool lateral = false, ordinality = false;
};
struct Join {
  enum class Kind : std::uint8_t { inner, left, right, full, cross } kind = Kind::inner;
  Box<FromItem> left, right;
  Box<Expression> on;
  std::vector<Name> using_columns;
  std::string using_alias;
  bool natural = false;
  Alias alias;  // (a JOIN b) AS x
};
struct FromItem {
  std::variant<TableReference, SubqueryReference, FunctionReference, Join> node;
  Position position = kNowhere;
};

struct Select {
  enum class Distinct : std::uint8_t { none, all, on } distinct = Distinct::none;
  Expressions distinct_on;
  std::vector<ResultColumn> targets;
  std::vector<FromItem> from;
  Box<Expression> where;
  Expressions group_by;
  std::vector<Expressions> grouping_sets;  // ROLLUP, CUBE, GROUPING SETS, multiplied out; `group_by` is empty then
  bool group_distinct = false;
  Box<Expression> having;
  std::vector<Window> windows;
};
struct Values { std::vector<Expressions> rows; };
struct SetOperation {
  enum class Kind : std::uint8_t { union_, intersect, except } kind = Kind::union_;
  bool all = false;
  Box<Query> left, right;
};
/// FOR UPDATE … of a query.
struct Locking {
  enum class Strength : std::uint8_t { key_share, share, no_key_update, update } strength = Strength::update;
  enum class Wait : std::uint8_t { block, skip_locked, nowait } wait = Wait::block;
  std::vector<RelationName> of;
};
struct With;
/// A SELECT, VALUES or set operation with its WITH, ORDER BY, LIMIT and locks.
struct Query {
  Box<With> with;
  std::variant<Select, Values, SetOperation> body;
  std::vector<OrderItem> order_by;
  Box<Expression> limit, offset;  // LIMIT ALL: no limit
  bool with_ties = false;
  std::vector<Locking> locks;
  Position position = kNowhere;
};

// ---- data changes

struct CommonTable {
  std::string name;
  std::vector<std::string> columns;
  enum class Materialize : std::uint8_t { unspecified, always, never } materialize = Materialize::unspecified;
  Box<Statement> statement;  // Query, Insert, Update or Delete
  Position position = kNowhere;
};
struct With { bool recursive = false; std::vector<CommonTable> tables; };

/// A column that is written. `steps`: to the part of it that is; none after the binder.
struct TargetColumn : Name { std::vector<TargetStep> steps = {}; };
/// SET a = x; SET (a, b) = (SELECT …). (a, b) = (x, y) arrives as two assignments.
struct Assignment { std::vector<TargetColumn> columns; Expression value; };

/// One part of an index or of a conflict target: a column by name, or an expression.
struct IndexPart {
  Name column;
  Box<Expression> expression;
  std::string collation, operator_class;
  OrderItem::Direction direction = OrderItem::Direction::unspecified;
  OrderItem::Nulls nulls = OrderItem::Nulls::unspecified;
};
struct OnConflict {
  bool update = false;  // else DO NOTHING
  std::vector<IndexPart> target;
  Box<Expression> target_where;
  std::string constraint;  // ON CONSTRAINT name
  std::vector<Assignment> assignments;
  Box<Expression> where;
  Position position = kNowhere;
};
struct Insert {
  Box<With> with;
  RelationName relation;
  std::string alias;
  std::vector<TargetColumn> columns;
  Box<Query> source;  // none: DEFAULT VALUES
  enum class Overriding : std::uint8_t { none, user, system } overriding = Overriding::none;
  std::optional<OnConflict> on_conflict;
  std::vector<ResultColumn> returning;
};
struct Update {
  Box<With> with;
  TableReference relation;
  std::vector<Assignment> assignments;
  std::vector<FromItem> from;
  Box<Expression> where;
  std::vector<ResultColumn> returning;
};
struct Delete {
  Box<With> with;
  TableReference relation;
  std::vector<FromItem> using_;
  Box<Expression> where;
  std::vector<ResultColumn> returning;
};

// ---- schema changes

/// CREATE SEQUENCE, ALTER SEQUENCE, GENERATED … AS IDENTITY (…): only what was written.
struct SequenceOptions {
  std::optional<TypeName> type;
  std::optional<std::int64_t> start, increment, minimum, maximum, cache, restart_with;
  bool no_minimum = false, no_maximum = false, restart = false;
  std::optional<bool> cycle;
  std::optional<std::vector<std::string>> owned_by;  // names outermost first; {"none"}
  std::string name;                                  // SEQUENCE NAME, which pg_dump writes
};
struct Constraint {
  enum class Kind : std::uint8_t {
    not_null, null, default_, identity, generated, check, primary_key, unique, foreign_key,
  } kind = Kind::not_null;
  std::string name;
  Box<Expression> expression;        // DEFAULT, CHECK, GENERATED ALWAYS AS (…) STORED
  std::vector<std::string> columns;  // of a table constraint
  bool identity_always = false;
  SequenceOptions sequence;          // of an identity
  bool nulls_not_distinct = false;
  bool deferrable = false, initially_deferred = false;
  bool not_valid = false;
  RelationName target;
  std::vector<std::string> target_columns;
  enum class Match : std::uint8_t { simple, full } match = Match::simple;
  enum class Action : std::uint8_t { no_action, restrict_, cascade, set_null, set_default };
  Action on_update = Action::no_action, on_delete = Action::no_action;
  Position position = kNowhere;
};
/// Binder: `declared` is the target's type. `serial`: SERIAL, BIGSERIAL, SMALLSERIAL; `type.resolved` is its integer type then.
struct ColumnDefinition {
  std::string name;
  TypeName type;
  bool serial = false;
  std::string collation;
  std::vector<Constraint> constraints;
  Position position = kNowhere;
  std::string declared;
};
enum class Persistence : std::uint8_t { permanent, unlogged, temporary };
enum class OnCommit : std::uint8_t { none, preserve_rows, delete_rows, drop };
/// LIKE other INCLUDING … in CREATE TABLE. `before`: how many columns were written before it. Binder: `checks`, those that it brought.
struct LikeClause {
  RelationName source;
  bool comments = false, constraints = false, defaults = false, generated = false, identity = false, indexes = false;
  std::size_t before = 0;
  std::vector<std::string> checks = {};
};
struct CreateTable {
  RelationName relation;
  Persistence persistence = Persistence::permanent;
  bool if_not_exists = false;
  std::vector<ColumnDefinition> columns;
  std::vector<Constraint> constraints;
  std::vector<LikeClause> likes;
  OnCommit on_commit = OnCommit::none;
  bool without_rowid = false, strict = false;  // binder, SQLite's
};
struct CreateTableAs {
  RelationName relation;
  Persistence persistence = Persistence::permanent;
  bool if_not_exists = false, with_data = true, materialized_view = false;
  std::vector<std::string> columns;
  OnCommit on_commit = OnCommit::none;
  Box<Query> query;
};
struct CreateIndex {
  std::string name;  // empty: PostgreSQL chooses
  RelationName relation;
  bool unique = false, if_not_exists = false, concurrently = false, nulls_not_distinct = false;
  std::string method;  // "btree" when none was written
  std::vector<IndexPart> parts;
  std::vector<std::string> included;  // INCLUDE (…)
  Box<Expression> where;
};
struct CreateView {
  RelationName relation;
  std::vector<std::string> columns;
  bool or_replace = false;
  Persistence persistence = Persistence::permanent;
  Box<Query> query;
};
struct AddColumn { ColumnDefinition column; bool if_not_exists = false; };
struct DropColumn { std::string column; bool if_exists = false, cascade = false; };
struct RenameColumn { std::string column, new_name; };
struct RenameTable { std::string new_name; };
struct AddConstraint { Constraint constraint; };
struct DropConstraint { std::string name; bool if_exists = false, cascade = false; };
struct ValidateConstraint { std::string name; };
struct RenameConstraint { std::string name, new_name; };
/// ALTER COLUMN. `expression`: of SET DEFAULT, or TYPE's USING; `constraint`: of ADD GENERATED.
struct AlterColumn {
  enum class What : std::uint8_t { set_not_null, drop_not_null, set_default, drop_default, type, add_identity, drop_identity } what;
  std::string column;
  Box<Expression> expression;
  TypeName type;
  std::string collation;
  Box<Constraint> constraint;
  bool if_exists = false;
};
/// OWNER TO. `role`: "current_user" and its kin as the grammar spells them.
struct ChangeOwner { std::string role; };
using AlterAction = std::variant<AddColumn, DropColumn, RenameColumn, RenameTable, AddConstraint, DropConstraint, ValidateConstraint,
                                 RenameConstraint, AlterColumn, ChangeOwner>;
struct AlterTable {
  enum class Object : std::uint8_t { table, index, view, sequence } object = Object::table;
  RelationName relation;
  bool if_exists = false;
  std::vector<AlterAction> actions;
};
struct CreateSequence {
  RelationName relation;
  Persistence persistence = Persistence::permanent;
  bool if_not_exists = false;
  SequenceOptions options;
};
struct AlterSequence { RelationName relation; bool if_exists = false; SequenceOptions options; };
/// COMMENT ON. `column`: of COLUMN; `name`: of a constraint or another object on the relation. No text: IS NULL.
struct Comment {
  enum class Object : std::uint8_t { table, view, index, sequence, column, constraint, database, schema, type, domain } object = Object::table;
  RelationName relation;
  std::string column;
  std::optional<std::string> text;
};
struct Drop {
  enum class Object : std::uint8_t { table, index, view, sequence } object = Object::table;
  std::vector<RelationName> relations;
  bool if_exists = false, cascade = false, concurrently = false;
};
/// Objects that are no relations: types, domains and schemas. `relation` and its kin hold their names.
enum class NamedObject : std::uint8_t { type, domain, schema };
struct CreateEnum { RelationName name; std::vector<std::string> labels; };
/// ADD VALUE `label`, next to `neighbour` where one is named; or RENAME VALUE `renamed` TO `label`.
struct AlterEnum {
  RelationName name;
  std::string label, neighbour, renamed;
  bool renames = false, before = false, if_not_exists = false;
};
struct CreateDomain { RelationName name; TypeName type; std::vector<Constraint> constraints; };
struct CreateSchema { std::string name, role; bool if_not_exists = false; };
/// RENAME TO `new_name`, else OWNER TO `role`.
struct AlterNamed { NamedObject object = NamedObject::type; RelationName name; std::string new_name, role; };
struct DropNamed {
  NamedObject object = NamedObject::type;
  std::vector<RelationName> names;
  bool if_exists = false, cascade = false;
};
/// CREATE EXTENSION. COMMENT ON EXTENSION is the same with `comment`.
struct CreateExtension { std::string name; bool if_not_exists = false; std::optional<std::string> comment = {}; };
/// GRANT and REVOKE, ALTER DEFAULT PRIVILEGES (`defaults`) too. `names`: of tables, sequences, schemas or databases, as `object` says.
struct Grant {
  enum class Object : std::uint8_t { table, sequence, schema, database, other } object = Object::table;
  bool grant = false, defaults = false;
  std::vector<RelationName> names;
  std::vector<std::string> roles;
};
/// DROP of a kind of which SQLite's side holds none (functions, materialized views, rules …): what PostgreSQL says of an absent one.
struct DropAbsent {
  /// `part`: of a relation (a rule, a policy), named by `relation`; `relation`: it has a relation's name; `other`: `relation` is its name.
  enum class Kind : std::uint8_t { other, relation, part } kind = Kind::other;
  struct Item { RelationName relation; std::string part, missing, skipped; std::vector<TypeName> types = {}; };  // `missing`, `skipped`: as the error and as the notice name it
  model::SqlState state;
  std::string word;  // "materialized view"
  std::vector<Item> items;
  bool if_exists = false;
};
struct DropRole { std::vector<std::string> names; bool if_exists = false; };
/// REINDEX and CLUSTER, which change no answer. `name`: of the index, table, schema or database; empty: CLUSTER of all.
struct Reorder {
  enum class What : std::uint8_t { index, table, schema, system, database, cluster } what = What::table;
  RelationName relation;
  std::string index;  // CLUSTER … USING
  bool concurrently = false;
};
/// VACUUM and ANALYZE. No relations: all tables.
struct Maintenance {
  struct Target { RelationName relation; std::vector<std::string> columns; };
  bool vacuum = false, analyze = false, full = false, verbose = false;
  std::vector<Target> targets;
};
/// LOCK TABLE. Modes in PostgreSQL's order, from ACCESS SHARE to ACCESS EXCLUSIVE.
struct LockTable {
  enum class Mode : std::uint8_t {
    access_share, row_share, row_exclusive, share_update_exclusive, share, share_row_exclusive, exclusive, access_exclusive,
  } mode = Mode::access_exclusive;
  std::vector<RelationName> relations;
  bool nowait = false;
};
struct Truncate { std::vector<RelationName> relations; bool restart_identity = false, cascade = false; };

// ---- the rest

struct Explain {
  struct Option { std::string name, value; Position position = kNowhere; };
  bool analyze = false;
  std::vector<Option> options;
  Box<Statement> statement;
};
struct Copy {
  RelationName relation;
  std::vector<std::string> columns;
  Box<Statement> query;  // COPY (query); no relation then
  bool from = false, program = false;
  std::string file;  // empty: STDIN or STDOUT
  /// `value`: text of a word, string or number; `names`: of a list of columns.
  struct Option {
    enum class Kind : std::uint8_t { none, word, integer, list, all } kind = Kind::none;
    std::string name, value;
    std::vector<std::string> names;
    Position position = kNowhere;
  };
  std::vector<Option> options;
  Box<Expression> where;
};
struct Prepare { std::string name; std::vector<TypeName> types; Box<Statement> statement; };
struct Execute { std::string name; Expressions arguments; };
struct Deallocate { std::string name; };  // empty: ALL
/// BEGIN, SET, SHOW, LISTEN …: what they say is in Parsed::control.
struct Control {};
/// A statement that PostgreSQL's grammar takes and this tree does not hold: translate() answers with `error` (0A000, position).
/// `needs`: the relations that PostgreSQL looks for first, whose absence is the error then.
struct Refused { model::Error error; std::vector<RelationName> needs = {}; };

struct Statement {
  std::variant<Control, Query, Insert, Update, Delete, CreateTable, CreateTableAs, CreateIndex, CreateView, AlterTable, Drop,
               CreateSequence, AlterSequence, CreateEnum, AlterEnum, CreateDomain, CreateSchema, AlterNamed, DropNamed, DropRole, CreateExtension, Grant, DropAbsent, Reorder, Comment, Truncate,
               Maintenance, LockTable, Explain, Copy, Prepare, Execute, Deallocate, Refused> node;
};

struct Tree {
  Statement statement;
  std::string fingerprint;            // of the statement without literals and parameters; 16 hex digits
  std::uint32_t highest_parameter = 0;  // 3 when $3 is the highest; 65536 for all that are higher than a client can give
};

}  // namespace crossfade::sql
