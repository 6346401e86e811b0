#include "tls_handles.hpp"

namespace crossfade::wire {

namespace {

TlsStream::Outcome outcome_of(SSL* ssl, int returned) {
  const int error = SSL_get_error(ssl, returned);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: return TlsStream::Outcome::would_block;
    case SSL_ERROR_ZERO_RETURN: return TlsStream::Outcome::closed;
    default: return TlsStream::Outcome::broken;
  }
}

}  // namespace

TlsStream::Outcome TlsStream::read(std::span<char> room, std::size_t& count) {
  SSL* const ssl = static_cast<SSL*>(ssl_);
  count = 0;
  ERR_clear_error();
  const int returned = SSL_read_ex(ssl, room.data(), room.size(), &count);
  return returned == 1 ? Outcome::done : outcome_of(ssl, returned);
}

TlsStream::Outcome TlsStream::write(std::string_view plain, std::size_t& count) {
  SSL* const ssl = static_cast<SSL*>(ssl_);
  count = 0;
  if (plain.empty()) return Outcome::done;
  ERR_clear_error();
  const int returned = SSL_write_ex(ssl, plain.data(), plain.size(), &count);
  return returned == 1 ? Outcome::done : outcome_of(ssl, returned);
}

bool TlsStream::has_plaintext() const { return SSL_pending(static_cast<const SSL*>(ssl_)) > 0; }

}  // namespace crossfade::wire
