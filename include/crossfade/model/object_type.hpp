#pragma once

#include <algorithm>
#include <array>

#include "crossfade/model/type.hpp"

namespace crossfade::model {

/// Types whose values are numbers of the catalog's objects and may be written as their names, which only the catalog knows.
inline constexpr std::array kObjectTypes{oid::regclass,  oid::regtype,       oid::regproc,      oid::regprocedure, oid::regoper,     oid::regoperator,
                                         oid::regconfig, oid::regdictionary, oid::regnamespace, oid::regrole,      oid::regcollation};
constexpr bool is_object_type(Oid type) { return std::ranges::find(kObjectTypes, type) != kObjectTypes.end(); }

}  // namespace crossfade::model
