# Every dependency is a Debian package (scripts/packages lists them).
find_package(Threads REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED)
# Metric families and their text; its HTTP server and its client are not used.
find_path(PROMETHEUS_INCLUDE prometheus/text_serializer.h REQUIRED)
find_library(PROMETHEUS_CORE_LIBRARY prometheus-cpp-core REQUIRED)
add_library(Prometheus::Core INTERFACE IMPORTED)
target_include_directories(Prometheus::Core SYSTEM INTERFACE ${PROMETHEUS_INCLUDE})
target_link_libraries(Prometheus::Core INTERFACE ${PROMETHEUS_CORE_LIBRARY})
# libpg_query's raw tree; its node headers are PostgreSQL's own.
find_path(PG_QUERY_INCLUDE pg_query.h REQUIRED)
find_library(PG_QUERY_LIBRARY pg_query REQUIRED)
find_path(PG_SERVER_INCLUDE postgres.h REQUIRED PATHS /usr/include/postgresql/15/server NO_DEFAULT_PATH)
add_library(PgQuery::PgQuery INTERFACE IMPORTED)
target_include_directories(PgQuery::PgQuery SYSTEM INTERFACE ${PG_QUERY_INCLUDE})
target_link_libraries(PgQuery::PgQuery INTERFACE ${PG_QUERY_LIBRARY})
set(CROSSFADE_PG_SERVER_INCLUDE ${PG_SERVER_INCLUDE})

# Asio compiled once (src/engine/postgres/asio.cpp holds its implementation).
add_library(CrossfadeAsio INTERFACE)
target_link_libraries(CrossfadeAsio INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(CrossfadeAsio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_DISABLE_BOOST_REGEX)
