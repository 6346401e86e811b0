#include <algorithm>
#include <utility>

#include "connection_impl.hpp"
#include "function_error.hpp"
#include "session_impl.hpp"

namespace crossfade::sqlite {

void Session::follow_schema(SchemaFollower* follower, SchemaStatement said) {
  if (follower == nullptr && !impl_->changes.empty()) return;  // who has seen the first sees the transaction to its end
  impl_->follower = follower;
  impl_->said = std::move(said);
}

bool Session::changes_schema() const { return impl_->schema_changed; }

model::Result<void> Session::Impl::note_change(Connection& on, const sql::Translated& statement) {
  const AuthorScope scope{on.internals(), Author::proxy};
  CROSSFADE_CHECK(follower->changed(on, statement));
  said.skipped = std::ranges::count_if(statement.notices, [](const model::Error& notice) { return notice.message.ends_with(", skipping"); });
  changes.push_back(std::exchange(said, {}));
  return {};
}

model::Result<void> Session::Impl::commit_changes() {
  if (changes.empty()) return own("COMMIT");
  start_running(connection(), Harm::none);
  auto prepared = [&] {
    const AuthorScope scope{connection().internals(), Author::proxy};
    return follower->prepare(connection(), changes, cancelled);
  }();
  if (stop_running()) return std::unexpected(stopped());  // the last moment for it: what is prepared is called off
  if (!prepared) return std::unexpected(std::move(prepared).error());
  CROSSFADE_CHECK(own("COMMIT"));
  (*prepared)->committed();
  return {};
}

}  // namespace crossfade::sqlite
