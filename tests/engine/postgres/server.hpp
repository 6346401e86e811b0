#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "crossfade/engine/postgres/connection.hpp"

namespace crossfade::tests {

/// The scratch server of CROSSFADE_TEST_PG; without it the test says so and passes.
inline std::optional<postgres::Conninfo> server() {
  const char* text = std::getenv("CROSSFADE_TEST_PG");
  if (text == nullptr) {
    std::cout << "skipped (CROSSFADE_TEST_PG is not set): " << Catch::getResultCapture().getCurrentTestName() << '\n';
    return std::nullopt;
  }
  return postgres::Conninfo::parse(text).value();
}

inline postgres::Connection connect(const postgres::Conninfo& conninfo) {
  auto connection = postgres::Connection::connect(conninfo, std::chrono::seconds{10}, "crossfade test");
  if (!connection) FAIL(connection.error().message);
  return *std::move(connection);
}

/// The value, or a failed test with the error's message.
template <class T>
T must(model::Result<T> result) {
  if (!result) FAIL(result.error().state.code() << " " << result.error().message << " " << result.error().detail);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace crossfade::tests
