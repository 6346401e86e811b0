#pragma once

#include <string>
#include <vector>

#include "../tree.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::sql {

/// The texts of a bound statement in the target's SQL, to be run in order; more than one only for DDL.
/// Errors: 0A000 with position, naming what the target cannot say or what the binder should have resolved; nothing is left out.
model::Result<std::vector<std::string>> print(const Statement& bound, Target target);
/// One expression alone, for persisted SQL (CHECK, DEFAULT) and messages.
model::Result<std::string> print(const Expression& bound, Target target);

/// A column's definition, and a table's constraint, as they stand in CREATE TABLE.
model::Result<std::string> print(const ColumnDefinition& bound, Target target);
model::Result<std::string> print(const Constraint& bound, Target target);
/// A text as the target's SQL writes it.
std::string quote_text(std::string_view text);

/// A name as the target's SQL writes it: bare when it is lower case and no keyword, else in double quotes.
std::string quote_identifier(std::string_view name, Target target);

}  // namespace crossfade::sql
