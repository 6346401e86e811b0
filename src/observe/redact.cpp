#include "crossfade/observe/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace crossfade::observe {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::array<std::string_view, 3> kSecretKeys{"password", "sslpassword", "secret"};
constexpr std::string_view kVerifier = "SCRAM-SHA-256$";

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool space(char c) { return std::isspace(static_cast<unsigned char>(c)); }

bool equal_fold(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

/// A stretch of the text that is secret: [begin, end).
struct Span { std::size_t begin, end; };

/// `password = 'it''s'`, `password=plain`, `?password=x&…`, at a place where a word begins.
std::optional<Span> after_key(std::string_view text, std::size_t at) {
  if (at > 0 && word(text[at - 1])) return std::nullopt;
  for (std::string_view key : kSecretKeys) {
    if (!equal_fold(text.substr(at, key.size()), key)) continue;
    std::size_t i = at + key.size();
    while (i < text.size() && space(text[i])) ++i;
    if (i == text.size() || text[i] != '=') continue;
    ++i;
    while (i < text.size() && space(text[i])) ++i;
    const std::size_t begin = i;
    const bool in_query = at > 0 && (text[at - 1] == '?' || text[at - 1] == '&');  // of a URI
    if (i < text.size() && text[i] == '\'') {
      for (++i; i < text.size() && text[i] != '\''; ++i) {
        if (text[i] == '\\') ++i;
      }
      return Span{begin, std::min(i + 1, text.size())};
    }
    for (; i < text.size() && !space(text[i]) && !(in_query && text[i] == '&'); ++i) {
      if (text[i] == '\\') ++i;  // libpq's: what follows belongs to the value
    }
    return Span{begin, std::min(i, text.size())};
  }
  return std::nullopt;
}

/// user:password@ after "://". The password may hold anything but '/', '?' and blanks; the last '@' ends it.
std::optional<Span> in_authority(std::string_view text, std::size_t at) {
  if (text.substr(at, 3) != "://") return std::nullopt;
  const std::size_t begin = at + 3;
  const std::size_t end = std::min(text.find_first_of("/? \t\r\n\"'", begin), text.size());
  const std::size_t host = text.substr(begin, end - begin).rfind('@');
  const std::size_t colon = text.find(':', begin);
  if (host == std::string_view::npos || colon >= begin + host) return std::nullopt;
  return Span{colon + 1, begin + host};
}

std::optional<Span> verifier(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with(kVerifier)) return std::nullopt;
  const std::size_t begin = at + kVerifier.size();
  std::size_t end = begin;
  while (end < text.size() && (word(text[end]) || std::string_view("$:+/=").contains(text[end]))) ++end;
  return Span{begin, end};
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t at = 0;
  while (at < text.size()) {
    std::optional<Span> secret = after_key(text, at);
    if (!secret) secret = in_authority(text, at);
    if (!secret) secret = verifier(text, at);
    if (!secret) {
      out += text[at++];
      continue;
    }
    out += text.substr(at, secret->begin - at);
    out += kMask;
    at = secret->end;
  }
  return out;
}

}  // namespace crossfade::observe
