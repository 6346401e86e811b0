#include "bound_values.hpp"

#include "crossfade/model/binary_format.hpp"
#include "crossfade/model/object_type.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

model::Result<model::Value> decode(std::string_view bytes, wire::Format format, model::Type type, const model::TextStyle& style) {
  if (format == wire::Format::text) return model::parse_text(bytes, model::is_object_type(type.oid) ? model::Type{model::oid::text} : type, style);
  CROSSFADE_TRY(auto value, model::parse_binary(bytes, type));
  return as_parameter(std::move(value), type);
}

}  // namespace

model::Value as_parameter(model::Value value, model::Type type) {
  const auto* number = model::is_object_type(type.oid) ? std::get_if<std::int64_t>(&value) : nullptr;
  return number != nullptr ? model::Value(std::to_string(*number)) : std::move(value);
}

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

std::size_t weight_of(const wire::Arguments& message) {
  std::size_t bytes = 0;
  for (const auto& value : message.values) bytes += value ? value->size() : 0;
  return bytes;
}

std::size_t memory_of(const wire::Arguments& message, std::span<const model::Type> types) {
  constexpr std::size_t kArray = 24;  // "{1,1,1 …": two bytes each
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < message.values.size(); ++i) {
    const std::size_t size = message.values[i] ? message.values[i]->size() : 0;
    bytes += sizeof(model::Value) + size * (model::element_of(types[i]) ? kArray : 1);
  }
  return bytes;
}

}  // namespace crossfade::session
