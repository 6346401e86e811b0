#include "followed_statements.hpp"

#include <algorithm>

#include "crossfade/wire/scram.hpp"

namespace crossfade::session {

namespace {

constexpr std::size_t kSecretBytes = 6;

std::string unguessable() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : wire::random_bytes(kSecretBytes)) {
    const auto value = static_cast<unsigned char>(byte);
    (text += kDigits[value >> 4]) += kDigits[value & 15U];
  }
  return text;
}

}  // namespace

FollowedStatements::FollowedStatements() : prefix_("crossfade_" + unguessable() + "_") {}

std::uint32_t FollowedStatements::reading(const std::string& settings) {
  const std::scoped_lock lock(mutex_);
  return readings_.try_emplace(settings, static_cast<std::uint32_t>(readings_.size() + 1)).first->second;
}

std::shared_ptr<const Followed> FollowedStatements::named(std::string_view text, std::string_view types, const sql::SessionEffects& effects,
                                                          std::uint32_t read_as, std::string said) {
  const std::scoped_lock lock(mutex_);
  const auto make = [&] {
    const std::uint64_t id = ++last_;
    return std::make_shared<const Followed>(
        Followed{std::string(text), std::string(types), id, prefix_ + std::to_string(id), effects, read_as, std::move(said)});
  };
  if (read_as == 0) return make();
  std::string key = std::to_string(read_as);
  ((key += '\0').append(text) += '\0') += types;
  auto& known = known_[std::move(key)];
  if (auto alive = known.lock()) return alive;
  auto made = make();
  known = made;
  if (known_.size() >= prune_at_) {
    std::erase_if(known_, [](const auto& each) { return each.second.expired(); });
    prune_at_ = std::max<std::size_t>(1'000, known_.size() * 2);
  }
  return made;
}

std::shared_ptr<const Followed> FollowedStatements::unnamed(std::string_view text, std::string_view types, sql::SessionEffects effects) {
  std::uint64_t id = 0;
  {
    const std::scoped_lock lock(mutex_);
    id = ++last_;
  }
  return std::make_shared<const Followed>(Followed{std::string(text), std::string(types), id, {}, std::move(effects)});
}

}  // namespace crossfade::session
