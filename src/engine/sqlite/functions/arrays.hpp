#pragma once

#include "call.hpp"
#include "crossfade/model/array.hpp"

namespace crossfade::sqlite::functions {

struct TypedArray { model::Array value; model::Type type, element; };

/// An array in its run-time form. `stored` is not NULL.
model::Result<model::Array> read_array(const StorageValue& stored, model::Type array);
/// Argument `index`, of the array type that the constant argument `type` names; it is not NULL.
model::Result<TypedArray> typed_array(const Call& call, std::size_t type, std::size_t index);
/// An element in its run-time form, Null for NULL.
model::Result<model::Value> read_element(const Call& call, std::size_t index, model::Type element);

}  // namespace crossfade::sqlite::functions
