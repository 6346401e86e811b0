#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crossfade/plan/schema.hpp"
#include "tree.hpp"

namespace crossfade::sql {

using OrderedBy = std::vector<const Expression*>;

/// Which columns of a SELECT's relations are known once others are: those that are equal to them, and all of a row whose key is. `select` as it
/// was read, not bound; it and the schema outlive this.
class KnownColumns {
 public:
  KnownColumns(const Select& select, const plan::Schema& schema);

  /// Does each relation have one row at most for each value of `order`? A column of the query around is a constant. In the number of columns and
  /// of equalities.
  bool fixes(const OrderedBy& order) const;

 private:
  static constexpr std::size_t kNoKey = SIZE_MAX;
  struct Relation { std::string alias; const plan::Table* table; std::size_t first, key; };  // first: its first column's place; key: how many columns it has
  using Aliases = std::set<std::string, std::less<>>;
  using Places = std::vector<std::size_t>;

  void add(const FromItem& item, const plan::Schema& schema);
  void conditions(const FromItem& item);
  void join_by(const std::string& column, const Aliases& left, const Aliases& right, const Aliases* only);
  void conjuncts(const Expression& condition, const Aliases* only);
  std::optional<Places> operand(const Expression& given) const;
  void lead(std::size_t from, std::size_t to, const Aliases* only);
  Places places(const ColumnReference& column) const;
  const std::string& alias_of(std::size_t place) const { return relations_[relation_of(place)].alias; }
  std::size_t relation_of(std::size_t place) const;

  std::vector<Relation> relations_;
  std::map<std::string, Places, std::less<>> columns_;  // by name
  std::vector<Places> leads_;                           // from a column to those that are known with it
  Places constants_;
  bool strange_ = false;  // something else than tables: nothing is known
};

}  // namespace crossfade::sql
