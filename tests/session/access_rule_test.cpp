#include <catch2/catch.hpp>

#include "crossfade/session/access.hpp"
#include "crossfade/wire/scram.hpp"

using namespace crossfade;
using namespace crossfade::session;

namespace {

using Encryption = Visitor::Encryption;

Visitor visitor(std::string address, std::string user, std::string database, Encryption encryption = Encryption::none) {
  return {IpAddress::parse(address), encryption, std::move(user), std::move(database)};
}

}  // namespace

TEST_CASE("a rule matches by type, database, user and network") {
  struct Case { std::string rule; Visitor who; bool matches; };
  const Visitor ann = visitor("10.1.2.3", "ann", "app"), local = visitor("", "ann", "app");
  const Visitor secret = visitor("10.1.2.3", "ann", "app", Encryption::tls);
  const std::vector<Case> cases{
      {"host all all all trust", ann, true},
      {"host all all all trust", local, false},
      {"local all all trust", local, true},
      {"local all all trust", ann, false},
      {"hostssl all all all trust", ann, false},
      {"hostssl all all all trust", secret, true},
      {"hostnossl all all all trust", ann, true},
      {"hostnossl all all all trust", secret, false},
      {"host app all all trust", ann, true},
      {"host other,app all all trust", ann, true},
      {"host other all all trust", ann, false},
      {"host sameuser all all trust", ann, false},
      {"host sameuser all all trust", visitor("10.1.2.3", "app", "app"), true},
      {"host \"all\" all all trust", ann, false},
      {"host \"all\" all all trust", visitor("10.1.2.3", "ann", "all"), true},
      {"host all bob,ann all trust", ann, true},
      {"host all bob all trust", ann, false},
      {"host all \"a,b\" all trust", visitor("10.1.2.3", "a,b", "app"), true},
      {"host all all 10.1.0.0/16 trust", ann, true},
      {"host all all 10.1.2.0/23 trust", ann, true},
      {"host all all 10.1.4.0/23 trust", ann, false},
      {"host all all 10.1.2.3/32 trust", ann, true},
      {"host all all 10.1.2.2/32 trust", ann, false},
      {"host all all 0.0.0.0/0 trust", ann, true},
      {"host all all ::/0 trust", ann, false},
      {"host all all fe80::/10 trust", visitor("fe80::1%eth0", "ann", "app"), true},
      {"host all all 10.0.0.0/8 trust", visitor("::ffff:10.1.2.3", "ann", "app"), true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.rule, each.who.user, each.who.database);
    const auto rule = parse_access_rule(each.rule);
    REQUIRE(rule);
    CHECK(rule->matches(each.who) == each.matches);
  }
}

TEST_CASE("what is not understood in a rule is refused, what pg_hba.conf has beside is 0A000") {
  struct Case { std::string rule, state; };
  const std::vector<Case> cases{{"", "F0000"},
                                {"# a comment", "F0000"},
                                {"hosts all all all trust", "F0000"},
                                {"host all all trust", "F0000"},
                                {"host all all all", "F0000"},
                                {"local all all", "F0000"},
                                {"host all all 10.0.0.0/33 trust", "F0000"},
                                {"host all all 10.0.0.0/x trust", "F0000"},
                                {"host all all 10.0.0.1 trust", "F0000"},
                                {"host all \"ann all trust", "F0000"},
                                {"host a,,b all all trust", "F0000"},
                                {"host all all all cert", "F0000"},
                                {"host all all all scram-sha-256 clientcert=verify-ca", "F0000"},
                                {"host all all example.org trust", "0A000"},
                                {"host all all samenet trust", "0A000"},
                                {"host all +admins all trust", "0A000"},
                                {"host samerole all all trust", "0A000"},
                                {"host replication all all trust", "0A000"},
                                {"host all all all md5", "0A000"},
                                {"host all all all ldap", "0A000"},
                                {"hostgssenc all all all trust", "F0000"},
                                {"hostssl all all all cert map=x", "0A000"}};
  for (const Case& each : cases) {
    CAPTURE(each.rule);
    const auto rule = parse_access_rule(each.rule);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().state.code() == each.state);
  }
}

TEST_CASE("the first rule that matches counts; none and reject are told as PostgreSQL tells them") {
  Access access;
  for (const std::string line :
       {"host all mallory all reject", "host app all 127.0.0.1/32 trust", "hostssl app all all scram-sha-256"})
    access.rules.push_back(parse_access_rule(line).value());
  CHECK(access.rule_for(visitor("127.0.0.1", "ann", "app"))->method == AuthMethod::trust);
  CHECK(access.rule_for(visitor("10.0.0.1", "ann", "app", Encryption::tls))->method == AuthMethod::scram_sha_256);
  struct Case { Visitor who; std::string message; };
  const std::vector<Case> cases{
      {visitor("10.0.0.1", "ann", "app"),
       R"(no pg_hba.conf entry for host "10.0.0.1", user "ann", database "app", no encryption)"},
      {visitor("", "ann", "app"), R"(no pg_hba.conf entry for host "[local]", user "ann", database "app", no encryption)"},
      {visitor("::1", "ann", "b", Encryption::tls),
       R"(no pg_hba.conf entry for host "::1", user "ann", database "b", SSL encryption)"},
      {visitor("127.0.0.1", "mallory", "app"),
       R"(pg_hba.conf rejects connection for host "127.0.0.1", user "mallory", database "app", no encryption)"}};
  for (const Case& each : cases) {
    const auto rule = access.rule_for(each.who);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().state.code() == "28000");
    CHECK(rule.error().message == each.message);
  }
  access.tls_mode = TlsMode::required;
  CHECK_FALSE(access.rule_for(visitor("127.0.0.1", "ann", "app")));
}

TEST_CASE("without rules all are asked for the same") {
  Access access;
  access.auth = AuthMethod::password;
  CHECK(access.rule_for(visitor("10.0.0.1", "ann", "app"))->method == AuthMethod::password);
  CHECK(access.rule_for(visitor("", "ann", "app"))->method == AuthMethod::password);
}

TEST_CASE("a user who is not there gets as many iterations as most have") {
  Users users;
  CHECK(usual_iterations(users) == 4'096);
  for (const std::string name : {"a", "b", "c"})
    users[name] = wire::make_scram_verifier("x", name == "a" ? 4'096 : 5'000)->text();
  CHECK(usual_iterations(users) == 5'000);
}
