#pragma once

#include <pg_query.h>

#include <cstdlib>
#include <memory>

#include "raw.hpp"

// libpg_query's raw parser; exported, without a public header of its own.
extern "C" {
struct CrossfadeRawResult { List* tree; char* stderr_buffer; PgQueryError* error; };
CrossfadeRawResult pg_query_raw_parse(const char* input);
void pg_query_free_error(PgQueryError* error);
MemoryContext pg_query_enter_memory_context(void);
void pg_query_exit_memory_context(MemoryContext context);
}

namespace crossfade::sql::postgres_front {

/// The raw tree of a query string, or what the grammar says against it, with PostgreSQL's memory context for the parse.
class RawParse {
 public:
  explicit RawParse(const char* query) : raw_(pg_query_raw_parse(query)), warnings_(raw_.stderr_buffer), error_(raw_.error) {}
  const List* tree() const { return raw_.tree; }
  const PgQueryError* error() const { return error_.get(); }

 private:
  class Memory {
   public:
    Memory() : context_(pg_query_enter_memory_context()) {}
    ~Memory() { pg_query_exit_memory_context(context_); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

   private:
    MemoryContext context_;
  };
  struct FreeError { void operator()(PgQueryError* error) const { pg_query_free_error(error); } };
  struct FreeText { void operator()(char* text) const { std::free(text); } };

  Memory memory_;  // outlives what was made in it
  CrossfadeRawResult raw_;
  std::unique_ptr<char, FreeText> warnings_;
  std::unique_ptr<PgQueryError, FreeError> error_;
};

}  // namespace crossfade::sql::postgres_front
