#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client.hpp"
#include "crossfade/wire/scram.hpp"

namespace crossfade::session {

/// A client's proof by SCRAM, message by message; no I/O. With TLS both mechanisms are offered, the bound one first; the client's choice.
class ScramExchange {
 public:
  ScramExchange(const Client& client, wire::ScramVerifier verifier);
  /// The same when the verifier is known here; null: PostgreSQL has to be asked for it, or it is none.
  static std::unique_ptr<ScramExchange> make_at_once(const Client& client, const Access& access);
  /// What its messages are, for Channel::expect_password().
  static constexpr std::string_view kExpected = "SASL";
  /// Bytes of one, as its length counts them. Source: PostgreSQL 15, PG_MAX_SASL_MESSAGE_LENGTH.
  static constexpr std::uint32_t kLongest = 1024;
  /// What it is told first.
  void begin(std::string& out) const;
  /// The body of its next message; `out`: the answer. true: it has proven who it is. Errors: 08P01, 28000, 28P01, 0A000.
  model::Result<bool> take(std::string_view body, std::string& out);

 private:
  model::Result<void> choose(std::string_view mechanism);
  bool can_bind() const { return !binding_.end_point_hash.empty(); }

  std::string user_;
  wire::ScramVerifier verifier_;
  wire::ScramBinding binding_;
  std::optional<wire::ScramServer> server_;  // from its choice of a mechanism on
  bool challenged_ = false;
};

}  // namespace crossfade::session
