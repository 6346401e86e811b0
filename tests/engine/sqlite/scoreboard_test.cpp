#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "statement_runner.hpp"

namespace {

const std::filesystem::path kCorpus = "/work/shared/corpus";

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = line.find('\t', begin);
    out.push_back(line.substr(begin, end - begin));
    if (end == std::string::npos) return out;
    begin = end + 1;
  }
}

/// 333 counts on a sequence that the recorder had used, 434 on a protocol without parameters.
const std::set<std::string> kOfTheRecorder{"333", "434"};

std::string state(const std::string& shown) { return shown.substr(0, sizeof "ERROR 42P01" - 1); }

}  // namespace

TEST_CASE("what PostgreSQL answered to the differences' statements is given or refused, never something else") {
  if (!std::filesystem::exists(kCorpus / "differences.tsv")) return;  // the corpus is not part of the project
  StatementRunner runner;
  std::string line;
  for (std::ifstream fixture{kCorpus / "differences-postgres.sql"}; std::getline(fixture, line);) {
    if (!line.starts_with("--")) REQUIRE_FALSE(runner.run(line).starts_with("ERROR"));
  }
  int right = 0, refused = 0;
  std::ifstream rows{kCorpus / "differences.tsv"};
  std::getline(rows, line);
  while (std::getline(rows, line)) {
    const auto row = fields(line);
    if (kOfTheRecorder.contains(row[0])) continue;
    const std::string got = runner.try_run(row[2]);
    INFO(row[0] << " " << row[2] << "\n  wanted " << row[4] << "\n  got    " << got);
    const bool same_error = row[4].starts_with("ERROR") && state(got) == state(row[4]);
    if (got == row[4] || same_error) ++right;
    else if (got.starts_with("ERROR 0A000")) ++refused;
    else CHECK(got == row[4]);
  }
  std::cout << "differences: " << right << " right, " << refused << " refused\n";
  CHECK(right >= 351);
}
