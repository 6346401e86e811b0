#include "crossfade/sql/shown_expression.hpp"

namespace crossfade::sql {

std::optional<std::string> like_of_glob(std::string_view glob) {
  std::string out;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    char c = glob[i];
    if (c == '*' || c == '?') {
      out += c == '*' ? '%' : '_';
      continue;
    }
    if (c == '[') {
      const bool single = i + 2 < glob.size() && (static_cast<unsigned char>(glob[i + 1]) & 0x80) == 0 && glob[i + 1] != '^' && glob[i + 1] != ']' && glob[i + 2] == ']';
      if (!single) return std::nullopt;
      c = glob[i + 1];
      i += 2;
    }
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace crossfade::sql
