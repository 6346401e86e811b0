#include "recovery.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace crossfade::migrate {
namespace {

struct Case {
  std::string_view what;
  Stage sqlite_stage; int sqlite_epoch; bool sqlite_over;
  Stage postgres_stage; int postgres_epoch; bool postgres_over;
  Verdict verdict; Stage stage; int epoch;
};

constexpr std::array kCases{
    Case{"both at rest", Stage::shadow, 2, false, Stage::shadow, 2, false, Verdict::agree, Stage::shadow, 2},
    Case{"both at rest after the switch", Stage::postgres, 3, false, Stage::postgres, 3, false, Verdict::agree, Stage::postgres, 3},
    Case{"killed between the two rows of copy to shadow", Stage::shadow, 2, false, Stage::copy, 1, false, Verdict::follow, Stage::shadow, 2},
    Case{"killed between the two rows of shadow to copy", Stage::copy, 3, false, Stage::shadow, 2, false, Verdict::follow, Stage::copy, 3},
    Case{"killed before PostgreSQL's epoch", Stage::shadow, 2, true, Stage::shadow, 2, false, Verdict::cancel, Stage::shadow, 3},
    Case{"killed in the middle of the cancelling", Stage::shadow, 2, true, Stage::shadow, 3, false, Verdict::finish_cancel, Stage::shadow, 3},
    Case{"killed after PostgreSQL's epoch", Stage::shadow, 2, true, Stage::postgres, 3, false, Verdict::forward, Stage::postgres, 3},
    Case{"back, killed before SQLite's epoch", Stage::postgres, 3, false, Stage::postgres, 3, true, Verdict::cancel, Stage::postgres, 4},
    Case{"back, killed in the middle of the cancelling", Stage::postgres, 4, false, Stage::postgres, 3, true, Verdict::finish_cancel, Stage::postgres, 4},
    Case{"back, killed after SQLite's epoch", Stage::shadow, 4, false, Stage::postgres, 3, true, Verdict::forward, Stage::shadow, 4},
    Case{"handed over, and PostgreSQL is older: rewound", Stage::postgres, 3, false, Stage::shadow, 2, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"SQLite restored from before the switch", Stage::shadow, 2, false, Stage::postgres, 3, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"PostgreSQL handed back, and SQLite is older: rewound", Stage::postgres, 3, false, Stage::shadow, 4, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"both handing over", Stage::shadow, 2, true, Stage::postgres, 3, true, Verdict::refuse, Stage::sqlite, 0},
    Case{"handing over as the wrong side", Stage::postgres, 3, true, Stage::postgres, 3, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"FINISH, killed between the file and PostgreSQL", Stage::finished, 4, false, Stage::postgres, 3, false, Verdict::follow, Stage::finished, 4},
    Case{"after FINISH", Stage::finished, 4, false, Stage::finished, 4, false, Verdict::agree, Stage::finished, 4},
    Case{"a tombstone beside a PostgreSQL that went on", Stage::finished, 4, false, Stage::shadow, 6, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"two epochs apart", Stage::shadow, 4, false, Stage::copy, 2, false, Verdict::refuse, Stage::sqlite, 0},
    Case{"a file that never was mirrored beside a PostgreSQL that serves", Stage::sqlite, 0, false, Stage::postgres, 5, false, Verdict::refuse, Stage::sqlite, 0},
};

TEST_CASE("rule 17: what the two state rows say decides cancel, forward or refuse", "[recovery]") {
  for (const Case& one : kCases) {
    INFO(one.what);
    const SideState sqlite{{one.sqlite_stage, one.sqlite_epoch, 0}, one.sqlite_over};
    const SideState postgres{{one.postgres_stage, one.postgres_epoch, 0}, one.postgres_over};
    const Decision decision = decide(sqlite, postgres);
    CHECK(to_string(decision.verdict) == to_string(one.verdict));
    if (decision.verdict != Verdict::refuse) {
      CHECK(decision.settle.stage == one.stage);
      CHECK(decision.settle.epoch == one.epoch);
    }
  }
}

/// The switch there and back as a state machine with crashes, a commit in flight, a writer that bypasses the proxy and a database that
/// is restored to an older state. Every reachable state is visited.
struct World {
  SideState sqlite{{Stage::shadow, 1, 0}, false}, postgres{{Stage::shadow, 1, 0}, false};
  int serving = 0;       // 0: SQLite, 1: PostgreSQL, 2: nobody (killed), 3: refused, 4…8: steps of a switch there, 14…18: back
  int unapplied = 0;     // writes accepted by the primary that the other side lacks
  int in_flight = 0;     // the new primary's epoch was sent and is not answered
  int restored = 0;      // the other side of a switch was rewound
  auto key() const {
    const auto side = [](const SideState& s) { return std::tuple(s.at.stage, s.at.epoch, s.handing_over); };
    return std::tuple(side(sqlite), side(postgres), serving, unapplied, in_flight, restored);
  }
};

constexpr int kNobody = 2, kRefused = 3, kThere = 4, kBack = 14, kLimit = 6;

/// Writers that bypass the proxy get through wherever there is no guard.
void write_moves(const World& w, std::vector<World>& next) {
  const bool sqlite_guarded = w.sqlite.handing_over || w.sqlite.at.stage == Stage::postgres;
  const bool postgres_guarded = w.postgres.handing_over || w.postgres.at.stage == Stage::shadow;
  if (!sqlite_guarded && w.sqlite.at.stage == Stage::shadow) next.push_back(w), next.back().unapplied = 1;
  if (!postgres_guarded && w.postgres.at.stage == Stage::postgres && w.serving != kNobody) {
    next.push_back(w), next.back().unapplied = 1;
  }
}

void switch_moves(const World& w, std::vector<World>& next, int base, SideState World::*from, SideState World::*to, Stage goal) {
  World n = w;
  switch (w.serving - base) {
    case 0: (n.*from).handing_over = true, n.serving = base + 1; break;      // guard and "handing over" in one transaction
    case 1: n.unapplied = 0, n.serving = base + 2; break;                    // the last step
    case 2: n.in_flight = 1, n.serving = base + 3; break;                    // COMMIT of the new primary's epoch is sent
    case 3: if (w.in_flight) return;                                         // answered: landed or lost, see crash_moves
            if ((w.*to).at.stage == goal) (n.*from) = SideState{(w.*to).at, false}, n.serving = goal == Stage::postgres ? 1 : 0;
            else n.serving = kNobody;
            break;
    default: return;
  }
  next.push_back(n);
}

void flight_moves(const World& w, std::vector<World>& next) {
  if (!w.in_flight) return;
  World lost = w;
  lost.in_flight = 0;
  next.push_back(lost);
  World landed = lost;
  const bool there = w.sqlite.handing_over;
  SideState& target = there ? landed.postgres : landed.sqlite;
  const SideState& source = there ? landed.sqlite : landed.postgres;
  if (target.at.epoch == source.at.epoch) target.at = {there ? Stage::postgres : Stage::shadow, source.at.epoch + 1, 0};
  next.push_back(landed);
}

/// The locked read waits for a commit in flight, so nothing is decided while there is one; each cancelling may itself be killed.
void recovery_moves(const World& w, std::vector<World>& next) {
  if (w.serving != kNobody || w.in_flight) return;
  const Decision d = decide(w.sqlite, w.postgres);
  World n = w;
  if (d.verdict == Verdict::refuse) n.serving = kRefused;
  if (d.verdict == Verdict::agree) n.serving = rule(d.settle.stage).primary == Side::postgres ? 1 : 0;
  SideState& old_side = d.old_primary == Side::sqlite ? n.sqlite : n.postgres;
  SideState& new_side = d.old_primary == Side::sqlite ? n.postgres : n.sqlite;
  if (d.verdict == Verdict::cancel) new_side.at = d.settle;  // and killed here: finish_cancel is next
  if (d.verdict == Verdict::finish_cancel || d.verdict == Verdict::forward) old_side = {d.settle, false};
  next.push_back(n);
}

std::vector<World> moves(const World& w) {
  std::vector<World> next;
  write_moves(w, next);
  flight_moves(w, next);
  recovery_moves(w, next);
  if (w.serving == 0 && w.sqlite.at.epoch < kLimit) next.push_back(w), next.back().serving = kThere;
  if (w.serving == 1 && w.postgres.at.epoch < kLimit) next.push_back(w), next.back().serving = kBack;
  if (w.serving >= kBack) switch_moves(w, next, kBack, &World::postgres, &World::sqlite, Stage::shadow);
  else if (w.serving >= kThere) switch_moves(w, next, kThere, &World::sqlite, &World::postgres, Stage::postgres);
  if (w.serving != kNobody && w.serving != kRefused) next.push_back(w), next.back().serving = kNobody;
  if (w.serving == kNobody && !w.restored && !w.in_flight && w.sqlite.at.stage == Stage::postgres && !w.postgres.handing_over) {
    World rewound = w;  // PostgreSQL restored to before its last epoch
    rewound.postgres = {{Stage::shadow, w.sqlite.at.epoch - 1, 0}, false};
    rewound.restored = 1;
    next.push_back(rewound);
  }
  return next;
}

TEST_CASE("rules 16 and 17: no order of crashes loses a write or lets two sides serve", "[recovery]") {
  std::map<decltype(World{}.key()), World> seen;
  std::deque<World> queue{World{}};
  seen.emplace(queue.front().key(), queue.front());
  bool served_postgres = false, came_back = false, refused = false;
  while (!queue.empty()) {
    const World w = queue.front();
    queue.pop_front();
    const bool sqlite_open = !w.sqlite.handing_over && w.sqlite.at.stage == Stage::shadow;
    const bool postgres_open = !w.postgres.handing_over && w.postgres.at.stage == Stage::postgres;
    if (w.serving == 0 || w.serving == 1) {
      CHECK(sqlite_open == (w.serving == 0));
      CHECK(postgres_open == (w.serving == 1));
      CHECK_FALSE(w.restored);
    }
    served_postgres |= w.serving == 1;
    came_back |= w.serving == 0 && w.sqlite.at.epoch > 3;
    refused |= w.serving == kRefused;
    if (w.serving == kRefused) CHECK(w.restored == 1);
    for (const World& n : moves(w)) {
      // The last step runs behind the guard: from there to the new primary's epoch nothing may be left unapplied.
      const bool took_over = w.sqlite.at.stage != n.sqlite.at.stage || w.postgres.at.stage != n.postgres.at.stage;
      if (took_over && w.in_flight && !n.restored) CHECK(n.unapplied == 0);
      if (seen.emplace(n.key(), n).second) queue.push_back(n);
    }
  }
  CHECK(served_postgres);
  CHECK(came_back);
  CHECK(refused);
  CHECK(seen.size() > 100);
}

}  // namespace
}  // namespace crossfade::migrate
