#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::postgres {
namespace {

using namespace model::literals;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

model::Result<Pairs> read_pairs(std::string_view text) {
  char* message = nullptr;
  Options options{PQconninfoParse(std::string(text).c_str(), &message)};
  if (!options) {
    std::string reason = message ? message : "out of memory";
    PQfreemem(message);
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    return model::fail("08001"_state, "connection string is malformed: " + reason);
  }
  Pairs pairs;
  for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
    if (option->val) pairs.emplace_back(option->keyword, option->val);
  }
  return pairs;
}

std::string write_pairs(const Pairs& pairs) {
  std::string text;
  for (const auto& [keyword, value] : pairs) {
    if (!text.empty()) text += ' ';
    text += keyword + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return text;
}

bool secret(std::string_view keyword) { return keyword == "password" || keyword == "sslpassword"; }

}  // namespace

model::Result<Conninfo> Conninfo::parse(std::string_view text) {
  CROSSFADE_TRY(const Pairs pairs, read_pairs(text));
  Conninfo conninfo;
  conninfo.text_ = write_pairs(pairs);
  return conninfo;
}

std::string Conninfo::redacted() const {
  auto pairs = read_pairs(text_);
  if (!pairs) return "***";
  std::string text;
  for (const auto& [keyword, value] : *pairs) {
    if (!text.empty()) text += ' ';
    text += keyword + '=' + (secret(keyword) ? "***" : value);
  }
  return text;
}

std::string Conninfo::value(std::string_view keyword) const {
  auto pairs = read_pairs(text_);
  if (!pairs) return {};
  const auto found = std::ranges::find(*pairs, keyword, &Pairs::value_type::first);
  return found == pairs->end() ? std::string{} : found->second;
}

Conninfo Conninfo::with(std::string_view keyword, std::string_view value) const {
  Pairs pairs = read_pairs(text_).value_or(Pairs{});
  std::erase_if(pairs, [&](const auto& pair) { return pair.first == keyword; });
  pairs.emplace_back(keyword, value);
  Conninfo changed;
  changed.text_ = write_pairs(pairs);
  return changed;
}

Conninfo Conninfo::without(std::string_view keyword) const {
  Pairs pairs = read_pairs(text_).value_or(Pairs{});
  std::erase_if(pairs, [&](const auto& pair) { return pair.first == keyword; });
  Conninfo changed;
  changed.text_ = write_pairs(pairs);
  return changed;
}

Pairs Conninfo::pairs() const { return read_pairs(text_).value_or(Pairs{}); }

}  // namespace crossfade::postgres
