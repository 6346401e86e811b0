#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include "source_dir.hpp"

std::string source_dir() { return CROSSFADE_SOURCE_DIR; }
