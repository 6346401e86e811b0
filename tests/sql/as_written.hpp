#pragma once

#include <string>
#include <string_view>

#include "crossfade/sql/translate.hpp"
#include "tree.hpp"

namespace crossfade::sql {

/// The only statement of `query`; a failed requirement when there is another number or an error.
Parsed parse_one(std::string_view query);
/// The error of parse(), or of the refused statement's tree; a failed requirement when there is none.
model::Error error_of(std::string_view query);
/// Parsed and printed for SQLite with every name, parameter and number taken as written: what a binder would decide is not looked at.
/// Statements of several texts are joined with "; ". An error prints as "0A000 at 8: message".
std::string print_as_written(std::string_view query);

}  // namespace crossfade::sql
