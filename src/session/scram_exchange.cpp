#include "scram_exchange.hpp"

#include <array>
#include <span>
#include <utility>

namespace crossfade::session {

using namespace model::literals;

namespace {
constexpr std::int32_t kSaslContinue = 11, kSaslFinal = 12;
}  // namespace

ScramExchange::ScramExchange(const Client& client, wire::ScramVerifier verifier) : user_(client.user), verifier_(std::move(verifier)) {
  if (client.channel.tls() != nullptr) binding_.end_point_hash = client.channel.tls()->context().end_point_hash();
}

/// A user who is not there gets a verifier that nothing fits: same path, same time.
std::unique_ptr<ScramExchange> ScramExchange::make_at_once(const Client& client, const Access& access) {
  const auto known = access.users.find(client.user);
  if (known == access.users.end()) {
    if (!access.auth_query.empty() && client.hub.auth_query != nullptr) return nullptr;
    return std::make_unique<ScramExchange>(client, wire::mock_scram_verifier(client.user, access.usual_iterations));
  }
  auto verifier = wire::ScramVerifier::parse(known->second);
  return verifier ? std::make_unique<ScramExchange>(client, std::move(*verifier)) : nullptr;
}

void ScramExchange::begin(std::string& out) const {
  constexpr std::array kMechanisms{wire::kScramPlus, wire::kScram};
  wire::append_authentication_sasl(out, std::span(kMechanisms).subspan(can_bind() ? 0 : 1));
}

model::Result<bool> ScramExchange::take(std::string_view body, std::string& out) {
  if (challenged_) {
    CROSSFADE_TRY(const auto proof, server_->last(body));
    wire::append_authentication(out, kSaslFinal, proof);
    return true;
  }
  std::optional<std::string_view> first = body;
  if (!server_) {
    CROSSFADE_TRY(const auto initial, wire::parse_sasl_initial(body));
    CROSSFADE_CHECK(choose(initial.mechanism));
    first = initial.data;
  }
  std::string challenge;
  if (first) {
    CROSSFADE_TRY(challenge, server_->first(*first));
    challenged_ = true;
  }
  wire::append_authentication(out, kSaslContinue, challenge);
  return false;
}

model::Result<void> ScramExchange::choose(std::string_view mechanism) {
  if (can_bind() && mechanism == wire::kScramPlus) binding_.mechanism = wire::ScramBinding::Mechanism::plus;
  else if (mechanism != wire::kScram) return model::fail("08P01"_state, "client selected an invalid SASL authentication mechanism");
  server_.emplace(std::move(user_), std::move(verifier_), std::string{}, std::move(binding_));
  return {};
}

}  // namespace crossfade::session
