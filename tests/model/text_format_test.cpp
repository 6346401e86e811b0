#include "crossfade/model/text_format.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "source_dir.hpp"

namespace crossfade::model {
namespace {

struct Case { std::string type, input, expected; };

std::vector<Case> read_cases(const std::string& file) {
  std::vector<Case> cases;
  std::ifstream in(source_dir() + "/tests/model/" + file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    cases.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return cases;
}

std::string outcome(const Case& item) {
  const Type type = parse_type(item.type).value();
  const Result<Value> value = parse_text(item.input, type);
  if (!value) {
    const Error& error = value.error();
    return "!! " + std::string(error.state.code()) + " " + error.message + (error.detail.empty() ? "" : " -- " + error.detail);
  }
  const std::string text = to_text(*value, type);
  if (text.size() > 3'000) return "=> length " + std::to_string(text.size());
  return "=> " + text;
}

TEST_CASE("Texts become values and values texts as in PostgreSQL") {
  const std::vector<Case> cases = read_cases("text.cases");
  REQUIRE(cases.size() > 500);
  for (const Case& item : cases) {
    INFO(item.type << " <" << item.input << ">");
    CHECK(outcome(item) == item.expected);
  }
}

}  // namespace
}  // namespace crossfade::model

TEST_CASE("A timetz that PostgreSQL could not read again is refused") {
  using namespace crossfade::model;
  const auto far = parse_text("0000j0000990d_ghd70", {oid::timetz});
  REQUIRE_FALSE(far);
  CHECK(far.error().state.code() == "22009");
  CHECK(parse_text("0000j0000990d_ghd15", {oid::timetz}));
}
