#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "answers_due.hpp"
#include "client.hpp"

namespace crossfade::session {

/// What goes through a relay, followed from the headers (raw) or with names, types and settings (inspected); no I/O. It knows
/// when the server has answered everything, and keeps the client's prepared statements and settings so that the session can move.
/// Best effort: of prepared statements made by SQL's PREPARE only this is known, whether they change rows.
class RelayTracker {
 public:
  enum class Mode : std::uint8_t { raw, inspected };
  RelayTracker(Client& client, Mode mode, char status) : client_(client), mode_(mode), status_(status) {}

  Mode mode() const { return mode_; }
  /// A message about to be forwarded. `query`: what a Query's or Parse's text was parsed to; null when it is not known.
  /// `body`: the message's, for a Bind.
  void sent(const wire::FrontendMessage& message, std::shared_ptr<const ParsedQuery> query, std::string_view body = {});
  /// In raw mode, from the header.
  void sent_raw(char type);
  void received(const wire::Frame& frame);

  /// Everything was answered and no block is open, nor the transaction of a batch that lacks its Sync.
  bool quiet() const { return mode_ == Mode::raw ? due_.quiet() : pending_.empty() && !unsynced_ && !skipping_ && status_ == 'I'; }
  char status() const { return status_; }
  /// Reads that have ended well since the last call, for the shadow, which runs them on a pair: what else their block has done does
  /// not matter there, but for settings it has changed (those reads are left out). At most a few.
  struct Read {
    sql::Parsed statement;
    std::vector<model::Oid> types;
    std::string bind;
  };  // `bind`: a Bind's body, empty without one
  std::vector<Read> take_reads() { return std::exchange(reads_, {}); }
  /// A transaction that may have changed rows has been committed since the last call: to be asked at each ReadyForQuery. A COMMIT in the
  /// middle of a batch counts, also one that chains.
  bool take_committed() { return std::exchange(committed_, false); }
  /// Whether a message to be sent may change rows; `query`: as sent() takes it. In doubt it does (sql::row_effects).
  bool may_change(const wire::FrontendMessage& message, const ParsedQuery* query) const;
  /// The session may hold something since, or no more, that does not move with it: to be asked of the server when all is quiet.
  bool asks() const { return asks_; }
  void asking() { asks_ = false; }
  /// Nothing: the server did not tell, and is to be asked again behind the client's next transaction.
  void told_held(std::optional<bool> holds) {
    holds_ = holds.value_or(true);
    asks_again_ = !holds;
  }
  /// It takes COPY data.
  bool copies_in() const { return copies_in_; }
  /// The server owes no answer but to what it passes over.
  bool answered() const { return pending_.empty(); }
  bool skipping() const { return skipping_; }
  /// standard_conforming_strings is off.
  bool backslashes() const { return backslashes_; }
  /// What an Execute of this portal would run, if all that was sent goes well; null when that is not known.
  std::shared_ptr<const sql::Parsed> to_execute(std::string_view portal) const;
  /// The proxy has opened a block itself.
  void opened_block() { status_ = 'T'; }

 private:
  struct Pending {
    enum class Kind : std::uint8_t { parse, bind, describe_statement, describe_portal, execute, close, statement, ready } kind;
    std::string name, statement;         // of a Bind: portal and statement
    std::string body;                    // of a Bind, when it may be sampled
    std::shared_ptr<Prepared> prepared;  // of a Parse; of a Bind: what its statement is by then
    std::shared_ptr<const ParsedQuery> query;
    std::size_t index = 0;               // of a Query's statement
    wire::Named named = wire::Named::statement;
  };

  struct Bound { std::shared_ptr<Prepared> prepared; std::string body; };

  void begin_batch();
  /// What a statement's name stands for, if all that was sent goes well; null: it was not made by a Parse.
  std::shared_ptr<Prepared> prepared_by(std::string_view name) const;
  void note_read(const sql::Parsed& statement, std::string_view tag, const Bound* bound);
  void completed(std::string_view tag);
  void suspended();
  /// What the Execute in front runs; null when it is not known.
  const sql::Parsed* executed() const;
  void described(const wire::Frame& frame);
  void apply(const sql::Parsed& statement, std::string_view tag);
  void note_change(const sql::Parsed* statement, std::string_view tag);
  bool text_may_change(std::string_view text) const;
  bool named_may_change(std::string_view name) const;
  void note_parameter(std::string_view body);
  void note_effects(const wire::FrontendMessage& message);
  Prepared* front_prepared();

  Client& client_;
  Mode mode_;
  char status_;
  bool wrote_ = false;       // what may have changed rows has ended well and may not be committed yet
  bool committed_ = false;
  bool backslashes_ = false;  // standard_conforming_strings is off: what we parse may be read otherwise there
  bool failed_ = false;  // an error since the last ReadyForQuery
  bool block_sets_ = false;  // a SET since the block or batch began: it may be gone by the time a read is run again
  bool unsynced_ = false;  // a Bind or Execute was sent, and no Sync after it: what it did is not committed, its portal is open
  bool skipping_ = false;  // an error was said, and no Sync was sent after what it was about: the server passes over everything
  AnswersDue due_;         // in raw mode, in place of `pending_`
  std::list<Pending> pending_;
  std::map<std::string, Bound, std::less<>> portals_;
  bool asks_ = false, asks_again_ = false, holds_ = false;
  bool copies_in_ = false;
  std::map<std::string, bool, std::less<>> holding_;     // prepared statements that were bound or parsed: whether they may leave something behind
  std::map<std::string, bool, std::less<>> by_prepare_;  // statements of SQL's PREPARE: whether they may change rows
  std::vector<Read> reads_;
};

/// Reads a RowDescription's body: names and types.
std::vector<model::Column> read_row_description(std::string_view body);
std::vector<model::Oid> read_parameter_description(std::string_view body);

}  // namespace crossfade::session
