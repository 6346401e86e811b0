#include "crossfade/wire/scram.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <stdexcept>

namespace crossfade::wire {

using namespace model::literals;

namespace {

constexpr std::string_view kPrefix = "SCRAM-SHA-256$", kEndPoint = "p=tls-server-end-point";
constexpr std::size_t kKeyBytes = SHA256_DIGEST_LENGTH, kSaltBytes = 16, kNonceBytes = 18;

const unsigned char* as_bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// SHA-256 of all parts, one behind the other, by this thread's own context: SHA256() and HMAC() look their algorithm up each time, and EVP_MAC
/// makes what it holds anew for each key; either costs several times what the hashing does.
std::string sha256(std::initializer_list<std::string_view> parts) {
  struct Free {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  static thread_local const std::unique_ptr<EVP_MD, Free> digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  static thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::string out(kKeyBytes, '\0');
  bool right = EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) == 1;
  for (const std::string_view part : parts) right = right && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  if (!right || EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr) != 1) throw std::runtime_error("SHA-256 failed");
  return out;
}

/// HMAC-SHA-256. `key`: at most a block, 64 bytes. Source: RFC 2104.
std::string hmac(std::string_view key, std::string_view data) {
  constexpr char kInner = 0x36, kOuter = 0x5c;
  std::array<char, SHA256_CBLOCK> block{};
  if (key.size() > block.size()) throw std::logic_error("an HMAC key longer than a block");
  const auto keyed = [&block, key](char pad) {
    block.fill(pad);
    for (std::size_t i = 0; i < key.size(); ++i) block[i] = static_cast<char>(block[i] ^ key[i]);
    return std::string_view(block.data(), block.size());
  };
  const std::string inner = sha256({keyed(kInner), data});
  std::string out = sha256({keyed(kOuter), inner});
  OPENSSL_cleanse(block.data(), block.size());
  return out;
}

std::string exclusive_or(std::string left, std::string_view right) {
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = static_cast<char>(left[i] ^ right[i]);
  return left;
}

/// "r=abc,…": the value of the attribute at the front, taken off with its comma; nullopt when it is another.
std::optional<std::string_view> take_attribute(std::string_view& message, char name) {
  if (message.size() < 2 || message[0] != name || message[1] != '=') return std::nullopt;
  const std::size_t end = std::min(message.find(','), message.size());
  const std::string_view value = message.substr(2, end - 2);
  message.remove_prefix(std::min(end + 1, message.size()));
  return value;
}

std::unexpected<model::Error> malformed(std::string detail) {
  return model::fail("08P01"_state, "malformed SCRAM message", std::move(detail));
}

model::Result<void> check_text(std::string_view message) {
  if (message.empty()) return malformed("The message is empty.");
  if (message.contains('\0')) return malformed("Message length does not match input length.");
  return {};
}

std::string salted_password(std::string_view password, std::string_view salt, std::uint32_t iterations) {
  std::string salted(kKeyBytes, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), as_bytes(salt), static_cast<int>(salt.size()),
                    static_cast<int>(iterations), EVP_sha256(), static_cast<int>(kKeyBytes),
                    reinterpret_cast<unsigned char*>(salted.data()));
  return salted;
}

bool printable(std::string_view nonce) {
  return std::ranges::all_of(nonce, [](char c) { return c >= 0x21 && c <= 0x7e && c != ','; });
}

void fill_randomly(std::span<char> room) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(room.data()), static_cast<int>(room.size())) != 1)
    throw std::runtime_error("no random bytes from OpenSSL");
}

}  // namespace

/// A few bytes cost OpenSSL as much as a thousand: they are drawn ahead, by each thread for itself, and wiped where they are taken.
std::string random_bytes(std::size_t count) {
  constexpr std::size_t kDrawn = 1'024;
  struct Drawn { std::array<char, kDrawn> bytes; std::size_t left = 0; };
  static thread_local Drawn drawn;
  std::string out(count, '\0');
  if (count > kDrawn) {
    fill_randomly(out);
    return out;
  }
  if (drawn.left < count) {
    drawn.left = 0;
    fill_randomly(drawn.bytes);
    drawn.left = kDrawn;
  }
  drawn.left -= count;
  char* const taken = drawn.bytes.data() + drawn.left;
  std::memcpy(out.data(), taken, count);
  OPENSSL_cleanse(taken, count);
  return out;
}

bool same_secret(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string base64_encode(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), as_bytes(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  static constexpr unsigned char kNone = 0xff;
  static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr auto kValues = [] {
    std::array<unsigned char, 256> values{};
    values.fill(kNone);
    for (std::size_t i = 0; i < kDigits.size(); ++i) values[static_cast<unsigned char>(kDigits[i])] = static_cast<unsigned char>(i);
    return values;
  }();
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t end = std::min(text.find('='), text.size()), padding = text.size() - end;
  if (padding > 2 || (padding == 2 && text.back() != '=')) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  char* at = out.data();
  unsigned seen = 0;  // all digits, put together: what is none has bits that no digit has
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t four = 0;
    for (std::size_t j = i; j < i + 4; ++j) {
      const unsigned char value = j < end ? kValues[static_cast<unsigned char>(text[j])] : 0;
      seen |= value;
      four = four << 6 | value;
    }
    for (const int shift : {16, 8, 0}) *at++ = static_cast<char>(four >> shift);
  }
  if (seen >= kDigits.size()) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

model::Result<ScramVerifier> ScramVerifier::parse(std::string_view text) {
  const auto wrong = [] { return model::fail("F0000"_state, "not a SCRAM-SHA-256 verifier"); };
  if (!text.starts_with(kPrefix)) return wrong();
  text.remove_prefix(kPrefix.size());
  const std::size_t colon = text.find(':'), dollar = text.find('$'), last = text.rfind(':');
  if (colon == std::string_view::npos || dollar == std::string_view::npos || colon > dollar || last < dollar) return wrong();
  ScramVerifier verifier;
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, verifier.iterations);
  if (error != std::errc{} || end != text.data() + colon || verifier.iterations == 0) return wrong();
  const auto salt = base64_decode(text.substr(colon + 1, dollar - colon - 1));
  const auto stored = base64_decode(text.substr(dollar + 1, last - dollar - 1));
  const auto server = base64_decode(text.substr(last + 1));
  if (!salt || salt->empty() || !stored || stored->size() != kKeyBytes || !server || server->size() != kKeyBytes) return wrong();
  verifier.salt = *salt;
  verifier.stored_key = *stored;
  verifier.server_key = *server;
  return verifier;
}

std::string ScramVerifier::text() const {
  return std::string(kPrefix) + std::to_string(iterations) + ":" + base64_encode(salt) + "$" + base64_encode(stored_key) + ":" +
         base64_encode(server_key);
}

model::Result<ScramVerifier> make_scram_verifier(std::string_view password, std::uint32_t iterations) {
  if (password.empty()) return model::fail("22023"_state, "an empty password is not allowed");
  if (!std::ranges::all_of(password, [](char c) { return c >= 0x20 && c <= 0x7e; })) {
    return model::fail("0A000"_state, "a password outside printable ASCII is not supported", {},
                       "Take the verifier that PostgreSQL made for it from pg_authid.rolpassword.");
  }
  ScramVerifier verifier{iterations, random_bytes(kSaltBytes), {}, {}};
  const std::string salted = salted_password(password, verifier.salt, iterations);
  verifier.stored_key = sha256({hmac(salted, "Client Key")});
  verifier.server_key = hmac(salted, "Server Key");
  return verifier;
}

bool fits(const ScramVerifier& verifier, std::string_view password) {
  const std::string salted = salted_password(password, verifier.salt, verifier.iterations);
  return same_secret(sha256({hmac(salted, "Client Key")}), verifier.stored_key);
}

ScramVerifier mock_scram_verifier(std::string_view user, std::uint32_t iterations) {
  static const std::string secret = random_bytes(kKeyBytes);
  return ScramVerifier{iterations, hmac(secret, user).substr(0, kSaltBytes), random_bytes(kKeyBytes), random_bytes(kKeyBytes)};
}

ScramServer::ScramServer(std::string user, ScramVerifier verifier, std::string nonce, ScramBinding binding)
    : user_(std::move(user)), verifier_(std::move(verifier)), nonce_(std::move(nonce)), binding_(std::move(binding)) {
  if (nonce_.empty()) nonce_ = base64_encode(random_bytes(kNonceBytes));
}

/// "n": the client binds nothing; "y": it would, but thinks that we do not; "p=TYPE": it binds to TYPE.
model::Result<void> ScramServer::check_flag(std::string_view flag) const {
  const bool plus = binding_.mechanism == ScramBinding::Mechanism::plus;
  if (flag == "n" || flag == "y") {
    if (plus) return malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.");
    if (flag == "y" && !binding_.end_point_hash.empty()) {
      // Somebody between us has taken the mechanism off the list.
      return model::fail("28000"_state, "SCRAM channel binding negotiation error",
                         "The client supports SCRAM channel binding but thinks the server does not.  However, this server does "
                         "support channel binding.");
    }
    return {};
  }
  if (!flag.starts_with("p=")) return malformed("The channel-binding flag is unknown.");
  if (!plus) return malformed("The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.");
  if (flag != kEndPoint)
    return model::fail("08P01"_state, "unsupported SCRAM channel-binding type \"" + std::string(flag.substr(2)) + "\"");
  return {};
}

model::Result<std::string> ScramServer::first(std::string_view message) {
  CROSSFADE_CHECK(check_text(message));
  const std::size_t flag_end = message.find(',');
  const std::string_view flag = message.substr(0, flag_end);
  if (flag_end == std::string_view::npos) return malformed("The channel-binding flag is unknown.");
  CROSSFADE_CHECK(check_flag(flag));
  const std::size_t header_end = message.find(',', flag_end + 1);
  if (header_end == std::string_view::npos) return malformed("The GS2 header has no end.");
  if (header_end != flag_end + 1)
    return model::fail("0A000"_state, "client uses authorization identity, but it is not supported");
  gs2_header_ = message.substr(0, header_end + 1);
  std::string_view rest = message.substr(header_end + 1);
  client_first_bare_ = rest;
  if (rest.starts_with("m=")) return model::fail("0A000"_state, "client requires an unsupported SCRAM extension");
  const auto user = take_attribute(rest, 'n');  // the start-up packet's user counts
  const auto nonce = take_attribute(rest, 'r');
  if (!user || !nonce || nonce->empty() || !printable(*nonce)) return malformed("User name or nonce are missing.");
  nonce_ = std::string(*nonce) + nonce_;
  server_first_ = "r=" + nonce_ + ",s=" + base64_encode(verifier_.salt) + ",i=" + std::to_string(verifier_.iterations);
  return server_first_;
}

model::Result<std::string> ScramServer::last(std::string_view message) {
  CROSSFADE_CHECK(check_text(message));
  const std::size_t proof_at = message.rfind(",p=");
  if (proof_at == std::string_view::npos) return malformed("The proof is missing.");
  const std::string_view without_proof = message.substr(0, proof_at);
  const auto proof = base64_decode(message.substr(proof_at + 3));
  std::string_view rest = without_proof;
  const auto binding = take_attribute(rest, 'c');
  const auto nonce = take_attribute(rest, 'r');
  if (!binding || !nonce) return malformed("Channel binding or nonce are missing.");
  if (!proof || proof->size() != kKeyBytes) return malformed("The proof is not base64 of 32 bytes.");
  if (binding_.mechanism == ScramBinding::Mechanism::plus) {
    if (base64_decode(*binding) != gs2_header_ + binding_.end_point_hash)
      return model::fail("28000"_state, "SCRAM channel binding check failed");
  } else if (base64_decode(*binding) != gs2_header_) {
    return malformed("The channel binding is not the one announced.");
  }
  if (*nonce != nonce_) return malformed("The nonce is another one.");
  const std::string auth_message = client_first_bare_ + "," + server_first_ + "," + std::string(without_proof);
  const std::string client_key = exclusive_or(hmac(verifier_.stored_key, auth_message), *proof);
  if (!same_secret(sha256({client_key}), verifier_.stored_key))
    return model::fail("28P01"_state, "password authentication failed for user \"" + user_ + "\"");
  return "v=" + base64_encode(hmac(verifier_.server_key, auth_message));
}

}  // namespace crossfade::wire
