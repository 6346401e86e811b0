#pragma once

#include <vector>

#include "output.hpp"

namespace crossfade::sql {

/// Prints bound trees as SQLite 3.40's SQL. Operands that are not atoms are put in parentheses: precedence never matters.
class SqlitePrinter {
 public:
  SqlitePrinter() : out_("SQLite") {}
  model::Result<std::vector<std::string>> statement(const Statement& statement);
  model::Result<std::string> alone(const Expression& expression);
  model::Result<std::string> alone(const ColumnDefinition& definition);
  model::Result<std::string> alone(const Constraint& written);

 private:
  // sqlite_expressions.cpp, sqlite_tests.cpp
  void expression(const Expression& expression);
  void operand(const Expression& expression);
  void expressions(const Expressions& list);
  void node(const Literal& node, const Expression& whole);
  void node(const Parameter& node, const Expression& whole);
  void node(const ColumnReference& node, const Expression& whole);
  void node(const Star& node, const Expression& whole);
  void node(const Operation& node, const Expression& whole);
  void node(const Logical& node, const Expression& whole);
  void node(const Not& node, const Expression& whole);
  void node(const Cast& node, const Expression& whole);
  void node(const FunctionCall& node, const Expression& whole);
  void node(const Case& node, const Expression& whole);
  void node(const Choice& node, const Expression& whole);
  void node(const InList& node, const Expression& whole);
  void node(const Subquery& node, const Expression& whole);
  void node(const Quantified& node, const Expression& whole);
  void node(const Between& node, const Expression& whole);
  void node(const Like& node, const Expression& whole);
  void node(const IsTest& node, const Expression& whole);
  void node(const IsDistinct& node, const Expression& whole);
  void node(const RowConstructor& node, const Expression& whole);
  void node(const ArrayConstructor& node, const Expression& whole);
  void node(const Subscript& node, const Expression& whole);
  void node(const FieldSelection& node, const Expression& whole);
  void node(const Collate& node, const Expression& whole);
  void node(const ValueFunction& node, const Expression& whole);
  void node(const CurrentOf& node, const Expression& whole);
  void node(const DefaultMarker& node, const Expression& whole);
  void node(const Constant& node, const Expression& whole);
  void node(const RawCall& node, const Expression& whole);
  void node(const NativeCast& node, const Expression& whole);
  void node(const RawText& node, const Expression& whole);
  void pieces(const Template& node, const Expression& whole);
  bool chain(const Template& node);
  void chain(std::string_view function, std::string_view signs, std::span<const Expression* const> operands);
  void node(const Template& node, const Expression& whole);
  void rows_in_list(const InList& node, const Expression& whole);
  void balanced(std::string_view word, const Expression* begin, const Expression* end);
  void window(const Window& window);
  void frame(const Frame& frame, Position position);
  void frame_bound(const FrameBound& bound);
  void order_by(const std::vector<OrderItem>& items);

  // sqlite_queries.cpp
  void query(const Query& query);
  void body(const Query& query, Position position);
  void select(const Select& select, Position position);
  void values(const Values& values);
  void set_operation(const SetOperation& operation, Position position);
  void arm(const Query& query, bool right);
  void with(const Box<With>& with);
  void targets(const std::vector<ResultColumn>& targets);
  void from(const std::vector<FromItem>& items);
  void from_item(const FromItem& item);
  void join(const Join& join, Position position);
  void alias(const Alias& alias, Position position);
  void limit(const Query& query);

  // sqlite_changes.cpp
  void change(const Insert& insert);
  void change(const Update& update);
  void change(const Delete& delete_);
  void conflict_source(const Query& source);
  void on_conflict(const OnConflict& conflict);
  void target(const TargetColumn& column);
  void assignments(const std::vector<Assignment>& assignments);
  void returning(const std::vector<ResultColumn>& targets);
  void relation(const RelationName& relation);

  // sqlite_schema.cpp
  void define(const CreateTable& create);
  void define(const CreateTableAs& create);
  void define(const CreateIndex& create);
  void define(const CreateView& create);
  void column(const ColumnDefinition& column);
  void constraint(const Constraint& constraint, const ColumnDefinition* column);
  void reference(const Constraint& constraint);
  void index_part(const IndexPart& part, Position position);
  void alter(const AlterTable& alter, std::size_t action);
  void drop(const Drop& drop, const RelationName& relation);

  void name(std::string_view name);
  void names(const std::vector<std::string>& names);
  void keyword_if(bool present, std::string_view keyword) { if (present) out_.put(keyword); }

  Output out_;
  bool outer_right_ = false;   // within a RIGHT or FULL JOIN
  bool in_returning_ = false;  // within an expression of RETURNING
};

}  // namespace crossfade::sql
