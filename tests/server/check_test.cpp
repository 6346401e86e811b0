#include <catch2/catch.hpp>

#include "crossfade/server/server.hpp"

using namespace crossfade;

TEST_CASE("trust is for loopback only") {
  struct Case { std::string address; session::AuthMethod auth; bool allowed; };
  const std::vector<Case> cases{
      {"127.0.0.1", session::AuthMethod::trust, true},         {"::1", session::AuthMethod::trust, true},
      {"0.0.0.0", session::AuthMethod::trust, false},          {"::", session::AuthMethod::trust, false},
      {"192.0.2.1", session::AuthMethod::trust, false},        {"0.0.0.0", session::AuthMethod::scram_sha_256, true},
      {"localhost", session::AuthMethod::scram_sha_256, false}};
  for (const Case& each : cases) {
    server::ServerOptions options;
    options.addresses = {"127.0.0.1", each.address};
    session::Access access;
    access.auth = each.auth;
    CAPTURE(each.address);
    CHECK(server::check(options, access).has_value() == each.allowed);
  }
}

TEST_CASE("rules that ask for no proof, or for a password in clear text, must be for this machine where others can connect") {
  struct Case { std::string rule; bool allowed; };
  const std::vector<Case> cases{{"host all all 127.0.0.1/32 trust", true},   {"host all all ::1/128 trust", true},
                                {"host all all 127.0.0.0/8 trust", true},    {"local all all trust", true},
                                {"host all all 0.0.0.0/0 trust", false},     {"host all all all trust", false},
                                {"host all all 127.0.0.0/7 trust", false},   {"hostssl all all all trust", false},
                                {"hostssl all all all password", true},      {"host all all all password", false},
                                {"host all all 127.0.0.1/32 password", true}, {"host all all all scram-sha-256", true},
                                {"host all all all reject", true}};
  for (const Case& each : cases) {
    session::Access access;
    access.rules.push_back(session::parse_access_rule(each.rule).value());
    server::ServerOptions options;
    CAPTURE(each.rule);
    CHECK(server::check(options, access));
    options.addresses.push_back("0.0.0.0");
    CHECK(server::check(options, access).has_value() == each.allowed);
  }
}
