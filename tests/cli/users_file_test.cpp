#include <catch2/catch.hpp>

#include "crossfade/wire/scram.hpp"
#include "users_file.hpp"

using namespace crossfade;
using namespace crossfade::cli;

namespace {
std::string verifier() { return wire::make_scram_verifier("secret").value().text(); }
}  // namespace

TEST_CASE("a line that passwd prints is read back, also with quotes and blanks in the name") {
  const std::string text = verifier();
  for (const std::string name : {"app", "a \"quoted\" name", "é"}) {
    const auto users = parse_users("# users\n\n" + user_line(name, text), "users");
    REQUIRE(users.has_value());
    CHECK(*users == Users{{name, text}});
  }
}

TEST_CASE("a line of another form, a second line of a name and a verifier that is none are errors with file and line") {
  CHECK(parse_users("app secret\n", "users").error().message == "users:1: not a user");
  CHECK(parse_users("\n" + user_line("a", verifier()) + user_line("a", verifier()), "users").error().message ==
        "users:3: the user \"a\" is there twice");
  CHECK(parse_users("\"a\" \"md5abc\"\n", "users").error().message ==
        "users:1: the verifier of \"a\" is not one of SCRAM-SHA-256");
  CHECK(parse_users("\"a\" \"unclosed\n", "users").error().message == "users:1: not a user");
}
