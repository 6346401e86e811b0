#include "output.hpp"

#include <utility>

namespace crossfade::sql {

void Output::refuse(Position position, std::string_view what) {
  if (refusal_) return;
  refusal_ = model::Error{.state = model::SqlState{"0A000"},
                          .message = std::string{what} + " is not supported while " + std::string{target_} + " answers",
                          .position = error_position(position)};
}

void Output::refuse_if(Position position, std::initializer_list<Unsaid> unsaid) {
  for (const Unsaid& part : unsaid) {
    if (part.present) refuse(position, part.what);
  }
}

model::Result<std::string> Output::take() {
  if (refusal_) return std::unexpected(*refusal_);
  return std::exchange(text_, {});
}

}  // namespace crossfade::sql
