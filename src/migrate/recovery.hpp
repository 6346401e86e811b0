#pragma once

#include <string_view>

#include "crossfade/migrate/stage.hpp"

namespace crossfade::migrate {

/// What one side's state row says. `handing_over`: this side has put up its guard and waits for the other's epoch (MIRROR 16).
struct SideState {
  StageState at;
  bool handing_over = false;
  bool operator==(const SideState&) const = default;
};

/// What is to be done at start, by what the two rows say (MIRROR 17). PostgreSQL's row is locked while it is decided.
enum class Verdict : std::uint8_t {
  agree,          // both at rest in one stage and epoch
  follow,         // a change of stage without a change of primary reached only SQLite: PostgreSQL's row follows
  cancel,         // handing over, the new primary had not taken over: its epoch moves on in the old stage, then the old primary's row
  finish_cancel,  // the same, the new primary's row had been moved already
  forward,        // the new primary has taken over: the old one's row follows
  refuse,         // one of them was rewound, or belongs to another pair
};
std::string_view to_string(Verdict verdict);

struct Decision {
  Verdict verdict = Verdict::refuse;
  Side old_primary = Side::sqlite;  // of cancel, finish_cancel and forward
  StageState settle;                // stage and epoch in which both are at rest afterwards; `since` is the newer row's
};
Decision decide(const SideState& sqlite, const SideState& postgres);

}  // namespace crossfade::migrate
