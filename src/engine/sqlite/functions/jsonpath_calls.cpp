#include <array>

#include "jsonpath.hpp"
#include "packed.hpp"

namespace crossfade::sqlite::functions {

using namespace model::literals;

namespace {

/// crossfade_path_…(document, path, variables, silent, zones)
enum Argument : std::size_t { kDocument, kPath, kVariables, kSilent, kZones };

template <class Use>
Answer with_path(const Call& call, Use use) {
  CROSSFADE_TRY(const model::JsonPath* path, call.kept<model::JsonPath>(kPath, [](const model::JsonPath&) { return true; }, [&] { return model::read_jsonpath(call.text(kPath)); }));
  const JsonNode document = read_json(call.text(kDocument)), variables = read_json(call.text(kVariables));
  if (variables.kind != JsonNode::Kind::object) {
    return model::fail("22023"_state, "\"vars\" argument is not an object", "Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
  }
  PathRun run{*path, document, variables, {
      .errors = call.integer(kSilent) != 0 ? PathRun::Errors::silent : PathRun::Errors::thrown,
      .zones = call.integer(kZones) != 0 ? PathRun::Zones::used : PathRun::Zones::refused,
      .style = &call.session().style,
  }};
  try {
    return use(run);
  } catch (PathEnded& ended) {
    return std::unexpected(std::move(ended.error));
  }
}

Answer path_exists(const Call& call) {
  return with_path(call, [](PathRun& run) -> Answer {
    const PathRun::Outcome outcome = run.exists();
    if (outcome == PathRun::Outcome::failed) return model::Null{};
    return std::int64_t{outcome == PathRun::Outcome::ok};
  });
}

Answer path_match(const Call& call) {
  return with_path(call, [&](PathRun& run) -> Answer {
    PathValues found;
    run.find(found);
    if (found.size() == 1 && is_scalar(found.front(), JsonNode::Kind::boolean)) return std::int64_t{found.front().node->text == "true"};
    if (found.size() == 1 && is_scalar(found.front(), JsonNode::Kind::null)) return model::Null{};
    if (call.integer(kSilent) != 0) return model::Null{};
    return model::fail("22038"_state, "single boolean result is expected");
  });
}

Answer path_query(const Call& call) {
  return with_path(call, [&](PathRun& run) -> Answer {
    PathValues found;
    run.find(found);
    PackedRows rows;
    for (const PathValue each : found) rows.begin_row().add(path_json(each));
    return rows.take();
  });
}

Answer path_array(const Call& call) {
  return with_path(call, [&](PathRun& run) -> Answer {
    PathValues found;
    run.find(found);
    std::string all = "[";
    for (const PathValue each : found) all.append(all.size() > 1 ? ", " : "").append(path_json(each));
    return all += ']';
  });
}

Answer path_first(const Call& call) {
  return with_path(call, [&](PathRun& run) -> Answer {
    PathValues found;
    run.find(found);
    if (found.empty()) return model::Null{};
    return path_json(found.front());
  });
}

constexpr std::array kPathFunctions{
    Function{"crossfade_path_exists", 5, path_exists}, Function{"crossfade_path_match", 5, path_match}, Function{"crossfade_path_query", 5, path_query},
    Function{"crossfade_path_array", 5, path_array},   Function{"crossfade_path_first", 5, path_first},
};

/// read_jsonpath compiles the patterns by this, from the program's start on.
const struct Checked {
  Checked() {
    model::check_patterns_with([](const model::PathItem& item) -> model::Result<void> {
      CROSSFADE_CHECK(compile_path_pattern(item));
      return {};
    });
  }
} checked;

}  // namespace

std::span<const Function> path_functions() { return kPathFunctions; }

}  // namespace crossfade::sqlite::functions
