#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "crossfade/observe/log.hpp"
#include "pooled_session.hpp"
#include "visit.hpp"

/// One batch of a client and its answer, without a coroutine: a frame each way costs more of the proxy's own time than all else that it does
/// with a short statement. The client's coroutine waits in client_speaks(); it, or from_server(), goes on at whatever point this cannot.
namespace crossfade::session {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kExchangeReadBytes = 16 * 1024;
constexpr std::size_t kKeepAnswers = 64 * 1024;  // a larger buffer is given back after it was sent

/// Whole messages of those that a server answers, and the last of them asks for its ReadyForQuery.
bool is_whole_batch(std::string_view bytes) {
  constexpr std::size_t kHeader = 5;
  char last = 0;
  while (!bytes.empty()) {
    if (bytes.size() < kHeader || !std::string_view("QPBDECS").contains(bytes[0])) return false;
    std::size_t length = 0;
    for (std::size_t at = 1; at < kHeader; ++at) length = length << 8 | static_cast<unsigned char>(bytes[at]);
    if (length < kHeader - 1 || length >= bytes.size()) return false;
    last = bytes[0];
    bytes.remove_prefix(1 + length);
  }
  return last == 'Q' || last == 'S';
}

/// The io thread's own, for the batch that is sent next: a client holds what its server takes no more of.
std::string& next_batch() {
  static thread_local std::string bytes;
  bytes.clear();
  return bytes;
}

bool would_block(const boost::system::error_code& error) { return error == asio::error::would_block || error == asio::error::try_again; }

}  // namespace

void PooledSession::listen() {
  Channel& channel = client_.channel;
  channel.begin_wait();
  visit_.wait_silently();
  client_waits_ = true;
  visit_.edge().listen(channel.socket(), visit_.home(), *this);
}

void PooledSession::wake() {
  if (resume_) std::exchange(resume_, nullptr)();
  else visit_.go_on();
}

/// An end that came with its last bytes is looked for; and the coroutine of one that is free goes: its frames hold more than all else of it.
void PooledSession::silent() {
  client_.channel.hear_end();
  if (!resume_ || !client_waits_ || state_ != State::free) return;
  visit_.hold_itself();
  const auto gone = std::exchange(resume_, nullptr);
}

void PooledSession::on_edge(const postgres::EdgeWait& which, boost::system::error_code error) {
  try {
    if (&which == &visit_.edge()) {
      client_waits_ = false;
      client_spoke(error);
    } else {
      answer_came(error);
    }
  } catch (const std::exception& failure) {
    observe::log(observe::Level::error, "session failed", {{"pid", client_.pid}, {"user", client_.user}, {"what", failure.what()}});
    lost_ = true;
    if (std::exchange(asked_, false) && lease_) lease_->upstream->forget_listener();
    if (client_waits_) client_.channel.interrupt_read();
    else wake();
  }
}

/// The coroutine that waits holds all of this, or it holds itself.
void PooledSession::on_dropped(const postgres::EdgeWait& which) {
  if (&which != &visit_.edge() && !heard_) return;
  if (auto gone = std::exchange(resume_, nullptr); !gone) visit_.let_go();
}

void PooledSession::client_spoke(boost::system::error_code waited) {
  if (asked_) {  // it has more to say, or goes: the answer's wait ends first
    heard_ = waited;
    boost::system::error_code ignored;
    lease_->upstream->socket().cancel(ignored);
    return;
  }
  Channel& channel = client_.channel;
  const bool heard = channel.take_bytes(waited).has_value();
  if (heard && !client_.draining && !lost_ && !channel.has_bytes() && !channel.broken() && channel.drained() && channel.waits_for_bytes()) return listen();
  if (heard && ask()) return;
  if (!resume_ && goes()) return visit_.finish();
  wake();
}

/// It said goodbye, or is gone, at rest: there is nothing to give back or to tell.
bool PooledSession::goes() const {
  constexpr std::string_view kGoodbye("X\0\0\0\4", 5);
  const Channel& channel = client_.channel;
  return state_ == State::free && !lease_ && !pumping_ && !cancels() && out_.empty() && channel.out().empty() &&
         (channel.broken() || channel.waiting() == kGoodbye);
}

/// What came is a whole batch, and a connection is free: it is sent. false: that is for the coroutine.
bool PooledSession::ask() {
  Channel& channel = client_.channel;
  if (state_ != State::free || lost_ || client_.draining || skip_to_sync_ || !out_.empty() || !channel.out().empty()) return false;
  if (!channel.drained() || channel.broken() || !is_whole_batch(channel.waiting())) return false;
  postgres::Lease lease = pool_->try_acquire(startup_, client_.pid, visit_.home());
  if (!lease) return false;
  lease_ = std::move(lease);
  state_ = State::lent;
  fresh_ = true;
  unwritable_ = false;
  std::string& batch = next_batch();
  if (!tracker_->attach_as_it_is(*lease_)) {
    tracker_->attach(*lease_, batch, channel.out());
    if (!channel.out().empty()) {
      out_ = batch;
      start_from_server({.rest = std::exchange(channel.out(), {})});
      return false;
    }
  }
  std::size_t said = 0;
  while (const auto frame = channel.take_frame()) {
    if (tracker_->unsettled(*frame, *lease_, batch)) {
      channel.put_back(*frame);
      break;
    }
    said += frame->raw.size();
    tracker_->forward(*frame, *lease_, batch);
  }
  pool_->counters.received.fetch_add(said, std::memory_order_relaxed);
  client_.show(Activity::active);
  postgres::Upstream& upstream = *lease_->upstream;
  boost::system::error_code error;
  const std::size_t count = upstream.write_some(batch, error);
  if (count != batch.size()) out_.assign(batch, count);
  if (batch.capacity() > kKeepAnswers) batch = {};
  if (!out_.empty() || !channel.waits_for_bytes()) {  // what it takes no more of; a message that is refused; what TLS has behind it
    start_from_server({});
    return false;
  }
  if (upstream.has_unread() || !upstream.read_empty()) {
    start_from_server({});
  } else {
    asked_ = true;
    upstream.wait_for_answer(*this, lease_->upstream);
  }
  listen();
  return true;
}

void PooledSession::answer_came(boost::system::error_code waited) {
  asked_ = false;
  Begin begin;
  if (!waited) {
    postgres::Upstream& upstream = *lease_->upstream;
    boost::system::error_code error;
    const std::size_t count = upstream.read_some(lease_->reader.prepare(kExchangeReadBytes), error);
    if (would_block(error) && !heard_ && upstream.read_empty()) {
      asked_ = true;
      return upstream.wait_for_answer(*this, lease_->upstream);
    }
    if (!error) {
      static thread_local std::string answers;
      answers.clear();
      begin.broken = take_answers(count, answers) == Brought::broken;
      begin.rest = client_.channel.send_now(answers);
      if (answers.capacity() > kKeepAnswers) answers = {};
      if (client_.channel.broken()) client_.channel.interrupt_read();  // nothing more may come of it
      begin.answered = lease_ && all_answered();
    }
  }
  if (lease_ || begin.rest) start_from_server(std::move(begin));  // which sees itself what was wrong with the wait, or the read
  else become_free();
  if (heard_) client_spoke(*std::exchange(heard_, std::nullopt));
}

}  // namespace crossfade::session
