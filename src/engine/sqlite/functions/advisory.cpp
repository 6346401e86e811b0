#include <array>

#include "call.hpp"
#include "crossfade/engine/sqlite/advisory_locks.hpp"

namespace crossfade::sqlite::functions {

namespace {

/// crossfade_advisory(what, key [, second key]): "lock", "try", "unlock"; with "s" shared, with "x" until the transaction ends.
Answer advisory(const Call& call) {
  const std::string_view what = call.text(0);
  AdvisoryLocks& locks = call.session().advisory;
  const bool pair = call.size() > 2;
  const auto low = static_cast<std::uint32_t>(pair ? call.integer(2) : 0);
  const AdvisoryLocks::Key key{pair, pair ? static_cast<std::int64_t>(static_cast<std::uint64_t>(call.integer(1)) << 32U | low) : call.integer(1)};
  const auto mode = what.find('s') != std::string_view::npos ? AdvisoryLocks::Mode::shared : AdvisoryLocks::Mode::exclusive;
  const auto span = what.find('x') != std::string_view::npos ? AdvisoryLocks::Span::transaction : AdvisoryLocks::Span::session;
  if (what.starts_with("try")) return std::int64_t{locks.try_lock(key, mode, span)};
  if (what.starts_with("unlock")) return std::int64_t{locks.unlock(key, mode)};
  CROSSFADE_CHECK(locks.lock(key, mode, span));
  return std::string{};
}

Answer unlock_all(const Call& call) {
  call.session().advisory.release_all();
  return std::string{};
}

constexpr std::array kAdvisoryFunctions{
    Function{"crossfade_advisory", 2, advisory, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_advisory", 3, advisory, Nulls::propagate, Volatility::volatile_},
    Function{"crossfade_advisory_unlock_all", 0, unlock_all, Nulls::passed, Volatility::volatile_},
};

}  // namespace

std::span<const Function> advisory_functions() { return kAdvisoryFunctions; }

}  // namespace crossfade::sqlite::functions
