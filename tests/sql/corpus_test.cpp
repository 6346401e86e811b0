#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "crossfade/sql/translate.hpp"
#include "tree.hpp"

using namespace crossfade::sql;

namespace {

/// Statements that clients were seen to send, one file a client; a comment that begins so stands before each.
constexpr std::string_view kEntry = "-- client";
constexpr const char* kDefaultCorpus = "/work/shared/corpus/clients";

std::vector<std::string> statements_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::vector<std::string> out(1);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(kEntry)) out.emplace_back();
    out.back() += line + "\n";
  }
  out.erase(out.begin());  // what stands before the first entry
  return out;
}

struct Share { int parsed = 0, refused = 0, wrong = 0; };

Share share_of(const std::filesystem::path& file) {
  Share share;
  for (const std::string& text : statements_of(file)) {
    const auto parsed = parse(text, Dialect::postgres);
    if (!parsed) ++share.wrong;
    else if (std::holds_alternative<Refused>(parsed->front().tree->statement.node)) ++share.refused;
    else ++share.parsed;
  }
  return share;
}

}  // namespace

TEST_CASE("what real clients send is parsed") {
  const char* configured = std::getenv("CROSSFADE_CLIENT_CORPUS");
  const std::filesystem::path corpus = configured ? configured : kDefaultCorpus;
  if (!std::filesystem::is_directory(corpus)) {
    WARN("no client corpus at " << corpus << ": skipped");
    return;
  }
  Share all;
  for (const auto& entry : std::filesystem::directory_iterator{corpus}) {
    if (entry.path().extension() != ".sql") continue;
    const Share share = share_of(entry.path());
    std::cout << entry.path().filename().string() << ": " << share.parsed << " in the tree, " << share.refused << " refused, "
              << share.wrong << " errors\n";
    all.parsed += share.parsed;
    all.refused += share.refused;
    all.wrong += share.wrong;
  }
  CHECK(all.wrong == 0);
  CHECK(all.parsed > (all.parsed + all.refused) * 4 / 5);  // the rest: maintenance, cursors, roles, functions
}
