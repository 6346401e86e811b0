#include "bound_values.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace {

/// A statement that is bound and run for the second time may well come a third time.
constexpr std::uint32_t kRunsBeforeLearning = 2;

}  // namespace

/// What has come, as long as it needs no waiting; next_frame() gives the rest.
void FileSession::serve_at_once() {
  while (!client_.draining && !client_.channel.broken() && client_.channel.out().size() < kMostUnsent) {
    const auto frame = client_.channel.take_frame();
    if (!frame) return;
    if (client_.enter_now() && client_.side() == migrate::Side::sqlite && handle_at_once(*frame)) continue;
    client_.channel.put_back(*frame);
    return;
  }
}

/// Bind, Execute and Sync of a short read (sqlite::Session::read_short): what applications send most. false: nothing was done, the
/// ordinary way is to be gone; it also finds what is wrong with a message and says so.
bool FileSession::handle_at_once(const wire::Frame& frame) {
  if (skip_to_sync_ || failed_batch_ || (fresh_ && frame.type != 'E')) return false;
  if (frame.type == 'S') {
    if (!frame.body.empty() || implicit_ || has_cursors()) return false;
    finish_batch_at_once();
    return true;
  }
  if (frame.type != 'B' && frame.type != 'E') return false;
  const auto message = wire::parse_frontend(frame);
  if (!message) return false;
  const auto* bound = std::get_if<wire::Bind>(&*message);
  const bool done = bound != nullptr ? bind_at_once(*bound) : execute_at_once(std::get<wire::Execute>(*message));
  if (done) extended_ = true;
  return done;
}

bool FileSession::bind_at_once(const wire::Bind& message) {
  const auto prepared = client_.prepared.find(name_key(message.statement));
  if (prepared == client_.prepared.end() || prepared->second->translated == nullptr) return false;
  if (prepared->second->statement->kind != sql::Kind::select || session_.state() == sqlite::BlockState::failed) return false;
  const auto old = portals_.find(name_key(message.portal));
  if (old != portals_.end() && (!message.portal.empty() || old->second.cursor != nullptr)) return false;
  if (weight_of(message) > kBriefBytes) return false;
  auto portal = make_portal(message, prepared->second);
  if (!portal) return false;
  if (old != portals_.end()) old->second = *std::move(portal);
  else portals_.emplace(std::string(name_key(message.portal)), *std::move(portal));
  fresh_ = FreshBind{std::string(name_key(message.portal)), client_.channel.out().size()};
  wire::append_empty(client_.channel.out(), '2');
  client_.show(Activity::active);
  return true;
}

bool FileSession::execute_at_once(const wire::Execute& message) {
  const auto found = portals_.find(name_key(message.portal));
  if (found == portals_.end() || found->second.started || found->second.opened != nullptr || message.max_rows > 0) return false;
  if (fresh_ && fresh_->portal != found->first) return false;
  Portal& portal = found->second;
  const Prepared::Short& known = portal.prepared->short_read;
  if (known.translated == nullptr || known.lasting) return false;
  if (client_.stage() == migrate::Stage::canary && in_canary_share()) return false;
  // Not alone in its batch, it is part of the batch's transaction, which is yet to be opened.
  const bool in_transaction = implicit_ || session_.state() == sqlite::BlockState::in_block;
  if (!in_transaction && client_.channel.peek_type() != 'S') return false;
  // The schema is looked at by read_short; the rest of what a translation depends on is looked at here.
  if (known.settings != client_.settings.generation() || known.plan != database_.plan_number()) return false;
  for (const wire::Format format : portal.formats)
    if (!wire::check_format(format)) return false;
  std::string& out = client_.channel.out();
  const std::size_t before = out.size();
  DataRows rows(out, known.translated->columns, portal.formats, client_.settings.style());
  if (!session_.read_short(known.translated, portal.values, rows)) {
    out.resize(before);
    return false;
  }
  fresh_.reset();
  wire::append_command_complete(out, complete_tag(known.translated->command_tag, static_cast<std::int64_t>(rows.rows())));
  portal.started = portal.finished = true;
  Execution execution{.statement = portal.prepared->statement.get(), .translated = known.translated, .values = portal.values};
  note_done(execution);
  return true;
}

/// On a pool thread, after the statement has run and been translated anew.
void FileSession::learn_short(const Execution& execution) {
  Prepared::Short& known = execution.portal->prepared->short_read;
  if (known.lasting || ++known.runs < kRunsBeforeLearning) return;
  known.translated = execution.translated;
  known.settings = client_.settings.generation();
  known.plan = plan_number_;
  known.lasting = !session_.learn_short(execution.translated, schema_version_, execution.values);
}

}  // namespace crossfade::session
