#include "crossfade/wire/scram.hpp"

#include <catch2/catch.hpp>

using namespace crossfade;
using namespace crossfade::wire;

namespace {

/// The example of RFC 7677, section 3: user "user", password "pencil".
constexpr std::string_view kVerifier =
    "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
constexpr std::string_view kServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
constexpr std::string_view kClientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
constexpr std::string_view kClientLast =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

ScramServer server() { return {"user", *ScramVerifier::parse(kVerifier), std::string(kServerNonce)}; }

}  // namespace

TEST_CASE("the exchange of RFC 7677 is answered as printed there") {
  ScramServer scram = server();
  const auto first = scram.first(kClientFirst);
  REQUIRE(first);
  CHECK(*first == "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  const auto last = scram.last(kClientLast);
  REQUIRE(last);
  CHECK(*last == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST_CASE("a proof that does not fit is 28P01 and names the user") {
  ScramServer scram = server();
  REQUIRE(scram.first(kClientFirst));
  std::string wrong(kClientLast);
  wrong[wrong.find("p=") + 2] = 'e';
  const auto last = scram.last(wrong);
  REQUIRE_FALSE(last);
  CHECK(last.error().state.code() == "28P01");
  CHECK(last.error().message == "password authentication failed for user \"user\"");
}

TEST_CASE("malformed SCRAM messages are refused at every place they are cut") {
  for (std::size_t cut = 0; cut < kClientFirst.size() - 1; ++cut) {
    ScramServer scram = server();
    const auto first = scram.first(kClientFirst.substr(0, cut));
    // A shorter nonce is still a nonce.
    if (first) CHECK(cut > kClientFirst.find("r=") + 2);
  }
  for (std::size_t cut = 0; cut < kClientLast.size(); ++cut) {
    ScramServer scram = server();
    REQUIRE(scram.first(kClientFirst));
    CHECK_FALSE(scram.last(kClientLast.substr(0, cut)));
  }
}

TEST_CASE("channel binding, authorization identities and extensions are refused by name") {
  CHECK_FALSE(server().first("p=tls-server-end-point,,n=,r=abc"));
  CHECK(server().first("n,a=bob,n=,r=abc").error().state.code() == "0A000");
  CHECK(server().first("n,,m=x,n=,r=abc").error().state.code() == "0A000");
  ScramServer scram = server();
  REQUIRE(scram.first("y,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
  CHECK_FALSE(scram.last(kClientLast));  // it says c=biws for a header that was y,,
}

TEST_CASE("the flag of channel binding must fit the mechanism and what we offered") {
  using Mechanism = ScramBinding::Mechanism;
  struct Case { std::string hash; Mechanism mechanism; std::string first, state; };
  const std::string rest = ",,n=,r=abc", bound = "p=tls-server-end-point";
  const std::vector<Case> cases{{"", Mechanism::plain, "n", ""},          {"", Mechanism::plain, "y", ""},
                                {"hash", Mechanism::plain, "n", ""},      {"hash", Mechanism::plain, "y", "28000"},
                                {"hash", Mechanism::plain, bound, "08P01"}, {"hash", Mechanism::plus, bound, ""},
                                {"hash", Mechanism::plus, "n", "08P01"},  {"hash", Mechanism::plus, "y", "08P01"},
                                {"hash", Mechanism::plus, "p=tls-unique", "08P01"}};
  for (const Case& each : cases) {
    CAPTURE(each.hash, each.first);
    ScramServer scram("user", *ScramVerifier::parse(kVerifier), {}, {each.hash, each.mechanism});
    const auto first = scram.first(each.first + rest);
    CHECK((first ? "" : std::string(first.error().state.code())) == each.state);
  }
}

TEST_CASE("an exchange that is bound to another certificate is refused, whatever its proof") {
  for (const std::string_view theirs : {"hash", "hasH", "", "hash2"}) {
    ScramServer scram("user", *ScramVerifier::parse(kVerifier), "nonce", {"hash", ScramBinding::Mechanism::plus});
    REQUIRE(scram.first("p=tls-server-end-point,,n=,r=abc"));
    const std::string bound = base64_encode("p=tls-server-end-point,," + std::string(theirs));
    const auto last = scram.last("c=" + bound + ",r=abcnonce,p=" + base64_encode(std::string(32, 'x')));
    REQUIRE_FALSE(last);
    CHECK(last.error().state.code() == (theirs == "hash" ? "28P01" : "28000"));
  }
}

TEST_CASE("a password in clear text is told from another") {
  const ScramVerifier verifier = *ScramVerifier::parse(kVerifier);
  CHECK(fits(verifier, "pencil"));
  for (const std::string_view wrong : {"Pencil", "pencil ", "", "penci"}) CHECK_FALSE(fits(verifier, wrong));
  CHECK_FALSE(fits(mock_scram_verifier("nobody"), "pencil"));
  CHECK(mock_scram_verifier("nobody", 15'000).iterations == 15'000);
}

TEST_CASE("verifiers are read as PostgreSQL writes them and written the same") {
  CHECK(ScramVerifier::parse(kVerifier)->text() == kVerifier);
  for (const std::string_view wrong :
       {"", "md5abc", "SCRAM-SHA-256$", "SCRAM-SHA-256$x:YQ==$YQ==:YQ==", "SCRAM-SHA-256$0:YQ==$YQ==:YQ==",
        "SCRAM-SHA-256$4096:YQ==$YQ==:YQ==", "SCRAM-SHA-256$4096:$:"})
    CHECK_FALSE(ScramVerifier::parse(wrong));
}

TEST_CASE("a made verifier has a new salt each time, an unknown user's always the same") {
  const auto one = make_scram_verifier("pencil"), two = make_scram_verifier("pencil");
  REQUIRE(one);
  CHECK(one->text() != two->text());
  CHECK(mock_scram_verifier("nobody").salt == mock_scram_verifier("nobody").salt);
  CHECK(mock_scram_verifier("nobody").salt != mock_scram_verifier("somebody").salt);
  CHECK_FALSE(make_scram_verifier("pässword"));
  CHECK_FALSE(make_scram_verifier(""));
}

TEST_CASE("base64 is strict") {
  CHECK(base64_decode("YQ==") == "a");
  CHECK(base64_decode("") == "");
  for (const std::string_view wrong : {"YQ", "YQ=", "Y===", "Y Q=", "YQ=a", "====", "Y\nQ="}) CHECK_FALSE(base64_decode(wrong));
  for (std::size_t length = 0; length < 70; ++length) {
    const std::string bytes = random_bytes(length);
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
  }
}
