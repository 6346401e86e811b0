#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tree.hpp"

namespace crossfade::sql {

/// Where an expression stands: what messages call it, and what it may hold.
enum class Clause : std::uint8_t {
  select, where, join, group_by, having, order_by, limit, offset, values, returning, set, filter, window, from, aggregate, persisted,
  execute,
};
std::string_view clause_name(Clause clause);

/// A column that names can reach: `expression` is a bound reference to it, copied to where it is used.
struct Visible {
  std::string name;
  Expression expression;
};

/// Between the name of a column and its fields' in a derived table whose column is a row of several values: such a column is one for
/// each of its fields, which * does not reach.
inline constexpr char kFieldMark = '\x1f';

/// One relation of a FROM clause. `printed`: its qualifier in the target's text, unique in the whole statement.
struct Relation {
  std::string alias, schema, printed;
  std::vector<Visible> columns;
  const plan::Table* table = nullptr;
  std::vector<Visible> hidden = {};  // system columns: by name only, not in *
  bool scalar = false;  // a function of single values: its name alone is the value
};
using RelationPointer = std::shared_ptr<const Relation>;

/// What names mean at one place of a statement. `visible`: what unqualified names and * reach, in order, USING columns merged.
struct Scope {
  const Scope* outer = nullptr;
  std::vector<RelationPointer> relations;
  std::vector<Visible> visible;
  const Scope* beside = nullptr;  // of a JOIN's ON: the whole FROM, whose relations it must not use
  const std::vector<Window>* windows = nullptr;
  bool* aggregated = nullptr;     // set when an aggregate is bound here
  bool outer_join = false;        // columns declared NOT NULL can be NULL
  Clause holds = Clause::from;    // where the subquery stands that is being bound
};

/// Errors: 42703 unknown, 42702 ambiguous, 42P01 unknown qualifier; PostgreSQL's messages, with `position`.
model::Result<Expression> find_column(const Scope& scope, const ColumnReference& name, Position position);
/// The columns of `*` or `t.*`. Errors: 42P01, 42601 for a * without FROM.
model::Result<std::vector<Visible>> expand_star(const Scope& scope, const Star& star, Position position);

}  // namespace crossfade::sql
