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
    session::Options session;
    session.auth = each.auth;
    CAPTURE(each.address);
    CHECK(server::check(options, session).has_value() == each.allowed);
  }
}
