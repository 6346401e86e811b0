#include <algorithm>

#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

/// For WHERE CURRENT OF; on an engine's thread, while the session waits.
model::Result<std::optional<std::int64_t>> FileSession::current_row(std::string_view cursor, std::string_view table) const {
  const auto found = portals_.find(cursor);
  if (found == portals_.end()) return model::fail("34000"_state, "cursor \"" + std::string(cursor) + "\" does not exist");
  const Portal& portal = found->second;
  const auto not_there = [&](const std::string& why) { return model::fail("24000"_state, "cursor \"" + std::string(cursor) + "\" " + why); };
  if (portal.hold == Portal::Hold::held) return not_there("is held from a previous transaction");
  if (portal.scroll == nullptr || portal.keyed_table != table)
    return not_there("is not a simply updatable scan of table \"" + std::string(table) + "\"");
  const auto key = portal.scroll->current_key();
  if (!key) return not_there("is not positioned on a row");
  return key;
}

namespace {

/// Its transaction is about to commit: it will outlive that.
bool will_be_held(const Portal& portal) { return portal.hold == Portal::Hold::declared && !portal.failed; }

}  // namespace

/// The transaction is about to commit: WITH HOLD's rows are read now. Errors: those of reading them; the commit fails. settle_held()
/// follows when it is known what became of the commit.
asio::awaitable<FileSession::Status> FileSession::hold_cursors() {
  if (std::ranges::none_of(portals_, [](const auto& entry) { return will_be_held(entry.second); })) co_return Status{};
  auto held = co_await engine_statement([this]() -> Status {
    for (auto& [name, portal] : portals_)
      if (will_be_held(portal)) CROSSFADE_CHECK(portal.scroll->hold());
    return {};
  });
  if (!held) co_await settle_held(false);
  co_return held;
}

/// Those that were declared WITH HOLD in the transaction that has ended: they stay, or they go with it.
asio::awaitable<void> FileSession::settle_held(bool committed) {
  for (auto& [name, portal] : portals_)
    if (committed && will_be_held(portal)) portal.hold = Portal::Hold::held;
  co_await drop_portals([](const std::string&, const Portal& portal) { return portal.hold == Portal::Hold::declared; });
}

bool FileSession::holds_cursors() const {
  return std::ranges::any_of(portals_, [](const auto& entry) { return entry.second.hold == Portal::Hold::held; });
}

/// Cursors end on a pool thread: ending one may end a transaction.
asio::awaitable<void> FileSession::drop_portals(std::function<bool(const std::string&, const Portal&)> chosen) {
  std::vector<Portal> dropped;
  for (auto at = portals_.begin(); at != portals_.end();) {
    const auto here = at++;
    if (!chosen(here->first, here->second)) continue;
    if (here->second.cursor != nullptr || here->second.scroll != nullptr) dropped.push_back(std::move(here->second));
    portals_.erase(here);
  }
  if (dropped.empty()) co_return;
  co_await engine([&dropped] {
    dropped.clear();
    return true;
  }, Lane::brief);
}

asio::awaitable<void> FileSession::drop_portals() {
  if (portals_.empty()) co_return;
  co_await drop_portals([](const std::string&, const Portal& portal) { return portal.hold != Portal::Hold::held; });
}

asio::awaitable<void> FileSession::drop_portals_to_commit() {
  if (portals_.empty()) co_return;
  co_await drop_portals([](const std::string&, const Portal& portal) { return portal.hold != Portal::Hold::held && !will_be_held(portal); });
}

/// ROLLBACK TO ends the portals made since; RELEASE gives them to the level above.
asio::awaitable<void> FileSession::follow_savepoint(sql::TransactionControl control) {
  using Verb = sql::TransactionControl::Verb;
  const auto found = std::find(savepoints_.rbegin(), savepoints_.rend(), control.name);
  if (found == savepoints_.rend() || portals_.empty()) co_return;
  const auto level = static_cast<std::size_t>(savepoints_.rend() - found);  // of what was made since it was set
  if (control.verb == Verb::rollback_to) {
    co_await drop_portals([level](const std::string&, const Portal& portal) {
      return portal.hold != Portal::Hold::held && portal.level >= level;
    });
  } else {
    for (auto& [name, portal] : portals_) portal.level = std::min(portal.level, level - 1);
  }
}

}  // namespace crossfade::session
