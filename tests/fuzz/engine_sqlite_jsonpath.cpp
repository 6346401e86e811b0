#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crossfade/model/json.hpp"
#include "functions/jsonpath.hpp"

using namespace crossfade;
using namespace crossfade::sqlite::functions;

/// The first line is a path, the rest a document. Found values are JSON; an error is an Error, with and without silence.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const std::size_t end = std::min(input.find('\n'), input.size());
  constexpr std::size_t kLongest = 2'000;  // a product of .** and documents takes its time
  if (size > kLongest) return 0;
  const auto given = model::parse_text(input.substr(0, end), {model::oid::jsonpath});
  if (!given) return 0;
  const auto path = model::read_jsonpath(std::get<std::string>(*given));
  if (!path) std::abort();
  const auto text = model::normalize_jsonb(end < size ? input.substr(end + 1) : std::string_view{"[1, \"a\", {\"a\": null, \"b\": [true, {}]}]"});
  if (!text) return 0;
  const JsonNode document = read_json(*text), variables = read_json("{\"x\": 1}");
  const model::TextStyle style;
  for (const auto errors : {PathRun::Errors::silent, PathRun::Errors::thrown}) {
    PathRun run{*path, document, variables, {.errors = errors, .zones = PathRun::Zones::used, .style = &style}};
    PathValues found;
    try {
      run.find(found);
    } catch (const PathEnded&) {
    }
    for (const PathValue each : found) if (!model::check_json(path_json(each))) std::abort();
  }
  return 0;
}
