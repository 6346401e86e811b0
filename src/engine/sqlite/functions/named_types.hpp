#pragma once

struct sqlite3;

namespace crossfade::sqlite::functions {

/// From now on the connection makes a collation for the order of an enum's labels when a statement names one.
int register_label_collations(sqlite3* database);

}  // namespace crossfade::sqlite::functions
