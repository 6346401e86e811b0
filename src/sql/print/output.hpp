#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "../tree.hpp"

namespace crossfade::sql {

/// The text that a printer grows, and the first thing it could not print. Both printers build on it.
class Output {
 public:
  explicit Output(std::string_view target) : target_(target) {}

  void put(std::string_view text) { text_ += text; }
  void put(char character) { text_ += character; }
  /// Calls `each` for every item, with `separator` between.
  template <class Items, class Each>
  void list(const Items& items, std::string_view separator, Each each) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) put(separator);
      first = false;
      each(item);
    }
  }

  /// Records 0A000 "… cannot be said in <target>" unless something was refused before.
  void refuse(Position position, std::string_view what);
  struct Unsaid { bool present; std::string_view what; };
  /// Refuses what is present: the fields that a printer does not print.
  void refuse_if(Position position, std::initializer_list<Unsaid> unsaid);

  /// What was printed since the last call, or the refusal.
  model::Result<std::string> take();

 private:
  std::string_view target_;
  std::string text_;
  std::optional<model::Error> refusal_;
};

}  // namespace crossfade::sql
