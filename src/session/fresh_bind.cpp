#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;

/// Messages before which nobody can tell that the statement has not been looked at.
bool FileSession::goes_with_bind(const wire::FrontendMessage& message) const {
  if (const auto* described = std::get_if<wire::Describe>(&message))
    return described->kind == wire::Named::portal && name_key(described->name) == fresh_->portal;
  const auto* executed = std::get_if<wire::Execute>(&message);
  return executed != nullptr && name_key(executed->portal) == fresh_->portal;
}

/// Its Execute does not come right behind: what PostgreSQL does in Bind is done now. `next`: the type of the message that comes instead,
/// 0: none has come yet.
asio::awaitable<void> FileSession::settle_bind(char next) {
  const FreshBind bound = *std::exchange(fresh_, std::nullopt);
  Portal* const portal = find_portal(bound.portal);
  if (portal == nullptr || portal->started || session_.state() == sqlite::BlockState::failed) co_return;
  auto done = co_await open_bound(*portal, next);
  if (done) co_return;
  if (done.error().position != 0) done.error().position += portal->prepared->statement->offset;
  take_back(bound);
  fail_batch(std::move(done).error());
}

/// A query's snapshot is taken with it, unless its portal is about to end.
asio::awaitable<FileSession::Status> FileSession::open_bound(Portal& portal, char next) {
  const sql::Translated& known = *portal.prepared->translated;
  const bool reads = (known.kind == sql::Kind::select || known.kind == sql::Kind::values) && !known.writes && !known.tables.empty();
  if (!reads || (next == 'S' && session_.state() == sqlite::BlockState::idle)) co_return co_await revalidate(portal.prepared);
  co_await begin_implicit();
  Opened opened;
  Execution open{.statement = portal.prepared->statement.get(), .declared = portal.prepared->types(), .values = portal.values,
                 .prepared = portal.prepared.get(), .into = &opened};
  if (auto done = co_await run_on_engine(std::move(open)); !done) co_return done;
  portal.opened = std::move(opened.translated);
  portal.cursor = std::move(opened.cursor);
  co_return Status{};
}

/// The statement does not stand: its Bind has failed. Nothing of what was answered since has been sent.
void FileSession::take_back(const FreshBind& bound) {
  std::string& out = client_.channel.out();
  if (out.size() > bound.answered) out.resize(bound.answered);
}

}  // namespace crossfade::session
