#include "blocking.hpp"
#include "client.hpp"
#include "crossfade/observe/log.hpp"
#include "crossfade/wire/scram.hpp"
#include "scram_exchange.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::int32_t kCleartextPassword = 3;

using ClientCertificate = AccessRule::ClientCertificate;

/// The next message must be a password message; its body. `expected`: a literal. `most`: as FrameReader has it.
asio::awaitable<model::Result<std::string>> receive_password(Client& client, std::string_view expected, std::uint32_t most = 0) {
  co_await client.channel.flush();
  client.channel.expect_password(expected, most);
  auto frame = co_await client.channel.read();
  if (!frame) co_return std::unexpected(std::move(frame).error());
  client.channel.expect_password({});
  co_return std::string(frame->body);
}

std::unexpected<model::Error> wrong_password(const Client& client) {
  return model::fail("28P01"_state, "password authentication failed for user \"" + client.user + "\"");
}

/// Of the users file, else of PostgreSQL. A user who is not there, or has no SCRAM verifier, gets one that nothing fits: same path, same
/// time.
asio::awaitable<model::Result<wire::ScramVerifier>> verifier_of(Client& client, std::shared_ptr<const Access> access) {
  std::string text;
  if (const auto known = access->users.find(client.user); known != access->users.end()) {
    text = known->second;
  } else if (!access->auth_query.empty() && client.hub.auth_query != nullptr) {
    auto found = co_await client.hub.auth_query->ask(access->auth_query, client.user);
    if (!found) co_return std::unexpected(std::move(found).error());
    text = std::move(*found).value_or("");
    if (!wire::ScramVerifier::parse(text)) text.clear();  // md5, or a password in clear text
  }
  if (text.empty()) text = wire::mock_scram_verifier(client.user, access->usual_iterations).text();
  co_return wire::ScramVerifier::parse(text);
}

asio::awaitable<model::Result<void>> authenticate_password(Client& client, std::shared_ptr<const Access> access) {
  wire::append_authentication(client.channel.out(), kCleartextPassword);
  const auto body = co_await receive_password(client, "password");
  if (!body) co_return std::unexpected(body.error());
  if (body->empty() || body->find('\0') != body->size() - 1) co_return model::fail("08P01"_state, "invalid password packet size");
  std::string password = body->substr(0, body->size() - 1);
  if (password.empty()) co_return model::fail("28P01"_state, "empty password returned by client");
  auto verifier = co_await verifier_of(client, access);
  if (!verifier) co_return std::unexpected(std::move(verifier).error());
  const bool right = co_await on_pool(client.hub.pool, [verifier = std::move(*verifier), password = std::move(password)] {
    return wire::fits(verifier, password);
  }, Lane::brief);
  if (!right) co_return wrong_password(client);
  co_return model::Result<void>{};
}

/// `exchange`: begun already; null: not.
asio::awaitable<model::Result<void>> authenticate_scram(Client& client, std::shared_ptr<const Access> access, std::unique_ptr<ScramExchange> exchange) {
  if (exchange == nullptr) {
    auto verifier = co_await verifier_of(client, access);
    if (!verifier) co_return std::unexpected(std::move(verifier).error());
    exchange = std::make_unique<ScramExchange>(client, std::move(*verifier));
    exchange->begin(client.channel.out());
  }
  while (true) {
    const auto message = co_await receive_password(client, ScramExchange::kExpected, ScramExchange::kLongest);
    if (!message && message.error().state == "28P01"_state) co_return wrong_password(client);
    if (!message) co_return std::unexpected(message.error());
    const auto proven = exchange->take(*message, client.channel.out());
    if (!proven) co_return std::unexpected(proven.error());
    if (*proven) co_return model::Result<void>{};
  }
}

/// What a rule asks of the client's certificate; `cert` asks for all of it.
model::Result<void> check_certificate(const Client& client, const AccessRule& rule) {
  const bool is_proof = rule.method == AuthMethod::cert;
  if (!is_proof && rule.client_certificate == ClientCertificate::not_asked) return {};
  const wire::TlsServer* tls = client.channel.tls();
  if (tls == nullptr || !tls->has_client_certificate())
    return model::fail("28000"_state, "connection requires a valid client certificate");
  if (!is_proof && rule.client_certificate == ClientCertificate::verify_ca) return {};
  const auto name = tls->client_name();
  if (name == client.user) return {};
  observe::log(observe::Level::info, "certificate refused",
               {{"address", client.address}, {"user", client.user}, {"common_name", name.value_or("")}});
  return model::fail("28000"_state, "certificate authentication failed for user \"" + client.user + "\"");
}

}  // namespace

model::Result<AuthMethod> proof_of(const Client& client, const Access& access) {
  if (access.rules.empty() && access.tls_mode != TlsMode::required && access.auth != AuthMethod::cert) return access.auth;
  Visitor visitor{.address = {}, .encryption = Visitor::Encryption::none, .user = client.user, .database = client.database};
  if (client.channel.tls() != nullptr) visitor.encryption = Visitor::Encryption::tls;
  if (client.address != kLocalAddress) {
    visitor.address = IpAddress::parse(std::string_view(client.address).substr(0, client.address.rfind(':')));
    if (!visitor.address) return model::fail("28000"_state, "a connection without an address");
  }
  const auto rule = access.rule_for(visitor);
  if (!rule) return std::unexpected(rule.error());
  CROSSFADE_CHECK(check_certificate(client, *rule));
  return rule->method;
}

asio::awaitable<model::Result<void>> prove(Client& client, std::shared_ptr<const Access> access, AuthMethod method, std::unique_ptr<ScramExchange> exchange) {
  switch (method) {
    case AuthMethod::trust:
    case AuthMethod::cert: co_return model::Result<void>{};
    case AuthMethod::reject: co_return model::fail("28000"_state, "the rule rejects this connection");
    case AuthMethod::password: co_return co_await authenticate_password(client, access);
    case AuthMethod::scram_sha_256: co_return co_await authenticate_scram(client, access, std::move(exchange));
  }
  co_return model::fail("XX000"_state, "a rule without a method");
}

}  // namespace crossfade::session
