#pragma once

#include <string>

/// The checkout's top folder, for tests that read files of it.
std::string source_dir();
