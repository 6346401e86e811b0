#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/model/error.hpp"
#include "crossfade/wire/tls.hpp"

namespace crossfade::session {

enum class AuthMethod : std::uint8_t { trust, reject, password, scram_sha_256, cert };

/// "scram-sha-256" …; nullopt: no such method here.
std::optional<AuthMethod> parse_auth_method(std::string_view word);

/// An address of a client, or the front of one. IPv4 in its IPv6 clothes (::ffff:a.b.c.d) is IPv4.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  unsigned bits = 0;  // 32 or 128

  /// Numeric text only; nullopt otherwise.
  static std::optional<IpAddress> parse(std::string_view text);
  bool is_loopback() const;
};

/// Where a connection comes from and what it asks for. No address: a Unix socket.
struct Visitor {
  std::optional<IpAddress> address;
  enum class Encryption : std::uint8_t { none, tls } encryption = Encryption::none;
  std::string user, database;
};

/// One line of the list that says who comes in how, in the form of PostgreSQL's pg_hba.conf: `hostssl all app,web 10.0.0.0/8
/// scram-sha-256 clientcert=verify-ca`. Source: PostgreSQL 15 manual, "The pg_hba.conf File".
struct AccessRule {
  enum class Type : std::uint8_t { local, host, hostssl, hostnossl };
  /// A name of a list. word: `all`, `sameuser`; a quoted one is always a name.
  struct Name {
    enum class Kind : std::uint8_t { name, all, same_user } kind = Kind::name;
    std::string text;
  };
  enum class ClientCertificate : std::uint8_t { not_asked, verify_ca, verify_full };

  Type type = Type::host;
  std::vector<Name> databases, users;
  std::optional<IpAddress> network;  // none: any
  unsigned prefix = 0;               // bits of `network` that count
  AuthMethod method = AuthMethod::reject;
  ClientCertificate client_certificate = ClientCertificate::not_asked;

  bool matches(const Visitor& visitor) const;
  /// Only clients of this machine can match.
  bool is_for_loopback() const;
};

/// Errors: F0000 saying what of the line is not understood; 0A000 for what pg_hba.conf has and this list has not (host names,
/// samenet, +role, other methods).
model::Result<AccessRule> parse_access_rule(std::string_view line);

using Users = std::map<std::string, std::string, std::less<>>;  // name → "SCRAM-SHA-256$4096:salt$stored:server"

enum class TlsMode : std::uint8_t { off, on, required };

/// Who comes in, how, and how many of them. Replaced as a whole by RELOAD; a connection keeps the one it began with until it is in.
struct Access {
  AuthMethod auth = AuthMethod::scram_sha_256;  // for all, when there are no rules
  std::vector<AccessRule> rules;                // the first that matches counts; none: 28000
  Users users;
  std::string auth_query;  // asks PostgreSQL for the verifier of one who is not in `users`; $1 is the name; empty: nobody else comes in
  std::uint32_t usual_iterations = 4'096;                 // a user who is not there gets as many
  std::set<std::string, std::less<>> console_admins;      // who may open the database `crossfade`
  TlsMode tls_mode = TlsMode::off;
  std::shared_ptr<const wire::TlsContext> tls;  // null: off
  std::size_t max_connections = 100;
  std::size_t max_connections_per_address = 0;  // 0: no limit; Unix sockets have none
  std::size_t max_connections_per_user = 0;
  std::chrono::milliseconds startup_timeout{60'000};  // from accept to the end of authentication

  /// The rule for a visitor. Errors: 28000 in PostgreSQL's words when there is none, or one that rejects.
  model::Result<AccessRule> rule_for(const Visitor& visitor) const;
};

/// The iterations that most of the verifiers have.
std::uint32_t usual_iterations(const Users& users);

}  // namespace crossfade::session
