#include "crossfade/wire/tls.hpp"

#include <openssl/ssl.h>

#include <catch2/catch.hpp>
#include <vector>

#include "certificates.hpp"

using namespace crossfade;
using namespace crossfade::wire;
using namespace crossfade::wire::test;

namespace {

/// A client in memory. `alpn`: in the wire's form; `identity`: what it shows when it is asked.
class TlsClient {
 public:
  explicit TlsClient(const std::string& alpn = {}, const Identity* identity = nullptr)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    if (identity != nullptr) {
      SSL_CTX_use_certificate(context_.get(), identity->certificate.get());
      SSL_CTX_use_PrivateKey(context_.get(), identity->key.get());
    }
    ssl_ = {SSL_new(context_.get()), SSL_free};
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    if (!alpn.empty())
      SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(alpn.data()), static_cast<unsigned>(alpn.size()));
    SSL_set_connect_state(ssl_.get());
  }

  SSL* handle() const { return ssl_.get(); }
  bool step() { return SSL_do_handshake(ssl_.get()) == 1; }
  std::string take() {
    char* data = nullptr;
    BIO* out = SSL_get_wbio(ssl_.get());
    const long length = BIO_get_mem_data(out, &data);
    std::string bytes(data, static_cast<std::size_t>(length));
    (void)BIO_reset(out);
    return bytes;
  }
  void feed(const std::string& bytes) { BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size())); }
  void say(std::string_view text) { SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())); }
  std::string hear() {
    std::string all, part(20'000, '\0');
    for (int count = 0; (count = SSL_read(ssl_.get(), part.data(), static_cast<int>(part.size()))) > 0;)
      all.append(part, 0, static_cast<std::size_t>(count));
    return all;
  }

 private:
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
};

struct Fixture {
  Folder folder;
  Identity ca = Identity::make("the ca"), own = Identity::make("localhost", &ca);
  TlsFiles files{folder.write("server.crt", own.certificate_pem()), folder.write("server.key", own.key_pem()),
                 folder.write("ca.crt", ca.certificate_pem())};
};

/// Both sides until neither has anything to say. What the server says of it.
model::Result<bool> shake_hands(TlsClient& client, TlsServer& server, std::size_t piece = std::string::npos) {
  model::Result<bool> done = false;
  for (int round = 0; round < 10; ++round) {
    client.step();
    std::string bytes = client.take();
    do {
      server.feed(std::string_view(bytes).substr(0, piece));
      bytes.erase(0, std::min(piece, bytes.size()));
      done = server.handshake();
      std::string answer;
      server.take(answer);
      client.feed(answer);
      if (!done) return done;
    } while (!bytes.empty());
    if (*done && client.step()) return done;
  }
  return done;
}

std::string read_all(TlsServer& server) {
  std::string all;
  std::vector<char> room(1'000);
  for (auto count = server.read(room); count && *count != 0; count = server.read(room)) all.append(room.data(), *count);
  return all;
}

}  // namespace

TEST_CASE("what is said through TLS arrives, however the bytes are cut") {
  const Fixture fixture;
  const auto context = TlsContext::load(fixture.files);
  REQUIRE(context);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::string::npos}) {
    TlsClient client;
    TlsServer server(*context, TlsStart::after_request);
    REQUIRE(shake_hands(client, server, piece) == true);
    CHECK(server.version() == "TLSv1.3");
    const std::string text(100'000, 'x');
    client.say(text);
    server.feed(client.take());
    CHECK(server.has_plaintext());
    CHECK(read_all(server) == text);
    CHECK_FALSE(server.has_plaintext());
    REQUIRE(server.write(text));
    std::string sealed;
    server.take(sealed);
    CHECK(sealed.find("xxxx") == std::string::npos);
    client.feed(sealed);
    CHECK(client.hear() == text);
  }
}

TEST_CASE("close-notify is the end, behind what was said before it") {
  const Fixture fixture;
  TlsClient client;
  TlsServer server(*TlsContext::load(fixture.files), TlsStart::after_request);
  REQUIRE(shake_hands(client, server) == true);
  client.say("last words");
  SSL_shutdown(client.handle());
  server.feed(client.take());
  CHECK(server.has_plaintext());
  CHECK(read_all(server) == "last words");
  std::vector<char> room(10);
  CHECK(server.read(room).error().state.code() == "08006");
}

TEST_CASE("bytes that are not TLS are 08P01, before and after the handshake") {
  const Fixture fixture;
  const auto context = TlsContext::load(fixture.files);
  TlsServer deaf(*context, TlsStart::after_request);
  deaf.feed("SELECT 1; -- and so on for a while");
  CHECK(deaf.handshake().error().state.code() == "08P01");
  TlsClient client;
  TlsServer server(*context, TlsStart::after_request);
  REQUIRE(shake_hands(client, server) == true);
  server.feed("SELECT 1; -- and so on for a while");
  std::vector<char> room(10);
  CHECK(server.read(room).error().state.code() == "08P01");
}

TEST_CASE("direct TLS needs ALPN postgresql; another protocol's client is turned away in either form") {
  struct Case { std::string alpn; TlsStart start; bool comes_in; };
  const std::string ours = "\x0apostgresql", http = "\x08http/1.1";
  const std::vector<Case> cases{{ours, TlsStart::direct, true},         {http + ours, TlsStart::direct, true},
                                {"", TlsStart::direct, false},          {http, TlsStart::direct, false},
                                {ours, TlsStart::after_request, true},  {"", TlsStart::after_request, true},
                                {http, TlsStart::after_request, false}};
  const Fixture fixture;
  const auto context = TlsContext::load(fixture.files);
  for (const Case& each : cases) {
    CAPTURE(each.alpn, static_cast<int>(each.start));
    TlsClient client(each.alpn);
    TlsServer server(*context, each.start);
    CHECK(shake_hands(client, server).has_value() == each.comes_in);
  }
}

TEST_CASE("TLS 1.1 is too old") {
  const Fixture fixture;
  TlsClient client;
  SSL_set_security_level(client.handle(), 0);
  SSL_set_max_proto_version(client.handle(), TLS1_1_VERSION);
  TlsServer server(*TlsContext::load(fixture.files), TlsStart::after_request);
  CHECK_FALSE(shake_hands(client, server));
}

TEST_CASE("a client's certificate names it when our authority vouches for it, and ends the handshake when not") {
  const Fixture fixture;
  const auto context = TlsContext::load(fixture.files);
  CHECK((*context)->asks_for_certificates());
  struct Case { std::string name; std::optional<std::string> said; };
  for (const Case& each : {Case{"ann", "ann"}, Case{"Jörg", "Jörg"}, Case{std::string("ann\0bob", 7), std::nullopt}}) {
    const Identity identity = Identity::make(each.name, &fixture.ca);
    TlsClient client({}, &identity);
    TlsServer server(*context, TlsStart::after_request);
    REQUIRE(shake_hands(client, server) == true);
    CHECK(server.has_client_certificate());
    CHECK(server.client_name() == each.said);
  }
  TlsClient nameless;
  TlsServer server(*context, TlsStart::after_request);
  REQUIRE(shake_hands(nameless, server) == true);
  CHECK_FALSE(server.has_client_certificate());
  CHECK_FALSE(server.client_name());
  const Identity stranger = Identity::make("ann");
  TlsClient strange({}, &stranger);
  TlsServer other(*context, TlsStart::after_request);
  CHECK_FALSE(shake_hands(strange, other));
}

TEST_CASE("the hash of the certificate is that of its signature, SHA-256 for older ones") {
  Folder folder;
  struct Case { const char* digest; const char* hash; };
  for (const Case& each : {Case{"SHA256", "SHA256"}, Case{"SHA384", "SHA384"}, Case{"SHA1", "SHA256"}}) {
    const Identity own = Identity::make("localhost", nullptr, each.digest);
    const auto context = TlsContext::load({folder.write("c", own.certificate_pem()), folder.write("k", own.key_pem()), {}});
    REQUIRE(context);
    std::string hash(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    X509_digest(own.certificate.get(), EVP_get_digestbyname(each.hash), reinterpret_cast<unsigned char*>(hash.data()), &length);
    CHECK((*context)->end_point_hash() == hash.substr(0, length));
  }
}

TEST_CASE("a wrong file is named") {
  const Fixture fixture;
  const Identity other = Identity::make("other");
  const Folder& folder = fixture.folder;
  const std::string key = other.key_pem();
  const auto said = [&](TlsFiles files) { return TlsContext::load(files).error().message; };
  CHECK(said({folder.missing(), fixture.files.key, {}})
            .starts_with("could not load server certificate file \"" + folder.missing()));
  CHECK(said({folder.write("x", "text"), fixture.files.key, {}}).starts_with("could not load server certificate file"));
  CHECK(said({fixture.files.certificate, folder.missing(), {}}).starts_with("could not access private key file"));
  CHECK(said({fixture.files.certificate, folder.write("open", key, 0644), {}}).ends_with("has group or world access"));
  CHECK(said({fixture.files.certificate, folder.write("other", key), {}}).find("key values mismatch") != std::string::npos);
  CHECK(
      said({fixture.files.certificate, fixture.files.key, folder.missing()}).starts_with("could not load root certificate file"));
}
