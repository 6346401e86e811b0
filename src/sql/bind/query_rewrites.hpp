#pragma once

#include "tree.hpp"

namespace crossfade::sql {

/// An unbound VALUES as SELECT … UNION ALL …: SQLite loses the names of a VALUES that names columns from outside. At most 400 rows.
void values_as_selects(Query& query);

/// An unbound call by one of aggregates' names: what they read is not what a row is grouped by.
bool aggregates(const FunctionCall& call);

/// GROUPING(…) stands in the query itself.
bool asks_grouping(const Query& query, const Select& select);

/// Parts of unbound queries: a column of a derived table, a call, "c1" for the first, a query of a SELECT, and one in FROM.
Expression named_column(std::string table, std::string column);
Expression plain_call(std::string function, Expressions arguments);
std::string numbered(const char* letter, std::size_t index);
Box<Query> boxed(Select select);
FromItem derived(Box<Query> query, std::string alias, std::vector<std::string> columns);

}  // namespace crossfade::sql
