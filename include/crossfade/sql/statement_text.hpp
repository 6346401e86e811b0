#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// 16 hex digits of a statement without its literals, parameters, comments and spacing; lists of literals of any length, and rows
/// of them, are one.
std::string fingerprint(std::string_view statement);
/// What that is of: "select a from t where b = ?", a space between words and operators, words in lower case.
std::string without_literals(std::string_view statement);

/// `$1 = 'it''s', $2 = NULL`, as PostgreSQL's log has the parameters of a statement: their literals in order. nullopt: it is not such a list,
/// or one of them was cut (log_parameter_max_length).
std::optional<std::vector<std::string>> read_logged_parameters(std::string_view detail);

/// The statement with these literals instead of its $1 … $n; one that has none stays.
std::string with_parameters(std::string_view statement, std::span<const std::string> literals);

}  // namespace crossfade::sql
