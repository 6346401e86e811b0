#include "file_session.hpp"

namespace crossfade::session {

using namespace model::literals;

FileSession::Status FileSession::run_listening(const sql::ObjectControl& control) {
  using Verb = sql::ObjectControl::Verb;
  switch (control.verb) {
    case Verb::listen: notifications_.listen(control.name); break;
    case Verb::unlisten:
      if (control.name.empty()) notifications_.unlisten_all();
      else notifications_.unlisten(control.name);
      break;
    case Verb::notify: CROSSFADE_CHECK(calls_.notify(control.name, control.payload)); break;
    case Verb::deallocate:
    case Verb::close:
    case Verb::discard_all:
    case Verb::discard_plans:
    case Verb::discard_sequences:
    case Verb::discard_temporary: break;
  }
  if (session_.state() == sqlite::BlockState::idle && !implicit_) commit_notifications();
  return {};
}

void FileSession::commit_notifications() {
  notifications_.commit(client_.hub.notifications, inbox_, client_.channels, client_.pid);
}

void FileSession::send_notifications() {
  if (inbox_.empty()) return;
  for (const Notification& notification : inbox_.take()) {
    wire::Message(client_.channel.out(), 'A').int32(notification.pid).text(notification.channel).text(notification.payload);
  }
}

void FileSession::end_statement(bool succeeded) {
  if (succeeded) {
    client_.settings.commit();
    if (!notifications_.empty()) commit_notifications();
  } else {
    client_.settings.rollback();
    notifications_.rollback();
  }
}

}  // namespace crossfade::session
