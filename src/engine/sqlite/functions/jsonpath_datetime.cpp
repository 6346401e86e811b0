#include <array>

#include "jsonpath.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;
namespace oid = model::oid;

PathRun::Outcome PathRun::datetime_method(Path path, PathValue at, PathValues*) {
  if (!is_scalar(at, JsonNode::Kind::string)) return fail_method("22031"_state, path, "jsonpath item method $ can only be applied to a string");
  throw PathEnded{{"0A000"_state, "jsonpath item method .datetime() is not supported on SQLite", {}, "It works in the stage \"postgres\"."}};
}

std::optional<int> PathRun::compare_moments(const PathMoment&, const PathMoment&) const { return std::nullopt; }

std::string path_type_name(PathValue value) {
  constexpr std::array<std::string_view, 6> kNames{"null", "boolean", "number", "string", "array", "object"};
  if (value.moment) return model::format_type(value.moment->type);
  return std::string{kNames[static_cast<std::size_t>(value.node->kind)]};
}

JsonNode path_json(PathValue value, const model::TextStyle&) { return *value.node; }

}  // namespace crossfade::sqlite::functions
