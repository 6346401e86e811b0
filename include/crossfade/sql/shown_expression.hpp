#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/plan/schema.hpp"

namespace crossfade::sql {

/// `pretty`: without the parentheses that precedence makes needless.
struct ShownStyle { bool pretty = false; };

/// PostgreSQL's quote_ident().
std::string shown_name(std::string_view name);

/// The condition or expression `text` over the table's columns (in words that SQLite and PostgreSQL share) as PostgreSQL shows what it keeps:
/// operators for IN and BETWEEN, every cast that its types make, parentheses around each operation. nullopt: something in it has a
/// meaning of its own here, or is not known to this printer; the text is shown as it stands then.
/// Source: PostgreSQL 15, ruleutils.c (get_rule_expr, isSimpleNode), parse_expr.c (transformAExprIn, transformAExprBetween).
std::optional<std::string> shown_expression(std::string_view text, const plan::Table& table, const ShownStyle& style);

/// A text of the file as plan::Table::shown has it for a key: without space and parentheses around it.
std::string shown_key(std::string_view sqlite);

/// The pattern of SQLite's GLOB as LIKE says it. nullopt: it has a class of several characters.
std::optional<std::string> like_of_glob(std::string_view glob);

}  // namespace crossfade::sql
