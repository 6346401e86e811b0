#pragma once

#include <array>
#include <compare>
#include <string_view>

namespace crossfade::model {

/// A five-character SQLSTATE. Source: PostgreSQL 15 manual, appendix A.
class SqlState {
 public:
  constexpr SqlState() = default;
  constexpr explicit SqlState(std::string_view code) {
    for (std::size_t i = 0; i < code_.size() && i < code.size(); ++i) code_[i] = code[i];
  }
  constexpr std::string_view code() const { return {code_.data(), code_.size()}; }
  /// The class: the first two characters.
  constexpr std::string_view family() const { return {code_.data(), 2}; }
  constexpr auto operator<=>(const SqlState&) const = default;

 private:
  std::array<char, 5> code_{'0', '0', '0', '0', '0'};
};

inline namespace literals {
/// "22003"_state; a literal of another length does not compile.
consteval SqlState operator""_state(const char* text, std::size_t length) {
  if (length != 5) throw "an SQLSTATE has five characters";
  return SqlState{std::string_view{text, length}};
}
}  // namespace literals

}  // namespace crossfade::model
