#include <algorithm>

#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using Verb = sql::TransactionControl::Verb;

asio::awaitable<FileSession::Status> FileSession::run_control(sql::TransactionControl control, std::string tag) {
  sql::TransactionControl effective = control;
  const auto default_isolation = [&] {
    const std::string word = client_.settings.show("default_transaction_isolation").value_or("");
    return word == "serializable"      ? sql::Isolation::serializable
           : word == "repeatable read" ? sql::Isolation::repeatable_read
                                       : sql::Isolation::read_committed;
  };
  if (control.verb == Verb::begin) {
    if (!effective.isolation) effective.isolation = default_isolation();
    if (!effective.read_only) effective.read_only = client_.settings.boolean("default_transaction_read_only");
  }
  if (control.verb == Verb::set_session) {
    // SET SESSION CHARACTERISTICS changes the defaults.
    constexpr std::array<std::string_view, 3> kIsolations{"read committed", "repeatable read", "serializable"};
    if (control.isolation) {
      const std::array value{std::string(kIsolations[static_cast<std::size_t>(*control.isolation)])};
      if (auto set = client_.settings.set("default_transaction_isolation", value, false); !set) co_return set;
    }
    if (control.read_only) {
      const std::array value{std::string(*control.read_only ? "on" : "off")};
      if (auto set = client_.settings.set("default_transaction_read_only", value, false); !set) co_return set;
    }
    wire::append_command_complete(client_.channel.out(), tag);
    co_return Status{};
  }
  const bool ends = control.verb == Verb::commit || control.verb == Verb::rollback || control.verb == Verb::rollback_to;
  if (ends && control.verb != Verb::rollback_to) co_await drop_portals();
  std::vector<model::Error> warnings;
  auto done = co_await engine([&] { return session_.control(effective, warnings); });
  for (const model::Error& warning : warnings) client_.send_notice(warning, wire::Severity::warning);
  if (!done) {
    if (control.verb == Verb::commit && session_.state() == sqlite::BlockState::idle) client_.settings.rollback();
    co_return std::unexpected(std::move(done).error());
  }
  follow_control(control, *done);
  wire::append_command_complete(client_.channel.out(), done->empty() ? tag : *done);
  co_return Status{};
}

/// Settings and the list of savepoints go along with the block. `tag`: what the engine made of it.
void FileSession::follow_control(const sql::TransactionControl& control, std::string_view tag) {
  const auto cut_after = [&](std::size_t extra) {
    const auto found = std::find(savepoints_.rbegin(), savepoints_.rend(), control.name);
    if (found != savepoints_.rend()) savepoints_.resize(static_cast<std::size_t>(savepoints_.rend() - found) - 1 + extra);
  };
  client_.settings.follow(control, tag);
  switch (control.verb) {
    case Verb::begin: implicit_ = false; break;  // the block is the client's from here on
    case Verb::commit:
    case Verb::rollback:
      savepoints_.clear();
      implicit_ = false;
      break;
    case Verb::savepoint: savepoints_.push_back(control.name); break;
    case Verb::release: cut_after(0); break;
    case Verb::rollback_to: cut_after(1); break;
    case Verb::set_transaction:
    case Verb::set_session: break;
  }
}

asio::awaitable<void> FileSession::begin_implicit() {
  if (session_.state() != sqlite::BlockState::idle) co_return;
  implicit_ = true;
  client_.settings.begin();
  co_await engine([this] {
    session_.begin_implicit();
    return true;
  });
}

asio::awaitable<FileSession::Status> FileSession::end_implicit() {
  if (!std::exchange(implicit_, false)) co_return Status{};
  co_await drop_portals();
  const bool failed = session_.state() == sqlite::BlockState::failed;
  auto ended = co_await engine([this] { return session_.end_implicit(); });
  if (failed || !ended) client_.settings.rollback();
  else client_.settings.commit();
  co_return ended;
}

}  // namespace crossfade::session
