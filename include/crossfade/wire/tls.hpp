#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/model/error.hpp"

namespace crossfade::wire {

/// PEM files. `client_ca`: clients are asked for a certificate and one that it does not vouch for ends the handshake; empty:
/// they are not asked.
struct TlsFiles {
  std::string certificate;  // the server's, then those between it and its root
  std::string key;          // unencrypted, and closed to others
  std::string client_ca;
};

/// A server's certificate with its key, shared by connections. Thread: any.
class TlsContext {
 public:
  /// Errors: F0000 naming the file: not to be read, not PEM, key and certificate are no pair, a key that others may read.
  static model::Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  virtual ~TlsContext() = default;

  /// What SCRAM-SHA-256-PLUS binds to (tls-server-end-point, RFC 5929): the certificate's hash. Empty when its signature
  /// names no hash (Ed25519): then there is no channel binding, as in PostgreSQL.
  virtual const std::string& end_point_hash() const = 0;
  virtual bool asks_for_certificates() const = 0;

 protected:
  TlsContext() = default;
};

/// after_request: the client sent SSLRequest. direct: its first byte was TLS; then ALPN must say `postgresql`.
enum class TlsStart : std::uint8_t { after_request, direct };

/// The server's side of one TLS connection; no I/O: what came from the socket is fed, what is to go there is taken. TLS 1.2 or
/// 1.3, no renegotiation, no compression, no session tickets. Source: PostgreSQL 15 manual, "SSL Session Encryption"; direct TLS as
/// PostgreSQL 17 has it.
class TlsServer {
 public:
  TlsServer(std::shared_ptr<const TlsContext> context, TlsStart start);
  ~TlsServer();
  TlsServer(TlsServer&&) noexcept;

  /// Bytes of the socket.
  void feed(std::string_view sealed);
  /// Goes on with the handshake; true: it is done. After each call (also a failed one) there may be bytes for the client.
  /// Errors: 08P01 saying what OpenSSL says.
  model::Result<bool> handshake();
  bool established() const;

  /// Plaintext into `room`; 0: more must be fed. Errors: 08006 the client has closed, 08P01 what came is not TLS.
  model::Result<std::size_t> read(std::span<char> room);
  /// Plaintext waits that read() would give.
  bool has_plaintext();
  /// Seals `plain`. Errors: 08P01.
  model::Result<void> write(std::string_view plain);
  /// Says that nothing more will come.
  void close();
  /// Appends what is to be sent.
  void take(std::string& sealed);

  const TlsContext& context() const;
  /// "TLSv1.3"
  std::string_view version() const;
  /// A certificate came and the client_ca vouches for it.
  bool has_client_certificate() const;
  /// Its common name in UTF-8; nullopt when there is none or a NUL in it.
  std::optional<std::string> client_name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Either end of a TLS connection that somebody else has made (libpq) on a socket that does not block, to read and write on.
/// Lifetime: the connection outlives it. One thread at a time.
class TlsStream {
 public:
  /// `ssl`: OpenSSL's `SSL*`.
  explicit TlsStream(void* ssl) : ssl_(ssl) {}
  enum class Outcome : std::uint8_t { done, would_block, closed, broken };
  /// done: some bytes, `count`.
  Outcome read(std::span<char> room, std::size_t& count);
  /// done: the first `count` bytes were taken. After would_block the next call must begin with the same bytes.
  Outcome write(std::string_view plain, std::size_t& count);
  /// read() would give something although nothing is in the socket.
  bool has_plaintext() const;

 private:
  void* ssl_;
};

}  // namespace crossfade::wire
