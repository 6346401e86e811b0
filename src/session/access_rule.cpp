#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "crossfade/session/access.hpp"

namespace crossfade::session {

using namespace model::literals;

namespace {

using Type = AccessRule::Type;
using Name = AccessRule::Name;

struct TypeWord { std::string_view word; Type type; };
constexpr std::array kTypes{TypeWord{"local", Type::local}, TypeWord{"host", Type::host}, TypeWord{"hostssl", Type::hostssl},
                            TypeWord{"hostnossl", Type::hostnossl}};

struct MethodWord { std::string_view word; AuthMethod method; };
constexpr std::array kMethods{MethodWord{"trust", AuthMethod::trust}, MethodWord{"reject", AuthMethod::reject},
                              MethodWord{"password", AuthMethod::password},
                              MethodWord{"scram-sha-256", AuthMethod::scram_sha_256}, MethodWord{"cert", AuthMethod::cert}};

using ClientCertificate = AccessRule::ClientCertificate;
struct CertificateWord { std::string_view word; ClientCertificate asked; };
constexpr std::array kCertificates{CertificateWord{"clientcert=verify-ca", ClientCertificate::verify_ca},
                                   CertificateWord{"clientcert=verify-full", ClientCertificate::verify_full}};

/// A word of the line, split at its commas. `quoted`: a name even when it looks like a keyword.
struct RuleWord {
  struct Item { std::string text; bool quoted; };
  std::vector<Item> items;
  std::string joined() const {
    std::string text;
    for (const Item& item : items) text += (text.empty() ? "" : ",") + item.text;
    return text;
  }
};

std::unexpected<model::Error> not_understood(std::string what) { return model::fail("F0000"_state, std::move(what)); }

/// Words end at blanks, names of a list at commas; inside double quotes neither. # begins a comment.
model::Result<std::vector<RuleWord>> split_line(std::string_view line) {
  std::vector<RuleWord> words;
  std::size_t i = 0;
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (true) {
    while (i < line.size() && blank(line[i])) ++i;
    if (i == line.size() || line[i] == '#') return words;
    RuleWord word{{{"", false}}};
    for (; i < line.size() && !blank(line[i]) && line[i] != '#'; ++i) {
      if (line[i] == ',') {
        word.items.push_back({"", false});
        continue;
      }
      if (line[i] != '"') {
        word.items.back().text += line[i];
        continue;
      }
      const std::size_t end = line.find('"', i + 1);
      if (end == line.npos) return not_understood("a quote has no end");
      word.items.back().text += line.substr(i + 1, end - i - 1);
      word.items.back().quoted = true;
      i = end;
    }
    words.push_back(std::move(word));
  }
}

model::Result<std::vector<Name>> read_names(const RuleWord& word, std::string_view what) {
  std::vector<Name> names;
  for (const auto& [text, quoted] : word.items) {
    if (text.empty()) return not_understood("an empty " + std::string(what) + " name");
    Name::Kind kind = Name::Kind::name;
    if (!quoted && text == "all") kind = Name::Kind::all;
    if (!quoted && text == "sameuser" && what == "database") kind = Name::Kind::same_user;
    const bool unknown = !quoted && (text.starts_with('+') || text.starts_with('@') || text.starts_with('/') ||
                                     text == "samerole" || text == "samegroup" || text == "replication");
    if (unknown) {
      return model::fail("0A000"_state, "\"" + text + "\" as a " + std::string(what) + " is not supported in an access rule", {},
                         "Write the names, or put quotes around one that is meant literally.");
    }
    names.push_back({kind, text});
  }
  return names;
}

model::Result<void> read_network(const std::string& text, AccessRule& rule) {
  if (text == "all") return {};
  const std::size_t slash = text.find('/');
  rule.network = IpAddress::parse(std::string_view(text).substr(0, slash));
  if (!rule.network) {
    if (slash != text.npos) return not_understood("\"" + text + "\" is not a network");
    return model::fail("0A000"_state, "\"" + text + "\" as an address is not supported in an access rule", {},
                       "Write a numeric network such as 10.0.0.0/8 or ::1/128, or all.");
  }
  if (slash == text.npos) return not_understood("the network \"" + text + "\" needs a length, such as " + text + "/32");
  const char* begin = text.data() + slash + 1;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(begin, end, rule.prefix);
  if (error != std::errc{} || rest != end || rule.prefix > rule.network->bits)
    return not_understood("\"" + text + "\" is not a network");
  return {};
}

model::Result<void> read_options(std::span<const RuleWord> words, AccessRule& rule) {
  for (const RuleWord& word : words) {
    const std::string text = word.joined();
    const auto found = std::ranges::find(kCertificates, std::string_view(text), &CertificateWord::word);
    if (found == kCertificates.end())
      return model::fail("0A000"_state, "the option \"" + text + "\" is not supported in an access rule");
    rule.client_certificate = found->asked;
  }
  const bool needs_tls = rule.method == AuthMethod::cert || rule.client_certificate != ClientCertificate::not_asked;
  if (needs_tls && rule.type != Type::hostssl)
    return not_understood("client certificates are for hostssl rules only");
  return {};
}

bool begins_as(const IpAddress& address, const IpAddress& network, unsigned prefix) {
  if (address.bits != network.bits) return false;
  const unsigned whole = prefix / 8, rest = prefix % 8;
  if (!std::equal(network.bytes.begin(), network.bytes.begin() + whole, address.bytes.begin())) return false;
  const auto mask = static_cast<std::uint8_t>(0xff00 >> rest);
  return rest == 0 || ((network.bytes[whole] ^ address.bytes[whole]) & mask) == 0;
}

bool any_matches(const std::vector<Name>& names, std::string_view wanted, std::string_view user) {
  return std::ranges::any_of(names, [&](const Name& name) {
    switch (name.kind) {
      case Name::Kind::all: return true;
      case Name::Kind::same_user: return wanted == user;
      case Name::Kind::name: return name.text == wanted;
    }
    return false;
  });
}

}  // namespace

std::optional<AuthMethod> parse_auth_method(std::string_view word) {
  const auto found = std::ranges::find(kMethods, word, &MethodWord::word);
  return found == kMethods.end() ? std::nullopt : std::optional(found->method);
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string copy(text.substr(0, text.find('%')));  // the scope of a link-local address says nothing here
  IpAddress address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
    return address;
  }
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) != 1) return std::nullopt;
  address.bits = 128;
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) return address;
  IpAddress inner;
  inner.bits = 32;
  std::copy(address.bytes.begin() + kMapped.size(), address.bytes.end(), inner.bytes.begin());
  return inner;
}

bool IpAddress::is_loopback() const {
  if (bits == 32) return bytes[0] == 127;
  IpAddress loopback;
  loopback.bytes[15] = 1;
  return bytes == loopback.bytes;
}

bool AccessRule::matches(const Visitor& visitor) const {
  const bool encrypted = visitor.encryption == Visitor::Encryption::tls;
  if ((type == Type::local) != !visitor.address) return false;
  if ((type == Type::hostssl && !encrypted) || (type == Type::hostnossl && encrypted)) return false;
  if (network && !begins_as(*visitor.address, *network, prefix)) return false;
  return any_matches(databases, visitor.database, visitor.user) && any_matches(users, visitor.user, visitor.user);
}

bool AccessRule::is_for_loopback() const {
  if (type == Type::local) return true;
  return network && network->is_loopback() && prefix >= (network->bits == 32 ? 8U : 128U);
}

model::Result<AccessRule> parse_access_rule(std::string_view line) {
  CROSSFADE_TRY(const std::vector<RuleWord> words, split_line(line));
  AccessRule rule;
  const auto type = words.empty() ? kTypes.end() : std::ranges::find(kTypes, words[0].joined(), &TypeWord::word);
  if (type == kTypes.end())
    return not_understood("an access rule begins with local, host, hostssl or hostnossl: \"" + std::string(line) + "\"");
  rule.type = type->type;
  const std::size_t method_at = rule.type == Type::local ? 3 : 4;
  if (words.size() <= method_at)
    return not_understood("an access rule is TYPE DATABASE USER [ADDRESS] METHOD: \"" + std::string(line) + "\"");
  CROSSFADE_TRY(rule.databases, read_names(words[1], "database"));
  CROSSFADE_TRY(rule.users, read_names(words[2], "user"));
  if (rule.type != Type::local) CROSSFADE_CHECK(read_network(words[3].joined(), rule));
  const std::string word = words[method_at].joined();
  const auto method = parse_auth_method(word);
  if (!method) {
    return model::fail("0A000"_state, "the method \"" + word + "\" is not supported in an access rule", {},
                       "Known: trust, reject, password, scram-sha-256, cert.");
  }
  rule.method = *method;
  CROSSFADE_CHECK(read_options(std::span(words).subspan(method_at + 1), rule));
  return rule;
}

}  // namespace crossfade::session
