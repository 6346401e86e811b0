#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <string>

#include "crossfade/wire/tls.hpp"

namespace crossfade::wire {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* handle) const { Free(handle); }
};
using SslContextHandle = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, FreeBy<SSL_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeBy<X509_free>>;

/// What OpenSSL says about the last failure of this thread; empties its queue.
inline std::string openssl_reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "unknown reason";
  if (const char* reason = ERR_reason_error_string(code)) return reason;
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

class TlsContextImpl final : public TlsContext {
 public:
  explicit TlsContextImpl(SslContextHandle handle) : handle_(std::move(handle)) {}
  const std::string& end_point_hash() const override { return hash_; }
  bool asks_for_certificates() const override { return asks_; }
  SSL_CTX* handle() const { return handle_.get(); }

  void set_end_point_hash(std::string hash) { hash_ = std::move(hash); }
  void ask_for_certificates() { asks_ = true; }

 private:
  SslContextHandle handle_;
  std::string hash_;
  bool asks_ = false;
};

}  // namespace crossfade::wire
