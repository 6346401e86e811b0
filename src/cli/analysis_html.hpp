#pragma once

#include <string>

#include "crossfade/migrate/analyze.hpp"

namespace crossfade::cli {

/// The analysis as one page without anything from elsewhere: what to do, the five signals, findings, every table and column.
std::string to_html(const migrate::Analysis& analysis);

/// "3 texts in a column declared as an integer".
std::string finding_text(const migrate::Finding& finding);
/// "2, 7, 19"; empty when none are known.
std::string rowids_text(const migrate::Finding& finding);

}  // namespace crossfade::cli
