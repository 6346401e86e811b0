#include <catch2/catch.hpp>

#include "as_written.hpp"

using namespace crossfade::sql;

namespace {

template <class T>
T control(std::string_view query) {
  const Parsed parsed = parse_one(query);
  REQUIRE(std::holds_alternative<T>(parsed.control));
  return std::get<T>(parsed.control);
}

}  // namespace

TEST_CASE("transaction control is read with its options") {
  using Verb = TransactionControl::Verb;
  const auto begin = control<TransactionControl>("begin isolation level serializable, read only, deferrable");
  CHECK(begin.verb == Verb::begin);
  CHECK(begin.isolation == Isolation::serializable);
  CHECK(begin.read_only == true);
  CHECK(begin.deferrable == true);
  CHECK(control<TransactionControl>("begin transaction read write").read_only == false);
  CHECK_FALSE(control<TransactionControl>("begin").isolation.has_value());
  CHECK(control<TransactionControl>("start transaction isolation level read uncommitted").isolation == Isolation::read_uncommitted);
  CHECK(control<TransactionControl>("commit and chain").chain);
  CHECK(control<TransactionControl>("savepoint \"A\"").name == "A");
  CHECK(control<TransactionControl>("rollback to savepoint B").name == "b");
  CHECK(control<TransactionControl>("set transaction isolation level repeatable read").verb == Verb::set_transaction);
  CHECK(control<TransactionControl>("set session characteristics as transaction read only").verb == Verb::set_session);
}

TEST_CASE("settings are read as they were written") {
  using Verb = SettingControl::Verb;
  using Values = std::vector<std::string>;
  const auto values = [](std::string_view query) { return control<SettingControl>(query).values; };
  CHECK(values("set search_path = public, \"My\"") == Values{"public", "My"});
  CHECK(values("set work_mem = 64") == Values{"64"});
  CHECK(values("set extra_float_digits = -1.5") == Values{"-1.5"});
  CHECK(values("set standard_conforming_strings to on") == Values{"on"});
  CHECK(values("set a.b = true") == Values{"true"});
  CHECK(values("set x to default").empty());
  CHECK(control<SettingControl>("set local TimeZone = 'UTC'").local);
  CHECK(control<SettingControl>("set local \"TimeZone\" = 'UTC'").name == "timezone");
  CHECK(control<SettingControl>("set time zone 'Europe/Berlin'").name == "timezone");
  CHECK(control<SettingControl>("set names 'utf8'").name == "client_encoding");
  CHECK(control<SettingControl>("reset all").name == "all");
  CHECK(control<SettingControl>("reset all").verb == Verb::reset);
  CHECK(control<SettingControl>("show all").name == "all");
  CHECK(control<SettingControl>("show transaction isolation level").name == "transaction_isolation");
}

TEST_CASE("statements about the session name their objects") {
  using Verb = ObjectControl::Verb;
  CHECK(control<ObjectControl>("deallocate prepare p").name == "p");
  CHECK(control<ObjectControl>("deallocate all").name.empty());
  CHECK(control<ObjectControl>("discard temp").verb == Verb::discard_temporary);
  CHECK(control<ObjectControl>("discard all").verb == Verb::discard_all);
  CHECK(control<ObjectControl>("listen c").name == "c");
  CHECK(control<ObjectControl>("unlisten *").name.empty());
  CHECK(control<ObjectControl>("notify c, 'hello'").payload == "hello");
  CHECK(control<ObjectControl>("close x").verb == Verb::close);
}

TEST_CASE("control that cannot be carried is refused, not shortened") {
  CHECK(error_of("set x from current").state.code() == "0A000");
  CHECK(error_of("set transaction snapshot '1'").state.code() == "0A000");
  CHECK(error_of("prepare transaction 'x'").state.code() == "0A000");
  CHECK(parse_one("prepare transaction 'x'").kind == Kind::unsupported);
}
