#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crossfade/sql/translate.hpp"
#include "golden_schema.hpp"
#include "rules/rules.hpp"
#include "source_dir.hpp"

using namespace crossfade;

namespace {

/// One block of a .case file: "-- name: …", a statement, "---- sqlite" or "---- error", what is expected.
struct GoldenCase { std::string name, statement, expected; };

std::string trimmed(std::string text) {
  text.erase(0, text.find_first_not_of('\n'));
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

struct GoldenFile { std::string schema; std::vector<GoldenCase> cases; };

/// The part before the first name is the schema's CREATE TABLE statements.
GoldenFile read_cases(const std::filesystem::path& path) {
  GoldenFile file;
  std::ifstream in{path};
  std::string line;
  std::string* part = &file.schema;
  while (std::getline(in, line)) {
    if (line.starts_with("-- name: ")) {
      file.cases.push_back({line.substr(9), {}, {}});
      part = &file.cases.back().statement;
    } else if (line.starts_with("---- ") && !file.cases.empty()) {
      part = &file.cases.back().expected;
    } else {
      *part += line + "\n";
    }
  }
  return file;
}

/// The texts, one a line; or "42P01 @15 message".
std::string translated(const std::string& statement, const plan::Schema& schema) {
  const auto shown = [](const model::Error& error) {
    return std::string{error.state.code()} + " @" + std::to_string(error.position) + " " + error.message;
  };
  const auto parsed = sql::parse(statement, sql::Dialect::postgres);
  if (!parsed) return shown(parsed.error());
  const auto result = sql::translate(parsed->front(), {.schema = &schema, .database = "app"});
  if (!result) return shown(result.error());
  std::string text;
  for (const std::string& each : result->texts) text += each + "\n";
  return trimmed(text);
}

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{source_dir() + "/tests/sql/cases"}) {
    if (entry.path().extension() == ".case") files.push_back(entry.path());
  }
  return files;
}

}  // namespace

TEST_CASE("each golden case translates to the text it says") {
  for (const auto& path : case_files()) {
    const GoldenFile file = read_cases(path);
    const plan::Schema schema = schema_of(file.schema);
    REQUIRE_FALSE(file.cases.empty());
    for (const GoldenCase& golden : file.cases) {
      INFO(path.filename().string() << ": " << golden.name);
      CHECK(translated(trimmed(golden.statement), schema) == trimmed(golden.expected));
    }
  }
}

TEST_CASE("each rule does to its example what it says") {
  const plan::Schema schema = schema_of("CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE g (a int)");
  for (const sql::rules::Rule* rule : sql::rules::kRules) {
    INFO(rule->name);
    CHECK(translated(std::string{rule->example_in}, schema) == rule->example_out);
  }
}
