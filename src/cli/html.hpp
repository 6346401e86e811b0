#pragma once

#include <string>
#include <string_view>

namespace crossfade::cli {

/// What the pages are made of: one self-contained file, without scripts.

/// Text as HTML shows it; what is not UTF-8 is replaced when the page is read.
std::string html_text(std::string_view text);
std::string html_cell(std::string_view text);
/// A cell with a coloured word. `kind`: blocker, warning, note, says-yes, says-no, red, green.
std::string html_tag(std::string_view kind, std::string_view text);
std::string page_head(std::string_view title);
inline constexpr std::string_view kPageEnd = "</html>\n";

}  // namespace crossfade::cli
