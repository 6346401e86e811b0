#include "sql_calls.hpp"

#include "setting_values.hpp"

namespace crossfade::session {

using namespace model::literals;

model::Result<std::string> SqlCalls::setting(std::string_view name) {
  if (auto value = transaction_(lower(name))) return *std::move(value);
  return client_.settings.show(name);
}

model::Result<std::string> SqlCalls::set(std::string_view name, std::optional<std::string_view> value, Scope scope) {
  client_.settings.begin();  // outside a block the statement is the transaction: an error in it undoes this too
  const bool local = scope == Scope::transaction;
  CROSSFADE_CHECK(value ? client_.settings.set_text(name, *value, local) : client_.settings.set(name, {}, local));
  return client_.settings.show(name);
}

model::Result<void> SqlCalls::notify(std::string_view channel, std::string_view payload) {
  CROSSFADE_CHECK(check_notification(channel, payload));
  if (client_.hub.notifications.full()) return model::fail("54000"_state, "too many notifications in the NOTIFY queue");
  notifications_.notify(std::string(channel), std::string(payload));
  return {};
}

}  // namespace crossfade::session
