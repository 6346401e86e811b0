#pragma once

// PostgreSQL's node structs, for the few files that read libpg_query's raw tree. Standard headers come first: postgres.h defines
// macros (printf, Min, foreach …) that break them; those that would break our own code are undefined again at the end.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "../tree.hpp"
#include "crossfade/sql/translate.hpp"

extern "C" {
#include "postgres.h"
// postgres.h first.
#include "nodes/parsenodes.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "nodes/value.h"
}
#undef Min
#undef Max
#undef Abs
#undef _
#undef gettext
#undef printf
#undef fprintf
#undef sprintf
#undef snprintf
#undef vsnprintf
#undef vprintf
#undef vfprintf
#undef vsprintf
#undef strerror
#undef strerror_r
#undef foreach

namespace crossfade::sql::postgres_front {

// libpg_query is built from PostgreSQL 15.1, the headers are a later minor release. Its pg_query.proto, generated from its own
// headers, names the same structs and enums in the same order for all that is read here, but for LimitOption.
static_assert(T_RawStmt == 235 && T_SelectStmt == 242, "PostgreSQL 15's node tags");
/// LimitOption as the library numbers it: default, count, with ties.
inline constexpr int kLibraryWithTies = 2;

/// The leftmost SELECT of a UNION and its kin, where INTO stands.
inline const ::SelectStmt* first_arm(const ::SelectStmt* node) {
  while (node->op != ::SETOP_NONE) node = node->larg;
  return node;
}

/// The elements of a raw list, each a T.
template <class T>
class Nodes {
 public:
  explicit Nodes(const List* list) : list_(list) {}
  class Iterator {
   public:
    explicit Iterator(const ListCell* cell) : cell_(cell) {}
    const T* operator*() const { return static_cast<const T*>(cell_->ptr_value); }
    Iterator& operator++() { ++cell_; return *this; }
    bool operator==(const Iterator&) const = default;

   private:
    const ListCell* cell_;
  };
  Iterator begin() const { return Iterator{list_ ? list_->elements : nullptr}; }
  Iterator end() const { return Iterator{list_ ? list_->elements + list_->length : nullptr}; }
  std::size_t size() const { return list_ ? static_cast<std::size_t>(list_->length) : 0; }
  const T* operator[](std::size_t index) const { return static_cast<const T*>(list_->elements[index].ptr_value); }

 private:
  const List* list_;
};

/// A node whose tag says T.
template <class T>
const T* as(const ::Node* node) { return reinterpret_cast<const T*>(node); }

inline NodeTag tag_of(const void* node) { return static_cast<const ::Node*>(node)->type; }
inline std::string text_of(const char* text) { return text ? text : ""; }

}  // namespace crossfade::sql::postgres_front
