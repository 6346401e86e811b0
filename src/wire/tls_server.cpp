#include <algorithm>
#include <limits>
#include <new>

#include "tls_handles.hpp"

namespace crossfade::wire {

using namespace model::literals;

struct TlsServer::Impl {
  std::shared_ptr<const TlsContext> context;
  TlsStart start;
  SslHandle ssl;
  BIO* in = nullptr;   // the socket's bytes, both owned by `ssl`
  BIO* out = nullptr;  // the bytes for it
  bool established = false;
};

TlsServer::TlsServer(std::shared_ptr<const TlsContext> context, TlsStart start) : impl_(std::make_unique<Impl>()) {
  impl_->ssl.reset(SSL_new(static_cast<const TlsContextImpl&>(*context).handle()));
  impl_->in = BIO_new(BIO_s_mem());
  impl_->out = BIO_new(BIO_s_mem());
  if (!impl_->ssl || impl_->in == nullptr || impl_->out == nullptr) {
    BIO_free(impl_->in);
    BIO_free(impl_->out);
    throw std::bad_alloc();
  }
  BIO_set_mem_eof_return(impl_->in, -1);  // empty means "feed me", not the end
  SSL_set_bio(impl_->ssl.get(), impl_->in, impl_->out);
  SSL_set_accept_state(impl_->ssl.get());
  impl_->context = std::move(context);
  impl_->start = start;
}
TlsServer::~TlsServer() = default;
TlsServer::TlsServer(TlsServer&&) noexcept = default;

void TlsServer::feed(std::string_view sealed) {
  std::size_t written = 0;
  if (!sealed.empty() && BIO_write_ex(impl_->in, sealed.data(), sealed.size(), &written) != 1) throw std::bad_alloc();
}

model::Result<bool> TlsServer::handshake() {
  if (impl_->established) return true;
  ERR_clear_error();
  const int outcome = SSL_accept(impl_->ssl.get());
  if (outcome == 1) {
    const unsigned char* protocol = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(impl_->ssl.get(), &protocol, &length);
    if (impl_->start == TlsStart::direct && length == 0) {
      return model::fail("08P01"_state,
                         "received direct SSL connection request without ALPN protocol negotiation extension");
    }
    impl_->established = true;
    return true;
  }
  if (SSL_get_error(impl_->ssl.get(), outcome) == SSL_ERROR_WANT_READ) return false;
  return model::fail("08P01"_state, "could not accept SSL connection: " + openssl_reason());
}

bool TlsServer::established() const { return impl_->established; }

model::Result<std::size_t> TlsServer::read(std::span<char> room) {
  ERR_clear_error();
  std::size_t count = 0;
  const int outcome = SSL_read_ex(impl_->ssl.get(), room.data(), room.size(), &count);
  if (outcome == 1) return count;
  switch (SSL_get_error(impl_->ssl.get(), outcome)) {
    case SSL_ERROR_WANT_READ: return 0;
    case SSL_ERROR_ZERO_RETURN: return model::fail("08006"_state, "the client has closed the TLS connection");
    default: return model::fail("08P01"_state, "SSL error: " + openssl_reason());
  }
}

bool TlsServer::has_plaintext() {
  ERR_clear_error();
  char byte = 0;
  std::size_t count = 0;
  const bool waits = SSL_peek_ex(impl_->ssl.get(), &byte, 1, &count) == 1;
  ERR_clear_error();
  return waits;
}

model::Result<void> TlsServer::write(std::string_view plain) {
  ERR_clear_error();
  while (!plain.empty()) {
    std::size_t count = 0;
    if (SSL_write_ex(impl_->ssl.get(), plain.data(), plain.size(), &count) != 1)
      return model::fail("08P01"_state, "SSL error: " + openssl_reason());
    plain.remove_prefix(count);
  }
  return {};
}

void TlsServer::close() {
  ERR_clear_error();
  if (impl_->established) SSL_shutdown(impl_->ssl.get());
  ERR_clear_error();
}

void TlsServer::take(std::string& sealed) {
  const std::size_t waiting = BIO_ctrl_pending(impl_->out);
  const std::size_t before = sealed.size();
  sealed.resize(before + waiting);
  std::size_t count = 0;
  if (waiting != 0) BIO_read_ex(impl_->out, sealed.data() + before, waiting, &count);
  sealed.resize(before + count);
}

const TlsContext& TlsServer::context() const { return *impl_->context; }
std::string_view TlsServer::version() const { return SSL_get_version(impl_->ssl.get()); }

bool TlsServer::has_client_certificate() const {
  return impl_->context->asks_for_certificates() && SSL_get0_peer_certificate(impl_->ssl.get()) != nullptr &&
         SSL_get_verify_result(impl_->ssl.get()) == X509_V_OK;
}

std::optional<std::string> TlsServer::client_name() const {
  const X509* certificate = has_client_certificate() ? SSL_get0_peer_certificate(impl_->ssl.get()) : nullptr;
  if (certificate == nullptr) return std::nullopt;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (index < 0) return std::nullopt;
  unsigned char* text = nullptr;
  const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
  if (length < 0) return std::nullopt;
  const std::unique_ptr<unsigned char, decltype([](unsigned char* bytes) { OPENSSL_free(bytes); })> owned(text);
  std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
  if (name.contains('\0')) return std::nullopt;
  return name;
}

}  // namespace crossfade::wire
