#include "crossfade/session/access.hpp"

#include <arpa/inet.h>

#include "crossfade/wire/scram.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

std::string address_text(const IpAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(address.bits == 32 ? AF_INET : AF_INET6, address.bytes.data(), text.data(), text.size());
}

/// `host "127.0.0.1", user "a", database "b", no encryption`, as PostgreSQL has it.
std::string who(const Visitor& visitor) {
  const bool encrypted = visitor.encryption == Visitor::Encryption::tls;
  return "host \"" + (visitor.address ? address_text(*visitor.address) : "[local]") + "\", user \"" + visitor.user +
         "\", database \"" + visitor.database + "\", " + (encrypted ? "SSL encryption" : "no encryption");
}

}  // namespace

model::Result<AccessRule> Access::rule_for(const Visitor& visitor) const {
  const auto nobody = [&visitor] { return "no pg_hba.conf entry for " + who(visitor); };
  const bool encrypted = visitor.encryption == Visitor::Encryption::tls;
  if (tls_mode == TlsMode::required && visitor.address && !encrypted)
    return model::fail("28000"_state, nobody(), {}, "This server asks for TLS: sslmode=require or better.");
  if (rules.empty()) {
    AccessRule rule;
    rule.method = auth;
    return rule;
  }
  for (const AccessRule& rule : rules) {
    if (!rule.matches(visitor)) continue;
    if (rule.method == AuthMethod::reject)
      return model::fail("28000"_state, "pg_hba.conf rejects connection for " + who(visitor));
    return rule;
  }
  return model::fail("28000"_state, nobody());
}

std::uint32_t usual_iterations(const Users& users) {
  std::map<std::uint32_t, std::size_t> counts;
  std::uint32_t usual = 4'096;
  for (const auto& [name, text] : users) {
    const auto verifier = wire::ScramVerifier::parse(text);
    if (verifier && ++counts[verifier->iterations] > counts[usual]) usual = verifier->iterations;
  }
  return usual;
}

}  // namespace crossfade::session
