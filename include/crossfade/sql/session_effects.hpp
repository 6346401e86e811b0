#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace crossfade::sql {

/// Settings that PostgreSQL reports to its client when they change (ParameterStatus) and that a client may set.
inline constexpr std::array<std::string_view, 7> kReportedSettings{
    "application_name", "client_encoding", "DateStyle", "IntervalStyle", "TimeZone", "standard_conforming_strings", "default_transaction_read_only",
};

/// What a query string may leave behind in its session beyond its transaction, for a pool that lends the session to others. In doubt
/// more is said than is so: `asks` means that the server is to be asked.
struct SessionEffects {
  bool asks = false;               // settings, temporary objects, LISTEN, PREPARE, WITH HOLD, advisory locks, or a function that may do any of it
  bool frees = false;              // may take such state away: CLOSE, UNLISTEN, RESET, DISCARD, DEALLOCATE, DROP, pg_advisory_unlock
  bool forgets_statements = false; // DEALLOCATE ALL, DISCARD ALL
  bool resets_settings = false;    // RESET ALL, DISCARD ALL, RESET application_name: back to what the connection began with
  bool reads_sequences = false;    // currval, lastval: they speak of the session's own past
  bool draws = false;              // may give lastval something to say: INSERT, nextval, a function of the user's
  std::string custom;              // a setting of no module ("app.user") that is set for the session: no server lists these. Its name, or what is known of it
  bool calls = false;              // functions of the user's, which may set such ones
  bool sets = false;               // may set a reported setting, or take one back (ROLLBACK)
  bool transaction = false;        // BEGIN … ROLLBACK: what it seems to reset may be back
  std::string_view lasting;        // state that the server cannot be asked about and that nothing ends: why; static
  /// DEALLOCATE and EXECUTE of a prepared statement: the name, and where it stands in the text, in bytes.
  struct NameUse { std::string name; std::size_t begin = 0, length = 0; bool deallocates = false; };
  std::vector<NameUse> names;
  std::vector<std::string> executed;  // names that a statement deallocates which is executed by its name here; whoever knows that one fills it in

  /// Nothing of the above.
  bool none() const {
    return !asks && !frees && !forgets_statements && !resets_settings && !reads_sequences && !draws && !sets && custom.empty() && !calls && lasting.empty() &&
           names.empty();
  }
};

/// Looks at the words; where they leave a doubt, at libpg_query's tree. Text that neither understands has no effects when the
/// grammar refuses it (the server will) but `asks`, since a newer server may take it. Thread-safe. 0.2 µs for a plain SELECT.
SessionEffects session_effects(std::string_view text);

/// A function of pg_catalog that leaves nothing behind in its session. Source: PostgreSQL 15, postgres.bki.
bool is_plain_builtin(std::string_view name);

}  // namespace crossfade::sql
