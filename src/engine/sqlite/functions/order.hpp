#pragma once

#include "crossfade/model/value.hpp"

namespace crossfade::sqlite::functions {

/// How two values in their run-time form compare: by the rules of numeric, interval, timetz, character (blanks at the end do not
/// count), jsonb, or as SQLite compares them; of arrays the letter of model::kSortedElements.
enum class OrderKind : char { numeric = 'n', interval = 'i', timetz = 'z', padded = 'b', json = 'j', plain = '-' };

/// Below, at or above 0. Neither is NULL.
int compare(const model::StorageValue& left, const model::StorageValue& right, OrderKind kind);

}  // namespace crossfade::sqlite::functions
