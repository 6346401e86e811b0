/* Journal, applier, switch and recovery of a pair (a SQLite file, a PostgreSQL database), as src/migrate does them, with a crash of the
 * proxy, a cut connection or a crash of PostgreSQL between any two durable changes. scripts/model checks every interleaving and, with
 * --self-test, that each of the mutations M_… is found. Each assertion says what must keep it.
 *
 * A row is a counter: every write adds one to what is there, so that `want`, which only the model knows, equals the primary's row exactly
 * when no write was lost, none was taken twice and none went to the side that was not the primary. A write also draws an id.
 * One transaction of SQLite is one step here: it is atomic, and nobody else writes meanwhile. One of PostgreSQL is two: COMMIT is sent,
 * and, when the server likes, has happened. Whoever sent it may be dead or cut off by then; its row locks are held until it is over.
 */

/* Bounds, set by scripts/model for each run. */
#ifndef WRITES
#define WRITES 3          /* of clients and of programs that bypass the proxy, together */
#endif
#ifndef CRASHES
#define CRASHES 1         /* SIGKILL of a proxy; it starts again */
#endif
#ifndef CUTS
#define CUTS 1            /* a connection to PostgreSQL breaks; whether a COMMIT arrived is not known */
#endif
#ifndef WALKS
#define WALKS 2           /* changes of stage that are begun */
#endif
#ifndef SESSIONS
#define SESSIONS 2
#endif
#ifndef PROXIES
#define PROXIES 1         /* 2: somebody has started a second proxy on the pair */
#endif
#ifndef READS
#define READS 0           /* of sessions of the canary's share, in stage canary: PostgreSQL answers them */
#endif
#ifndef POISON
#define POISON 0          /* writes whose row PostgreSQL cannot hold: it is put aside, until it is written again */
#endif
#ifndef SYNC
#define SYNC 0            /* 1: mirror.mode = "sync": an answer waits for a step */
#endif
#ifndef SERVER_CRASHES
#define SERVER_CRASHES 0  /* of PostgreSQL, under synchronous_commit = off: commits since the last flush are gone */
#endif

#define KEYS 2
#define LOG 16            /* entries of the file's journal; the index is seq */
#define NOTES (WRITES + 1)
#define NONE 255
#define bit_of(n) (1 << (n))
#define on_sqlite(s) ((s) != POSTGRES)   /* rule(stage).primary (stage.cpp) */
#define mirrored(s) ((s) != SQLITE)      /* rule(stage).journal */

mtype:stage = { SQLITE, COPY, SHADOW, POSTGRES };
mtype:writers = { MIRROR, CLIENTS, NOBODY };                             /* Writers (postgres_state.hpp) */
mtype:verdict = { AGREE, FOLLOW, CANCEL, FINISH_CANCEL, FORWARD, REFUSE }; /* Verdict (recovery.hpp) */
/* Where a proxy is; …_WAIT: COMMIT is sent. */
mtype:place = { SETTLING, DECIDING, SETTLE_TARGET, SETTLE_WAIT, SERVING, DRAINING, LAST,
                PIN, APPLY, ROWS, APPLY_WAIT, PRUNE, BACK, FLUSH, WRITE_BACK, FORGET, FORGET_WAIT,
                GUARD, EPOCH, EPOCH_WAIT, HANDED, HAND, HAND_WAIT, TAKE, RELEASE, RELEASE_WAIT,
                TRIP, BESIDE, BESIDE_TARGET, BESIDE_WAIT, FILL_GUARD, FILL_PIN, FILL_DELETE, FILL_ROW, FILL_MARK, FILL_WAIT };

typedef At { mtype:stage stage; byte epoch; bool handing };

/* The file. */
byte f_row[KEYS];
byte f_note[LOG];         /* key + 1; 0: an entry without a key */
byte f_seq, f_low;        /* the newest entry; the oldest that was not pruned */
byte f_ids;               /* sqlite_sequence */
bool f_guard, f_journal;
byte f_lock;              /* proxy + 1 that holds an open write transaction: a step back */
At f;

/* PostgreSQL. */
byte p_row[KEYS];
byte p_aside;             /* crossfade.quarantine: the keys whose row it does not hold, a bit each */
byte p_note[NOTES];       /* key + 1, by sequence number */
byte p_next, p_seen;      /* the next sequence number; the committed entries, a bit each */
byte p_mark;              /* the watermark: an entry of the file's journal */
byte p_ids;
mtype:writers p_writers = MIRROR;
bool p_filled;
At p;

/* Locks there: crossfade.state's row, the watermark's row, SHARE ROW EXCLUSIVE on the tables (ALTER TABLE). Proxy + 1. */
byte lock_state, lock_mark, lock_tables;
byte open_writers;        /* clients' transactions that have written and not ended */
bool row_lock[KEYS];

/* COMMITs in flight: at most one that holds the state's row, at most one that holds the watermark's. */
typedef Move { bool on, orphan, marks, filled, handing; mtype:stage stage; mtype:writers writers; byte epoch, mark };
typedef Step { bool on, orphan, forgets; byte mask, bad, mark; byte row[KEYS] };
Move move;
Step step;
bool answered[PROXIES];
bool broken;              /* the server has crashed, and the proxy has not noticed yet */

/* The proxies, as their clients see them. */
bool fence_open[PROXIES];
mtype:stage serves[PROXIES];
byte passes[PROXIES], life[PROXIES];
/* The canary of the first one (canary.hpp): whether PostgreSQL answers reads, the watermark that they know of, and how often a step left
 * PostgreSQL between two states of the file, or without a row. */
bool canary;
byte known, unclean;

/* What only the model knows. */
byte want[KEYS], given;
byte writes = WRITES, crashes = CRASHES, cuts = CUTS, walks = WALKS;
byte sessions = SESSIONS, proxies = PROXIES;
byte f_bad, poison = POISON; /* the keys whose row PostgreSQL cannot hold */
byte reads = READS;
/* A commit that waits for the mirror (sync_commits.cpp). NEEDS: a step that begins after it; BEGUN: it has begun; HELD, LATE: the answer. */
mtype:sync = { NEEDS, BEGUN, HELD, LATE };
mtype:sync waits_for[SESSIONS];
byte wrote[SESSIONS], waits_with[SESSIONS]; /* the row, and what it must have become */

inline copy_at(to, from) { to.stage = from.stage; to.epoch = from.epoch; to.handing = from.handing }

#if SERVER_CRASHES
/* What PostgreSQL has flushed. */
byte d_row[KEYS], d_seen, d_mark, server_crashes = SERVER_CRASHES;
mtype:writers d_writers;
bool d_filled;
At d;
inline flush() {
  d_row[0] = p_row[0]; d_row[1] = p_row[1]; d_seen = p_seen; d_mark = p_mark; d_writers = p_writers; d_filled = p_filled; copy_at(d, p)
}
#else
#define flush() skip
#endif

/* A write of the file: the row, its id, and by trigger the journal entry, in one transaction. journal_triggers (sqlite_journal.cpp). */
inline write_file(k) {
  /* NO WRITE ON BOTH SIDES: walk_to_postgres and walk_back (walk.cpp) put one side's guard up before they take the other's away. */
  assert(p_writers != CLIENTS);
  /* NOTHING LOST, NOTHING TWICE: a write stands on all that were acknowledged before it. step_backward, last_step, settle. */
  assert(f_row[k] == want[k]);
  f_row[k]++; want[k]++;
  f_bad = f_bad & (255 - bit_of(k));
  if :: poison > 0 -> poison--; f_bad = f_bad | bit_of(k) :: true fi;
  f_ids++;
  /* IDS DO NOT COME AGAIN: prime_file_sequences (backward_sequences.cpp). */
  assert(f_ids > given);
  given = f_ids;
  if
  :: f_journal -> f_seq++; f_note[f_seq] = k + 1
  :: else
  fi
}

inline leave_fence() { if :: proxied && born == life[who] -> passes[who]-- :: else fi }

/* A commit on either side, of a session whose answer waits for the mirror: FileSession::hold_for_mirror, PairController::committed. */
#if SYNC
#define hold_answer() v = want[k]; if :: proxied && mirrored(serves[who]) && who == 0 -> held = true :: else fi
#define needs_step (waits_for[0] == NEEDS || (SESSIONS > 1 && waits_for[SESSIONS - 1] == NEEDS))
#else
#define hold_answer() skip
#define needs_step false
#endif

/* A client of a proxy, a program that writes the file, or one that writes PostgreSQL. */
proctype Session(byte id) {
  byte k, who, born, note, v, saw;
  bool proxied, held;
end:
  do
#if READS
  /* FileSession::read_on_canary: the file's head when it comes, Canary::await, the read, and a look at what went on meanwhile. */
  :: atomic { reads > 0 && canary && fence_open[0] && serves[0] == SHADOW -> reads--; select(k : 0 .. KEYS - 1);
      passes[0]++; born = life[0]; proxied = true; saw = unclean; note = f_seq; v = want[k] };
    if
#ifdef M_NO_AWAIT
    :: canary && born == life[0]
#else
    :: canary && known >= note && born == life[0]
#endif
    :: atomic { true -> leave_fence(); goto next }                                       /* canary.wait, a trip, SIGKILL: SQLite's rows */
    fi;
    atomic { note = p_row[k] };
    atomic {
#ifdef M_NO_LOOK_AFTER
      if
      :: born != life[0]
      :: else -> assert(note >= v)
      fi;
#else
      if
      :: born != life[0] || unclean != saw
      :: else ->
        /* A CANARY'S READ MISSES NOTHING THAT WAS COMMITTED BEFORE IT: Canary::await, Canary::held (canary.cpp), work_once. */
        assert(note >= v)
      fi;
#endif
      leave_fence(); goto next }
#endif
  :: atomic { writes > 0 -> writes--; select(k : 0 .. KEYS - 1) };
    if
    :: atomic { !f_lock -> if :: f_guard :: else -> write_file(k) fi; goto next }        /* around the proxy, the file */
    :: atomic { p_writers == CLIENTS -> goto in_postgres }                               /* around it, PostgreSQL */
    :: atomic { fence_open[0] -> who = 0; passes[0]++; born = life[0]; proxied = true }  /* Fence::enter (fence.cpp) */
#if PROXIES > 1
    :: atomic { fence_open[1] -> who = 1; passes[1]++; born = life[1]; proxied = true }
#endif
    fi;
    if
    :: atomic { born != life[who] -> goto next }                                         /* its proxy is dead */
    :: atomic { born == life[who] && !on_sqlite(serves[who]) -> goto in_postgres }
    :: atomic { born == life[who] && on_sqlite(serves[who]) && !f_lock ->
#if PROXIES == 1
        /* NO CLIENT SEES A SWITCH: the fence holds back and waits for whoever would meet the guard. Fence::close (fence.cpp). */
        assert(!f_guard);
#endif
        if :: f_guard :: else -> write_file(k); hold_answer() fi;
        leave_fence();
        goto answer }
    fi;
  in_postgres:
    if
    :: atomic { proxied && born != life[who] -> goto next }
    :: atomic { !lock_tables && p_writers != CLIENTS && (!proxied || born == life[who]) ->   /* crossfade.guard: 25006 */
#if PROXIES == 1
        /* NO CLIENT SEES A SWITCH: Fence::close. */
        assert(!proxied);
#endif
        leave_fence();
        goto next }
    :: atomic { !lock_tables && p_writers == CLIENTS && !row_lock[k] && (!proxied || born == life[who]) ->
        /* NO WRITE ON BOTH SIDES: walk_to_postgres, walk_back. */
        assert(f_guard);
        row_lock[k] = true; open_writers++;
        p_ids++;
        /* IDS DO NOT COME AGAIN: prime_sequences (sequences.cpp). */
        assert(p_ids > given);
        given = p_ids;
        note = p_next; p_next++; p_note[note] = k + 1 }                                  /* crossfade.note_… (postgres_state.cpp) */
    fi;
    if
    :: atomic { row_lock[k] ->                                 /* also when its proxy died after the COMMIT was sent */
        assert(p_row[k] == want[k]);                           /* NOTHING LOST, NOTHING TWICE: step_forward, last_step, settle */
        p_row[k]++; want[k]++; p_seen = p_seen | bit_of(note);
        row_lock[k] = false; open_writers--;
        hold_answer(); leave_fence() }
    :: atomic { row_lock[k] && proxied && born != life[who] -> row_lock[k] = false; open_writers-- }
#if SERVER_CRASHES
    :: atomic { !row_lock[k] -> leave_fence() }
#endif
    fi;
  answer:
#if SYNC
    if
    :: atomic { held && born == life[0] -> waits_for[id] = NEEDS; wrote[id] = k; waits_with[id] = v }
    :: atomic { !held || born != life[0] -> goto next }
    fi;
    true;                                                      /* HELD: no warning; else sync_timeout is over, or it is LATE: 01000 */
#endif
  next:
    atomic { k = 0; who = 0; born = 0; note = 0; v = 0; saw = 0; proxied = false; held = false;
#if SYNC
      waits_for[id] = 0; wrote[id] = 0; waits_with[id] = 0
#endif
    }
  :: break
  od;
  sessions--
}

inline end_move() {
  if :: move.marks -> lock_mark = 0 :: else fi;
  move.on = false; move.orphan = false; move.marks = false; move.filled = false; move.handing = false; move.mark = 0; move.epoch = 0;
  lock_state = 0; lock_tables = 0
}
inline end_step() {
  step.on = false; step.orphan = false; step.forgets = false; step.mask = 0; step.bad = 0; step.mark = 0; step.row[0] = 0; step.row[1] = 0;
  lock_mark = 0
}

/* The server: a COMMIT in flight happens at some time; one whose client is gone may also never arrive. */
proctype Postgres() {
  byte who;
end:
  do
  :: d_step { move.on ->
    p.stage = move.stage; p.epoch = move.epoch; p.handing = move.handing; p_writers = move.writers; p_filled = move.filled;
    if
    :: move.marks -> p_mark = move.mark; p_seen = 0
    :: else
    fi;
    flush();                                                   /* SET LOCAL synchronous_commit = on: move_target (walk_moves.hpp) */
    if :: move.orphan :: else -> answered[lock_state - 1] = true fi;
    end_move() }
  :: d_step { move.on && move.orphan -> end_move() }
  :: d_step { step.on ->
    if
    :: step.forgets -> p_seen = p_seen & (255 - step.mask)
    :: else ->
      /* What it cannot hold is put aside: not even the row's old state stays (ForwardTable::write_carefully). */
      if :: step.mask & 1 -> p_row[0] = (step.bad & 1 -> 0 : step.row[0]) :: else fi;
      if :: step.mask & 2 -> p_row[1] = (step.bad & 2 -> 0 : step.row[1]) :: else fi;
      p_aside = (p_aside & (255 - step.mask)) | (step.mask & step.bad)
    fi;
    if :: step.mark != NONE -> p_mark = step.mark :: else fi;
#ifndef M_ASYNCHRONOUS
    flush();                                                   /* synchronous_commit is on: Links::open_postgres (links.cpp) */
#endif
    if :: step.orphan :: else -> answered[lock_mark - 1] = true fi;
    end_step() }
  :: d_step { step.on && step.orphan -> end_step() }
#if SERVER_CRASHES
  :: d_step { (d_mark != p_mark || d_seen != p_seen || d_row[0] != p_row[0] || d_row[1] != p_row[1]) -> flush() }
  :: d_step { server_crashes > 0 -> server_crashes--;
    p_row[0] = d_row[0]; p_row[1] = d_row[1]; p_seen = d_seen; p_mark = d_mark; p_writers = d_writers; p_filled = d_filled; copy_at(p, d);
    open_writers = 0; row_lock[0] = false; row_lock[1] = false;
    end_move(); end_step();
    broken = true;
    if
    :: !(f_guard && p.stage == POSTGRES)
    :: else -> want[0] = p_row[0]; want[1] = p_row[1]          /* the owner allowed commits to be lost; but then on both sides */
    fi }
#endif
  od
}

/* decide() (recovery.cpp), on what the two rows say. */
inline decide() {
  verdict = REFUSE; to_stage = f.stage; to_epoch = f.epoch;
  if
  :: f.handing && on_sqlite(f.stage) && !saw.handing ->
    old_sqlite = true; to_epoch = f.epoch + 1;
    if
    :: saw.epoch == f.epoch && saw.stage == f.stage -> verdict = CANCEL
    :: saw.epoch == f.epoch + 1 && saw.stage == f.stage -> verdict = FINISH_CANCEL
    :: saw.epoch == f.epoch + 1 && saw.stage == POSTGRES -> verdict = FORWARD; to_stage = POSTGRES
    :: else
    fi
  :: !f.handing && saw.handing && saw.stage == POSTGRES ->
    old_sqlite = false; to_stage = POSTGRES; to_epoch = saw.epoch + 1;
    if
    :: f.epoch == saw.epoch && f.stage == POSTGRES -> verdict = CANCEL
    :: f.epoch == saw.epoch + 1 && f.stage == POSTGRES -> verdict = FINISH_CANCEL
    :: f.epoch == saw.epoch + 1 && on_sqlite(f.stage) -> verdict = FORWARD; to_stage = f.stage
    :: else
    fi
  :: !f.handing && !saw.handing ->
    if
    :: saw.stage == f.stage && saw.epoch == f.epoch -> verdict = AGREE
    :: f.epoch == saw.epoch + 1 && f.stage != saw.stage && on_sqlite(f.stage) && on_sqlite(saw.stage) -> verdict = FOLLOW
    :: else
    fi
  :: else
  fi
}

/* The fence opens in the stage in which both sides stand. */
inline adopt(stage_, epoch_) {
  serves[me] = stage_; epoch = epoch_; fence_open[me] = true; at = SERVING; to_stage = 0; to_epoch = 0; verdict = 0; old_sqlite = false;
  saw.stage = 0; saw.epoch = 0; saw.handing = false
}
inline send_move(stage_, epoch_, handing_, writers_, filled_) {
  move.stage = stage_; move.epoch = epoch_; move.handing = handing_; move.writers = writers_; move.filled = filled_;
  lock_state = me + 1; move.on = true; answered[me] = false
}
inline forget_snapshot() { row[0] = 0; row[1] = 0; seq = 0; upto = 0; mask = 0; bad = 0; partial = false }
/* A step of the applier is numbered before its snapshot; when it has reached that, the commits before it are held (SyncCommits). */
#if SYNC
inline step_begins() {
  if
  :: me == 0 && then != LAST -> n = 0;
    do
    :: n < SESSIONS -> if :: waits_for[n] == NEEDS -> waits_for[n] = BEGUN :: else fi; n++
    :: else -> break
    od;
    n = 0
  :: else
  fi
}
inline step_ended() {
  if
  :: me == 0 && then != LAST -> n = 0;
    do
    :: n < SESSIONS ->
      if
#ifdef M_SYNC_ANY_STEP
      :: waits_for[n] == BEGUN || waits_for[n] == NEEDS ->
#else
      :: waits_for[n] == BEGUN ->
#endif
        waits_for[n] = HELD;
#ifndef M_SYNC_ASIDE
        if :: p_aside != 0 -> waits_for[n] = LATE :: else fi;
#endif
        /* A COMMIT ANSWERED WITHOUT A WARNING IS ON BOTH SIDES: SyncCommits (sync_commits.cpp), work_once (pair_controller.cpp). */
        assert(waits_for[n] == LATE || (f_row[wrote[n]] >= waits_with[n] && p_row[wrote[n]] >= waits_with[n]))
      :: else
      fi;
      n++
    :: else -> break
    od;
    n = 0
  :: else
  fi
}
#else
#define step_begins() skip
#define step_ended() skip
#endif
/* The canary hears of a watermark from the applier's own steps, not from a pair's or a walk's; before it of what stands in quarantine there. */
#if READS
inline publish(seq_, counted_) {
  if
  :: me == 0 && !pairing && then != LAST ->
    if :: counted_ != 0 -> canary = false :: else fi;
    known = seq_
  :: else
  fi;
  pairing = false
}
#else
#define publish(seq_, counted_) skip
#endif
/* What goes wrong in a step is tried again; what goes wrong in a walk is settled, the fence staying as it is (finish_walk). */
inline failed() {
  if :: f_lock == me + 1 -> f_lock = 0 :: else fi;
  if :: lock_state == me + 1 && !move.on -> lock_state = 0 :: else fi;
  answered[me] = false; k = 0;
  if
  :: at == APPLY || at == APPLY_WAIT || at == ROWS || at == FLUSH || at == FORGET || at == FORGET_WAIT ->
    at = (then == LAST -> SETTLING : then)
  :: at == FILL_GUARD || at == FILL_DELETE || at == FILL_ROW || at == FILL_MARK || at == FILL_WAIT -> at = SERVING
  :: else -> at = SETTLING
  fi;
  pairing = false;
  forget_snapshot()
}
/* What joined_watermark (forward_step.cpp, backward_step.cpp) looks for; without it the mirror stops. */
#define joined (p_mark >= f_low && p_mark <= f_seq)
#define waits (at == SETTLE_WAIT || at == APPLY_WAIT || at == FORGET_WAIT || at == EPOCH_WAIT || at == HAND_WAIT || at == RELEASE_WAIT || \
               at == BESIDE_WAIT || at == FILL_WAIT)
#define speaks (at == DECIDING || at == SETTLE_TARGET || at == APPLY || at == ROWS || at == FLUSH || at == FORGET || at == EPOCH || \
                at == HAND || at == RELEASE || at == BESIDE_TARGET || at == FILL_DELETE || at == FILL_ROW || at == FILL_MARK)
#define mine_in_flight ((move.on && lock_state == me + 1) || (step.on && lock_mark == me + 1))
inline abandon() {
  if :: move.on && lock_state == me + 1 -> move.orphan = true :: else fi;
  if :: step.on && lock_mark == me + 1 -> step.orphan = true :: else fi
}
#define lag (on_sqlite(serves[me]) && mirrored(serves[me]) && filled && (f_seq > p_mark || (me == 0 && (needs_step || (canary && known != p_mark)))))
#define lag_back (serves[me] == POSTGRES && (p_seen != 0 || (me == 0 && needs_step)))
#define unlocked (!lock_state && !lock_tables && !move.on && !broken)
#define mark_free (!lock_mark && !broken)
#define quiet (!open_writers && !step.on)                      /* what ALTER TABLE waits for */
#define expected (p.stage == serves[me] && p.epoch == epoch)   /* check_epoch (walk.cpp), move_target_epoch (postgres_state.cpp) */

proctype Proxy(byte me) {
  mtype:place at = SETTLING, then;
  mtype:verdict verdict;
  mtype:stage to_stage;
  At saw;
  byte epoch, to_epoch, row[KEYS], seq, upto, mask, k, n, bad;
  bool filled, partial, old_sqlite, pairing;
end:
  do
  /* SIGKILL at any place; the start-up settles. What was sent stays in flight, what was not is rolled back. */
  :: atomic { crashes > 0 && at != SETTLING -> crashes--;
    abandon(); failed();
    if :: me == 0 -> canary = false; known = 0 :: else fi;
    life[me]++; passes[me] = 0; fence_open[me] = false; at = SETTLING; then = 0; filled = false; verdict = 0; to_stage = 0; to_epoch = 0;
    old_sqlite = false; epoch = 0; serves[me] = 0; saw.stage = 0; saw.epoch = 0; saw.handing = false }
  /* The connection breaks before a COMMIT, or while one is in flight, or the server has gone down. */
  :: atomic { cuts > 0 && (speaks || waits) -> cuts--; abandon(); failed() }
#if SERVER_CRASHES
  :: atomic { broken -> broken = false; if :: speaks || waits || at == BACK -> answered[me] = false; failed() :: else fi }
#endif

  /* settle (settle.cpp). */
#ifdef M_PLAIN_SELECT
  :: atomic { at == SETTLING -> copy_at(saw, p); at = DECIDING }
#else
  :: atomic { at == SETTLING && unlocked -> lock_state = me + 1; copy_at(saw, p); at = DECIDING }
#endif
  :: atomic { at == DECIDING && !f_lock && !broken ->
    decide();
    /* RECOVERY IS TOTAL: no crash leads to two rows that decide() refuses. */
    assert(verdict != REFUSE || PROXIES > 1);
    if
    :: verdict == AGREE ->
      if :: lock_state == me + 1 -> lock_state = 0 :: else fi;
      filled = p_filled;
      adopt(to_stage, to_epoch)
    :: verdict == REFUSE ->
      if :: lock_state == me + 1 -> lock_state = 0 :: else fi;
      break
#ifdef M_CANCEL_OLD_FIRST
    :: (old_sqlite && verdict != FOLLOW) || (verdict == FORWARD && old_sqlite) ->
#else
    :: (verdict == CANCEL && !old_sqlite) || ((verdict == FORWARD || verdict == FINISH_CANCEL) && old_sqlite) ->
#endif
      if :: on_sqlite(to_stage) -> f_guard = false :: else fi;
      f.stage = to_stage; f.epoch = to_epoch; f.handing = false;
      if :: lock_state == me + 1 -> lock_state = 0 :: else fi;
      filled = p_filled;
      if :: verdict == CANCEL -> at = SETTLING :: else -> adopt(to_stage, to_epoch) fi
    :: else -> at = SETTLE_TARGET
    fi }
  :: atomic { at == SETTLE_TARGET && (lock_state == me + 1 || unlocked) && !lock_tables && quiet && !broken ->
    if
    :: p.epoch != saw.epoch || p.stage != saw.stage || p.handing != saw.handing -> failed()
    :: else ->
      lock_tables = me + 1;
      if
      :: verdict == FOLLOW ->
        send_move(to_stage, to_epoch, false, p_writers, to_stage != SQLITE && saw.stage != SQLITE && p_filled)
      :: else -> send_move(to_stage, to_epoch, false, (on_sqlite(to_stage) -> MIRROR : CLIENTS), p_filled)
      fi;
      at = SETTLE_WAIT
    fi }
  :: atomic { at == SETTLE_WAIT && answered[me] -> answered[me] = false;
    filled = p_filled;
    if :: verdict == CANCEL -> at = SETTLING :: else -> adopt(to_stage, to_epoch) fi }

  /* The applier: work_once (pair_controller.cpp); it also steps while a switch waits for the drain. */
  :: atomic { (at == SERVING || at == DRAINING) && lag -> then = at; at = PIN }
  :: atomic { (at == SERVING || at == DRAINING) && lag_back -> then = at; at = BACK }
#if READS
  /* A pair of the shadow's steps, too, and tells the canary nothing (Mirror::pair). */
  :: atomic { at == SERVING && serves[me] == SHADOW && filled && f_seq > p_mark && !pairing -> then = at; pairing = true; at = PIN }
  /* SWITCH TO canary, and the start in that stage: not while rows are in quarantine (begin_canary, change_canary). */
  :: atomic { at == SERVING && me == 0 && serves[0] == SHADOW && filled && !canary && reads > 0 && !broken && !step.on && p_aside == 0 -> canary = true }
#endif

  /* step_forward (forward_step.cpp): a snapshot of the file, then one transaction of PostgreSQL that holds the watermark's row. */
  :: atomic { at == PIN -> step_begins(); row[0] = f_row[0]; row[1] = f_row[1]; seq = f_seq; bad = f_bad; at = APPLY }
  :: atomic { at == APPLY && mark_free && !lock_tables ->
    /* NOTHING THAT IS NEEDED IS PRUNED: Mirror::prune (mirror.cpp); else joined_watermark stops for a file that nobody rewound. */
    assert(p_mark >= f_low || PROXIES > 1);
    if
    :: p_mark >= seq -> publish(p_mark, p_aside); step_ended(); at = then; forget_snapshot()
    :: p_mark < seq -> upto = seq
    :: p_mark + 1 < seq -> upto = p_mark + 1                   /* chunk_entries: a part of what waits */
    fi;
    if
    :: seq == 0
    :: else ->
      n = p_mark + 1;
      do
      :: n <= upto -> if :: f_note[n] != 0 -> mask = mask | bit_of(f_note[n] - 1) :: else fi; n++
      :: else -> break
      od;
      n = 0;
      step.mask = mask; step.bad = bad; step.row[0] = row[0]; step.row[1] = row[1]; step.mark = upto;
#if READS
      /* Before it is sent: Mirror's hook before the COMMIT. */
      if :: upto != seq || (mask & bad) != 0 || p_aside != 0 -> unclean++ :: else fi;
#endif
#ifdef M_MARK_FIRST
      step.mask = 0; at = ROWS;
#else
      at = APPLY_WAIT;
#endif
      step.on = true; lock_mark = me + 1; answered[me] = false
    fi }
#ifdef M_MARK_FIRST
  :: atomic { at == ROWS && answered[me] && !lock_mark ->
    step.mask = mask; step.row[0] = row[0]; step.row[1] = row[1]; step.mark = NONE;
    step.on = true; lock_mark = me + 1; answered[me] = false; at = APPLY_WAIT }
#endif
  :: atomic { at == APPLY_WAIT && answered[me] -> answered[me] = false;
#if PROXIES == 1 && !SERVER_CRASHES
    /* A PAIR IS EXACT: a step that has reached its snapshot leaves PostgreSQL with just that. Mirror::pair, read_journal (forward_step.cpp). */
    assert(upto != seq || ((p_row[0] == row[0] || p_aside & 1) && (p_row[1] == row[1] || p_aside & 2)));
#endif
#if SERVER_CRASHES
    at = PRUNE;
#else
#if READS
    if
    :: upto == seq ->
#ifdef M_PAIR_UNSEEN
      publish(upto, (mask & bad));
#else
#ifdef M_PUBLISH_FIRST
      publish(upto, 0);
#else
      publish(upto, p_aside);
#endif
#endif
    :: upto != seq && pairing -> at = PIN
    :: else
    fi;
#endif
    if
    :: at != APPLY_WAIT
    :: else ->
      if :: upto == seq -> step_ended() :: else fi;
#ifdef M_PUBLISH_FIRST
      at = (then == SERVING || then == DRAINING -> TRIP : ((then == LAST && upto != seq) -> PIN : then))
#else
      at = ((then == LAST && upto != seq) -> PIN : then)
#endif
    fi;
    forget_snapshot()
#endif
    }
#ifdef M_PUBLISH_FIRST
  :: atomic { at == TRIP -> if :: p_aside != 0 && me == 0 -> canary = false :: else fi; at = then }
#endif
#if SERVER_CRASHES
  :: atomic { at == PRUNE && !f_lock ->
    f_low = upto;
    at = ((then == LAST && upto != seq) -> PIN : then);
    forget_snapshot() }
#endif

  /* step_backward (backward_step.cpp): BEGIN IMMEDIATE of the file, a snapshot of PostgreSQL, flush, write, forget what was read. */
  :: atomic { at == BACK && !f_lock && !broken ->
    step_begins();
    /* joined_watermark: the entry at the watermark is in the file. leave_entry keeps it until PostgreSQL knows the new one. */
    assert(joined || PROXIES > 1);
    if
    :: p_seen == 0 -> step_ended(); at = then
    :: p_seen != 0 -> mask = p_seen
    :: p_seen != 0 -> partial = true; n = 0;                   /* chunk_entries */
      do :: !(p_seen & bit_of(n)) -> n++ :: else -> break od;
      mask = bit_of(n); n = 0; partial = (mask != p_seen)
    fi;
    if
    :: mask == 0
    :: else -> f_lock = me + 1; row[0] = p_row[0]; row[1] = p_row[1]; upto = p_mark; at = FLUSH
    fi }
  :: atomic { at == FLUSH && mark_free ->
#ifndef M_NO_FLUSH
    flush();
#endif
    at = WRITE_BACK }
  :: atomic { at == WRITE_BACK ->
    n = 0;
    do
    :: n < NOTES ->
      if :: mask & bit_of(n) -> f_row[p_note[n] - 1] = row[p_note[n] - 1] :: else fi;
      n++
    :: else -> break
    od;
    n = 0;
    f_low = upto; f_seq++; f_note[f_seq] = 0; upto = f_seq; f_lock = 0; row[0] = 0; row[1] = 0;
    at = FORGET }
  :: atomic { at == FORGET && mark_free ->
#ifdef M_FORGET_UP_TO
    n = 0;
    do :: n < NOTES && mask >= bit_of(n + 1) -> n++ :: else -> break od;
    mask = bit_of(n + 1) - 1; n = 0;
#endif
    step.forgets = true; step.mask = mask; step.mark = upto; step.on = true; lock_mark = me + 1; answered[me] = false; at = FORGET_WAIT }
  :: atomic { at == FORGET_WAIT && answered[me] -> answered[me] = false;
    if :: partial :: else -> step_ended() fi;
    at = ((then == LAST && partial) -> BACK : then);
    forget_snapshot() }

  /* A switch: gates, then Fence::close; at most drain_timeout. to_postgres, back (pair_switch.cpp). */
  :: atomic { at == SERVING && walks > 0 && filled && (serves[me] == SHADOW || serves[me] == POSTGRES) && !p_aside -> walks--;
#ifdef M_NO_FENCE
    at = (serves[me] == SHADOW -> GUARD : HAND)
#else
    fence_open[me] = false; at = DRAINING
#endif
    }
  :: atomic { at == DRAINING && passes[me] > 0 -> fence_open[me] = true; at = SERVING }
#ifdef M_NO_DRAIN
  :: atomic { at == DRAINING -> at = (serves[me] == SHADOW -> GUARD : HAND) }
#else
  :: atomic { at == DRAINING && passes[me] == 0 -> at = (serves[me] == SHADOW -> GUARD : HAND) }
#endif

  /* walk_to_postgres (walk.cpp). */
  :: atomic { at == LAST && p_aside != 0 -> then = 0; failed() }  /* last_step: the new primary could not hold them */
#ifdef M_GUARD_LATE
  :: atomic { at == GUARD -> then = LAST; at = PIN }
  :: atomic { at == LAST && serves[me] == SHADOW && !f_lock && !p_aside -> f_guard = true; f.handing = true;
#else
  :: atomic { at == GUARD && !f_lock -> f_guard = true; f.handing = true; then = LAST; at = PIN }
  :: atomic { at == LAST && serves[me] == SHADOW && !p_aside ->
#endif
#ifndef M_NO_SEQUENCES
    p_ids = (f_ids > p_ids -> f_ids : p_ids);
#endif
    then = 0; at = EPOCH }
  :: atomic { at == EPOCH && unlocked && quiet ->
    if
#ifndef M_NO_EPOCH
    :: !expected -> failed()
#endif
    :: else -> lock_tables = me + 1; send_move(POSTGRES, epoch + 1, false, CLIENTS, true); at = EPOCH_WAIT
    fi }
  :: atomic { at == EPOCH_WAIT && answered[me] -> answered[me] = false; at = HANDED }
  :: atomic { at == HANDED && !f_lock -> f.stage = POSTGRES; f.epoch = epoch + 1; f.handing = false; adopt(POSTGRES, epoch + 1) }

  /* walk_back (walk.cpp). */
#ifdef M_NO_GUARD_BACK
  :: atomic { at == HAND && unlocked ->
#else
  :: atomic { at == HAND && unlocked && open_writers > 0 -> failed() }   /* lock_timeout, ten times */
  :: atomic { at == HAND && unlocked && quiet ->
#endif
    if
    :: !expected -> failed()
    :: else ->
#ifdef M_NO_GUARD_BACK
      send_move(POSTGRES, epoch, true, CLIENTS, true);
#else
      lock_tables = me + 1; send_move(POSTGRES, epoch, true, NOBODY, true);
#endif
      at = HAND_WAIT
    fi }
  :: atomic { at == HAND_WAIT && answered[me] -> answered[me] = false; then = LAST; at = BACK }
  :: atomic { at == LAST && serves[me] == POSTGRES -> then = 0; at = TAKE }
  :: atomic { at == TAKE && !f_lock ->
    if
    :: f.stage != POSTGRES || f.epoch != epoch -> failed()
    :: else ->
#ifndef M_NO_SEQUENCES_BACK
      f_ids = (p_ids > f_ids -> p_ids : f_ids);
#endif
      f_guard = false; f.stage = SHADOW; f.epoch = epoch + 1; at = RELEASE
    fi }
  :: atomic { at == RELEASE && unlocked && quiet ->
    if
    :: p.epoch != epoch -> failed()
    :: else -> lock_tables = me + 1; send_move(SHADOW, epoch + 1, false, MIRROR, true); at = RELEASE_WAIT
    fi }
  :: atomic { at == RELEASE_WAIT && answered[me] -> answered[me] = false; adopt(SHADOW, epoch + 1) }

#ifdef FROM_SQLITE
  /* walk_to_copy and walk_beside (walk.cpp): the fence stays open, the primary stays. */
  :: atomic { at == SERVING && walks > 0 && (serves[me] == SQLITE || (serves[me] == COPY)) -> walks--;
    if
    :: serves[me] == SQLITE -> to_stage = COPY
    :: serves[me] == COPY && filled -> to_stage = SHADOW
    :: serves[me] == COPY -> to_stage = SQLITE
    fi;
    at = BESIDE }
  :: atomic { at == BESIDE ->
    if
    :: serves[me] == SQLITE -> f_journal = true; f_seq++; f_note[f_seq] = 0; filled = false     /* install_journal */
    :: to_stage == SQLITE -> f_journal = false                                                  /* remove_journal */
    :: else
    fi;
    f.stage = to_stage; f.epoch = epoch + 1; at = BESIDE_TARGET }
  :: atomic { at == BESIDE_TARGET && unlocked && (to_stage != SQLITE || quiet) ->
    send_move(to_stage, epoch + 1, false, p_writers, to_stage == SHADOW && p_filled); at = BESIDE_WAIT }
  :: atomic { at == BESIDE_WAIT && answered[me] -> answered[me] = false;
    if :: to_stage == SQLITE -> filled = false :: else fi;
    adopt(to_stage, epoch + 1) }

  /* Mirror::fill (mirror.cpp): each table emptied and copied in transactions of its own, the watermark and `filled` in the last one. */
  :: atomic { at == SERVING && mirrored(serves[me]) && on_sqlite(serves[me]) && !filled -> at = FILL_GUARD }
  :: atomic { at == FILL_GUARD && unlocked && quiet -> p_writers = MIRROR;
#ifndef M_STAYS_FILLED
    p_filled = false;
#endif
    at = FILL_PIN }
  :: atomic { at == FILL_PIN -> row[0] = f_row[0]; row[1] = f_row[1]; seq = f_seq; k = 0; at = FILL_DELETE }
  :: atomic { at == FILL_DELETE && !step.on && !lock_tables -> p_row[k] = NONE; at = FILL_ROW }
  :: atomic { at == FILL_ROW && !lock_tables -> p_row[k] = row[k];
    if :: k + 1 < KEYS -> k++; at = FILL_DELETE :: else -> k = 0; at = FILL_MARK fi }
  :: atomic { at == FILL_MARK && unlocked && !lock_mark ->
    move.marks = true; move.mark = seq; lock_mark = me + 1;
    send_move(p.stage, p.epoch, p.handing, p_writers, true); at = FILL_WAIT }
  :: atomic { at == FILL_WAIT && answered[me] -> answered[me] = false; filled = true; forget_snapshot(); at = SERVING }
#endif

  /* Nothing is left to do: the only place in which a proxy may rest. Elsewhere it would be an invalid end state: A SWITCH ENDS. */
  :: atomic { at == SERVING && sessions == 0 && !lag && !lag_back && !move.on && !step.on && (filled || !mirrored(serves[me])) -> break }
  od;
  proxies--
}

init {
  atomic {
#ifdef FROM_SQLITE
    f.stage = SQLITE; p.stage = SQLITE;
#else
    f.stage = SHADOW; p.stage = SHADOW; f_journal = true; p_filled = true;
#endif
    flush();
    run Postgres();
    byte n = 0;
    do :: n < SESSIONS -> run Session(n); n++ :: else -> break od;
    n = 0;
    do :: n < PROXIES -> run Proxy(n); n++ :: else -> break od;
    n = 0
  };
  proxies == 0;
#if PROXIES == 1
  /* A SWITCH ENDS OR IS CANCELLED, and both sides say so: settle, finish_walk (pair_switch.cpp). */
  assert(f.stage == p.stage && f.epoch == p.epoch && !f.handing && !p.handing && fence_open[0] && passes[0] == 0);
  assert(f_guard == (f.stage == POSTGRES) && (p_writers == CLIENTS) == (f.stage == POSTGRES));
#endif
  /* BOTH SIDES HOLD EVERY ACKNOWLEDGED WRITE ONCE: step_forward, step_backward, fill. */
  if
  :: on_sqlite(f.stage) -> assert(f_row[0] == want[0] && f_row[1] == want[1])
  :: else -> assert(p_row[0] == want[0] && p_row[1] == want[1])
  fi;
#if PROXIES == 1
  assert(!mirrored(f.stage) || ((f_row[0] == p_row[0] || p_aside & 1) && (f_row[1] == p_row[1] || p_aside & 2)))
#endif
}
