#include "bound_values.hpp"

#include "crossfade/model/binary_format.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

model::Result<model::Value> decode(std::string_view bytes, wire::Format format, model::Type type, const model::TextStyle& style) {
  if (format == wire::Format::text) return model::parse_text(bytes, type, style);
  return model::parse_binary(bytes, type);
}

}  // namespace

model::Result<std::vector<model::Value>> decode_values(const wire::Arguments& arguments, std::span<const model::Type> types,
                                                       const model::TextStyle& style, std::string_view place) {
  std::vector<model::Value> values;
  for (std::size_t i = 0; i < arguments.values.size(); ++i) {
    const wire::Format format = wire::format_at(arguments.formats, i);
    CROSSFADE_CHECK(wire::check_format(format));
    if (!arguments.values[i]) {
      values.emplace_back(model::Null{});
      continue;
    }
    auto value = decode(*arguments.values[i], format, types[i], style);
    if (!value && value.error().message == model::kTrailingBytes)
      value.error().message += " in " + std::string(place) + " " + std::to_string(i + 1);
    if (!value) return std::unexpected(std::move(value).error());
    values.push_back(*std::move(value));
  }
  return values;
}

}  // namespace crossfade::session
