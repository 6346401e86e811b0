#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::wire {

/// What a server keeps of a password. Text: "SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>", base64, as pg_authid has it.
struct ScramVerifier {
  std::uint32_t iterations = 4'096;
  std::string salt, stored_key, server_key;  // raw bytes

  /// F0000 when the text is not a verifier.
  static model::Result<ScramVerifier> parse(std::string_view text);
  std::string text() const;
};

/// A verifier with a random salt. Errors: 0A000 for a password outside printable ASCII (SASLprep would have to be applied;
/// a verifier made by PostgreSQL for such a password is accepted everywhere here).
model::Result<ScramVerifier> make_scram_verifier(std::string_view password, std::uint32_t iterations = 4'096);
/// For a user who is not there: the same salt for the same name as long as the process lives; no password fits it.
/// `iterations`: those of the users that are there, so that nobody sees the difference.
ScramVerifier mock_scram_verifier(std::string_view user, std::uint32_t iterations = 4'096);
/// Does a password in clear text fit? Takes as long for any password. Limits: about 2 ms for 4,096 iterations.
bool fits(const ScramVerifier& verifier, std::string_view password);

inline constexpr std::string_view kScram = "SCRAM-SHA-256", kScramPlus = "SCRAM-SHA-256-PLUS";
/// What the exchange may be bound to. `end_point_hash`: of the server's certificate; empty: nothing (no TLS).
/// plus: the client chose the mechanism with channel binding.
struct ScramBinding {
  std::string end_point_hash;
  enum class Mechanism : std::uint8_t { plain, plus } mechanism = Mechanism::plain;
};

/// SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (tls-server-end-point), the server's side; no I/O. Source: RFC 5802, RFC 5929, RFC 7677;
/// PostgreSQL 15 manual, "SASL Authentication". Errors: 08P01 malformed messages, 28000 another channel (somebody sits between),
/// 28P01 a proof that does not fit.
class ScramServer {
 public:
  /// `nonce`: the server's half; empty: random.
  ScramServer(std::string user, ScramVerifier verifier, std::string nonce = {}, ScramBinding binding = {});
  /// "n,,n=,r=…" → "r=…,s=…,i=…".
  model::Result<std::string> first(std::string_view message);
  /// "c=biws,r=…,p=…" → "v=…".
  model::Result<std::string> last(std::string_view message);

 private:
  model::Result<void> check_flag(std::string_view flag) const;

  std::string user_;
  ScramVerifier verifier_;
  std::string nonce_;
  ScramBinding binding_;
  std::string gs2_header_, client_first_bare_, server_first_;
};

/// Bytes that nobody can guess: nonces, cancel keys.
std::string random_bytes(std::size_t count);
/// Compares in a time that does not say where they differ.
bool same_secret(std::string_view left, std::string_view right);
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace crossfade::wire
