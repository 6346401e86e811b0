#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/engine/postgres/pool.hpp"
#include "crossfade/wire/frame_reader.hpp"
#include "followed_statements.hpp"

namespace crossfade::session {

inline constexpr std::uint64_t kOwnParse = 1ULL << 63U;  // Known::batch of a client's own Parse, one for each: it stands or falls by itself
inline constexpr std::uint64_t kUnknown = UINT64_MAX;       // Server::unnamed: somebody's or nobody's

/// A client of a transaction pool and the connection lent to it for a transaction, followed from message to message; no I/O.
/// It knows when the connection may serve others; has the client's prepared statements, under names of ours, on whichever connection
/// it gets; keeps the reported settings as the client was told them; and knows when the server must be asked whether something of the
/// client stays in the session. What the proxy itself says is answered here, not to the client.
class PoolTracker {
 public:
  using Values = postgres::Reported;
  /// `told`: the reported settings as the client has been told them.
  PoolTracker(FollowedStatements& all, Values told);

  /// A connection was lent that has the client's settings as it is. false: it has not; attach() then.
  bool attach_as_it_is(postgres::Server& server);
  /// A connection was lent: what it is told first, and what the client hears of it.
  void attach(postgres::Server& server, std::string& to_server, std::string& to_client);
  void detach(postgres::Server& server);
  /// A client's message, as it goes to the server.
  void forward(const wire::Frame& frame, postgres::Server& server, std::string& out);
  /// What it means depends on an answer that has not come: it speaks of the unnamed statement, and a batch before it may have changed that, or may
  /// have failed before it did; or it is a Query that names a prepared statement, behind messages without a Sync; or it names one that a batch
  /// before it makes or takes away, if it does. `out`: what is sent to have it.
  bool unsettled(const wire::Frame& frame, postgres::Server& server, std::string& out);
  /// A server's message, as the client sees it.
  void answer(const wire::Frame& frame, postgres::Server& server, std::string& out);

  /// Everything was answered and no transaction is open.
  bool quiet() const { return pending_.empty() && !unsynced_ && !skipping_ && status_ == 'I'; }
  /// Nothing would come of a Flush, a stray CopyData …
  bool idle() const { return pending_.empty() && !unsynced_; }
  /// Messages were sent, and no Sync after them.
  bool in_batch() const { return unsynced_; }
  char status() const { return status_; }
  /// Something may stay behind: probe() before the connection serves others.
  bool asks() const { return asks_; }
  void probe(postgres::Server& server, std::string& out);
  /// Why the connection stays this client's: "settings: search_path"; empty: it does not.
  std::string pinned() const;
  bool is_pinned() const { return !lasting_.empty() || !custom_.empty() || !probed_.empty(); }
  bool said_fatal() const { return said_fatal_; }

 private:
  /// The client's name, and what it was; nullptr: nothing (a PREPARE's). A DEALLOCATE that has been done stays so whatever fails behind it.
  using Forgotten = std::vector<std::pair<std::string, std::shared_ptr<const Followed>>>;
  struct Entry {
    enum class Kind : std::uint8_t { parse, bind, describe_statement, describe_portal, execute, close, query, sync, function } kind = Kind::parse;
    bool hidden = false;      // of the proxy
    bool probe = false;
    bool resets = false;      // when it succeeds no setting of the client's is left
    bool sets = false;        // what texts that come behind it are read under may be other settings
    bool takes_copy = false;  // of an Execute: the server wants COPY data
    bool copy_ended = false;  // of an Execute: CopyDone or CopyFail went after it
    std::string name;         // the client's
    std::shared_ptr<const Followed> statement = {};  // of a Parse; of a Close: the one that goes
    std::uint64_t batch = 0;
    std::uint64_t mark = 0;         // of a Parse that put the statement into the server's set: its Known::batch there
    bool unnamed = false;           // of what the proxy says for the unnamed statement
    bool fresh = false;             // of such a Parse: the set had it not
    std::uint64_t under = 0;        // of a Parse of a name that the client has: the statement whose name it was sent under
    std::uint64_t closes = 0;       // of a Close: what it took out of the server's set
    std::uint32_t shift_at = 0, shift = 0;  // in its text as it was sent, our name is so much longer than the client's from this character on
    std::uint64_t replaces = 0;     // of a Parse or Close: which change of the client's unnamed one it is; that was `before`, by the change `after`
    std::uint64_t after = 0;
    std::shared_ptr<const Followed> before = {};
    Forgotten forgotten = {};       // by what was sent, in order: they are back when it fails
    /// As it was made. Most have little to let go, and none is unmade: they are used again.
    void clear();
  };
  using Kind = Entry::Kind;
  /// What was sent and is not answered, in order. It takes no room while it is empty: the io thread has room for those that are not.
  class Entries {
   public:
    Entries() = default;
    Entries(const Entries&) = delete;
    bool empty() const { return begin_ == end_; }
    Entry* begin() { return all_.data() + begin_; }
    Entry* end() { return all_.data() + end_; }
    Entry& front() { return all_[begin_]; }
    Entry& back() { return all_[end_ - 1]; }
    Entry& push(Kind kind, std::uint64_t batch);
    void pop_front() { erase_to(begin() + 1); }
    /// Those before `end`.
    void erase_to(const Entry* end);
    void erase_ends_of_batches();

   private:
    static std::vector<std::vector<Entry>>& spare();
    std::vector<Entry> all_;  // those behind `end_` are clear
    std::size_t begin_ = 0, end_ = 0;  // of those that are there
  };
  static bool ends_batch(const Entry& entry) { return entry.kind >= Kind::query; }

  // pool_tracker_send.cpp
  void forward_query(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void forward_parse(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void forward_bind(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void forward_describe(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void forward_close(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void forward_execute(const wire::Frame& frame, postgres::Server& server, std::string& out);
  Entry& push(Kind kind, const postgres::Server& server, std::string_view name = {}) {
    Entry& entry = pending_.push(kind, server.batch);
    if (!name.empty()) entry.name = name;
    return entry;
  }
  Entry& push_hidden(Kind kind, const postgres::Server& server) {
    Entry& entry = pending_.push(kind, server.batch);
    entry.hidden = true;
    return entry;
  }
  /// The server has it, or gets it. It may become another one: see may_read().
  void ensure(std::shared_ptr<const Followed>& statement, postgres::Server& server, std::string& out);
  /// The server has something of its name: what a DEALLOCATE takes away may not be what can still be prepared.
  void ensure_name(const Followed& statement, postgres::Server& server, std::string& out);
  static bool stands(const postgres::Server::Known& known, const postgres::Server& server) {
    return known.sure || known.batch == server.batch || known.batch >= kOwnParse;
  }
  std::shared_ptr<const Followed> follow(std::string_view text, std::string_view types, const sql::SessionEffects& effects, std::string said = {});
  /// The number of the settings that the server reads a text under now, for what others may share; 0: they are not known for sure, or are this
  /// client's alone.
  std::uint32_t read_as();
  /// What it calls other statements may be others by now: as they are called on the server.
  void rename_again(std::shared_ptr<const Followed>& statement, postgres::Server& server, std::string& out);
  /// Those of the statements that it executes.
  void add_executed(sql::SessionEffects& effects) const;
  void ensure_unnamed(postgres::Server& server, std::string& out);
  void make_room(postgres::Server& server, std::string& out);
  void sync_hidden(postgres::Server& server, std::string& out);
  bool readies(const wire::Frame& frame, postgres::Server& server, std::string& out);
  /// Whether the client has a statement of that name is settled by answers to batches before: what took it away may fail or be passed over, and so
  /// may the Parse that made it. `changes`: it is to be made or taken away, or that is not known.
  bool awaits(std::string_view name, bool changes, const postgres::Server& server);
  void end_in_place_of_query(postgres::Server& server, std::string& out);
  /// What a statement does as it is sent; the entry that is last is its own.
  void begin_statement(const sql::SessionEffects& effects, postgres::Server& server, std::string& out, Kind kind);
  void note_effects(const sql::SessionEffects& effects, postgres::Server& server);
  sql::SessionEffects effects_of(std::string_view text) const;
  void finished(const Entry& entry);
  void parsed(const Entry& entry, postgres::Server& server);
  static void put(Entry& entry, postgres::Server::Known& known, std::uint64_t mark, bool fresh);
  /// Our names in place of the client's, which are prepared first.
  struct Renamed { std::string text; std::uint32_t shift_at = 0, shift = 0; };
  Renamed rename(std::string_view text, const sql::SessionEffects& effects, postgres::Server& server, std::string& out);

  void received_error(const wire::Frame& frame, postgres::Server& server, std::string& out);
  void received_ready(const wire::Frame& frame, std::string& out);
  void received_parameter(const wire::Frame& frame, postgres::Server& server, std::string& out);
  enum class Why : std::uint8_t { failed, skipped };
  void undo(Entry& entry, Why why, postgres::Server& server);
  void undo_unnamed(Entry& entry, Why why);
  void replace_unnamed(Entry& entry, std::shared_ptr<const Followed> next) {
    entry.before = std::exchange(unnamed_, std::move(next));
    entry.after = change_;
    entry.replaces = change_ = ++changes_;
  }
  void forget(std::string_view name, Entry& entry);
  static void deallocated(std::string_view tag, Entry& entry);
  std::string with_clients_names(const wire::Frame& frame, const Entry* entry) const;

  FollowedStatements& all_;
  const std::uint64_t number_;  // of this client, for Server::drawn_by
  Values told_;
  std::string startup_name_;  // application_name as the client began
  std::map<std::string, std::shared_ptr<const Followed>, std::less<>> statements_;
  std::shared_ptr<const Followed> unnamed_;
  std::uint64_t changes_ = 0, change_ = 0;  // of unnamed_; the one that stands
  std::uint32_t reading_ = 0;  // of told_; 0: it has not been asked for
  std::map<std::string, std::shared_ptr<const Followed>, std::less<>> portals_;  // those whose statements have effects
  Entries pending_;
  char status_ = 'I';
  bool unsynced_ = false;
  bool skipping_ = false;  // an error was said, and no Sync was sent after what it was about: the server passes over everything
  bool asks_ = false;
  bool drew_ = false;      // since the connection was lent
  bool restores_name_ = false;
  bool said_fatal_ = false;
  bool asks_functions_ = false;
  bool renaming_ = false;
  std::uint64_t last_doubt_ = 0, last_named_ = 0;  // the latest batches that took a name away or gave it to what was there; that gave one at all
  bool doubtful_ = false;  // a Query was sent behind messages without a Sync, and may be passed over with all that follows it; no Sync since
  bool flushed_ = false;  // nothing of the client's was sent behind a Flush of ours
  bool readied_ = false;  // what a Query that has not been sent needs was sent behind messages without a Sync
  bool resetting_ = false;  // an Execute of this batch has reset all settings
  std::string lasting_, custom_, probed_;  // why it is pinned
};

}  // namespace crossfade::session
