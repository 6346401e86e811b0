#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tls_handles.hpp"

namespace crossfade::wire {

using namespace model::literals;

namespace {

/// ALPN's own form: each name with its length before it.
constexpr std::string_view kAlpn{"\x0apostgresql", 11};

int choose_alpn(SSL*, const unsigned char** chosen, unsigned char* chosen_length, const unsigned char* offered,
                unsigned offered_length, void*) {
  unsigned char* found = nullptr;
  const auto* ours = reinterpret_cast<const unsigned char*>(kAlpn.data());
  const int outcome = SSL_select_next_proto(&found, chosen_length, ours, kAlpn.size(), offered, offered_length);
  *chosen = found;
  // Another protocol's client is turned away in the handshake, so that nobody can make it talk to us.
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// A server has nobody to ask: an encrypted key fails.
int no_passphrase(char*, int, int, void*) { return 0; }

/// As PostgreSQL: the owner's alone, or root's and readable by a group.
model::Result<void> check_key_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return model::fail("F0000"_state, "could not access private key file \"" + path + "\": " + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return model::fail("F0000"_state, "private key file \"" + path + "\" is not a regular file");
  const mode_t closed = status.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  if ((status.st_mode & closed) != 0) {
    return model::fail("F0000"_state, "private key file \"" + path + "\" has group or world access", {},
                       "File must have permissions u=rw (0600) or less if owned by the proxy's user, or permissions u=rw,g=r "
                       "(0640) or less if owned by root.");
  }
  return {};
}

/// RFC 5929: the hash of the certificate's signature, SHA-256 in place of MD5 and SHA-1.
std::string end_point_hash_of(const X509& certificate) {
  int digest = NID_undef;
  if (X509_get_signature_info(const_cast<X509*>(&certificate), &digest, nullptr, nullptr, nullptr) != 1) return {};
  if (digest == NID_md5 || digest == NID_sha1) digest = NID_sha256;
  const EVP_MD* method = EVP_get_digestbynid(digest);
  if (method == nullptr) return {};
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  if (X509_digest(&certificate, method, reinterpret_cast<unsigned char*>(hash.data()), &length) != 1) return {};
  hash.resize(length);
  return hash;
}

void set_protocol(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  SSL_CTX_set_alpn_select_cb(context, choose_alpn, nullptr);
}

model::Result<void> load_client_ca(TlsContextImpl& context, const std::string& path) {
  if (path.empty()) return {};
  STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(path.c_str());
  if (names == nullptr || SSL_CTX_load_verify_locations(context.handle(), path.c_str(), nullptr) != 1) {
    sk_X509_NAME_pop_free(names, X509_NAME_free);
    return model::fail("F0000"_state, "could not load root certificate file \"" + path + "\": " + openssl_reason());
  }
  SSL_CTX_set_client_CA_list(context.handle(), names);  // which owns them now
  SSL_CTX_set_verify(context.handle(), SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, nullptr);
  context.ask_for_certificates();
  return {};
}

}  // namespace

model::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
  ERR_clear_error();
  SslContextHandle handle(SSL_CTX_new(TLS_server_method()));
  if (!handle) return model::fail("F0000"_state, "could not create SSL context: " + openssl_reason());
  auto context = std::make_shared<TlsContextImpl>(std::move(handle));
  set_protocol(context->handle());
  if (SSL_CTX_use_certificate_chain_file(context->handle(), files.certificate.c_str()) != 1) {
    return model::fail("F0000"_state,
                       "could not load server certificate file \"" + files.certificate + "\": " + openssl_reason());
  }
  CROSSFADE_CHECK(check_key_file(files.key));
  if (SSL_CTX_use_PrivateKey_file(context->handle(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return model::fail("F0000"_state, "could not load private key file \"" + files.key + "\": " + openssl_reason());
  if (SSL_CTX_check_private_key(context->handle()) != 1)
    return model::fail("F0000"_state, "check of private key failed: " + openssl_reason());
  if (const X509* own = SSL_CTX_get0_certificate(context->handle())) context->set_end_point_hash(end_point_hash_of(*own));
  CROSSFADE_CHECK(load_client_ca(*context, files.client_ca));
  return std::shared_ptr<const TlsContext>(std::move(context));
}

}  // namespace crossfade::wire
