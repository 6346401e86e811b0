#include "cli.hpp"

int main(int argc, char** argv) { return crossfade::cli::run(argc, argv); }
