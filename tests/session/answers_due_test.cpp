#include "answers_due.hpp"

#include <catch2/catch.hpp>
#include <string_view>

using namespace crossfade;
using namespace crossfade::session;

namespace {

/// "PBE>12C": what is sent, then what comes after '>'; lower-case z: ReadyForQuery in a block.
bool quiet_after(std::string_view talk) {
  AnswersDue due;
  bool comes = false;
  for (const char type : talk) {
    if (type == '>' || type == '<') comes = type == '>';
    else if (!comes) due.sent(type);
    else if (type == 'z') due.received({'Z', "T", {}});
    else due.received({type, type == 'Z' ? "I" : "", {}});
  }
  return due.quiet();
}

}  // namespace

TEST_CASE("a session is quiet when all that it has sent was answered and no block is open") {
  for (const std::string_view talk : {"", "Q>TDCZ", "QQ>CZCZ", "PBDES>12TDCZ", "H", "PHS>1Z", "F>VZ", "Q>GZ", "S>Z", "BES>2sZ"}) CHECK(quiet_after(talk));
  for (const std::string_view talk : {"Q", "QQ>CZ", "PBE>12C", "P>1", "Q>Cz", "S", "PS>1"}) CHECK_FALSE(quiet_after(talk));
}

TEST_CASE("after an error all is passed over up to the Sync, a Query too") {
  CHECK(quiet_after("PQS>EZ"));
  CHECK(quiet_after("PBES>EZ"));
  CHECK(quiet_after("PBESPBES>1EZ12CZ"));
  CHECK(quiet_after("P>E<QS>Z"));
  CHECK(quiet_after("P>E<QQPBES>Z"));
  CHECK_FALSE(quiet_after("P>E"));     // everything is passed over until a Sync comes
  CHECK_FALSE(quiet_after("PQ>E"));    // the Query was passed over: no ReadyForQuery will come of it
  CHECK_FALSE(quiet_after("P>E<Q"));
  CHECK_FALSE(quiet_after("PQ>E<S"));
  CHECK(quiet_after("PQ>E<S>Z"));
  CHECK(quiet_after("Q>EZ"));          // a Query's own error ends with its ReadyForQuery
  CHECK(quiet_after("QQ>EZCZ"));
  CHECK(quiet_after("S>EZ"));          // what a Sync commits may fail
}

TEST_CASE("a Sync that goes while COPY data is taken is passed over") {
  CHECK_FALSE(quiet_after("PBES>12G"));
  CHECK(quiet_after("PBES>12G<dcS>CZ"));
  CHECK(quiet_after("PBE>12G<dcS>CZ"));
  CHECK(quiet_after("PBES>12G<dfS>EZ"));
  CHECK(quiet_after("PBES>12G<d>E<dcS>Z"));
  CHECK(quiet_after("Q>G<dc>CZ"));
}
