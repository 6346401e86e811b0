#include <catch2/catch.hpp>

#include "crossfade/observe/redact.hpp"

using crossfade::observe::redact;

TEST_CASE("passwords in connection strings are masked") {
  CHECK(redact("host=h password=hunter2 dbname=d") == "host=h password=*** dbname=d");
  CHECK(redact("host=h PASSWORD = 'it\\'s mine' dbname=d") == "host=h PASSWORD = *** dbname=d");
  CHECK(redact("sslpassword=x") == "sslpassword=***");
  CHECK(redact("password=a\\ b&c dbname=d") == "password=*** dbname=d");
  CHECK(redact("password=a\\") == "password=***");
}

TEST_CASE("passwords in URIs are masked, even those that hold an at sign") {
  CHECK(redact("postgres://u:p@ss@h:5432/d") == "postgres://u:***@h:5432/d");
  CHECK(redact("postgres://u@h:5432/d") == "postgres://u@h:5432/d");
  CHECK(redact("postgres:///d?password=x&user=u") == "postgres:///d?password=***&user=u");
}

TEST_CASE("SCRAM verifiers are masked") {
  CHECK(redact("user a SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy ok") == "user a SCRAM-SHA-256$*** ok");
}

TEST_CASE("what is no secret is left byte for byte") {
  CHECK(redact("mypassword=1 passwords=2 http://h:1/a@b") == "mypassword=1 passwords=2 http://h:1/a@b");
  CHECK(redact("") == "");
  CHECK(redact("password=") == "password=***");
}
