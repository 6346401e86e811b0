#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crossfade/plan/schema.hpp"

namespace crossfade::plan {

struct PlannedColumn {
  std::string name;          // PostgreSQL's
  std::string source;        // SQLite's
  model::Type type;
  StoredForm form;
  Misfit misfit = Misfit::refuse;
  std::string zone;          // for naive stored times of a timestamptz: an IANA name, never assumed
  std::string note;          // written as a comment: why this type
  bool owner_edited = false; // plan.toml's `keep = true`
};

struct PlannedTable {
  std::string name;    // PostgreSQL's
  std::string source;  // SQLite's
  std::vector<PlannedColumn> columns;
  std::vector<std::string> key;        // PostgreSQL's names; empty: keyless, carried by crossfade_rowid
  std::vector<std::string> untranslated;  // objects that do not come along, each with its reason
};

/// Who makes the tables in PostgreSQL. drafted: `copy`, by this plan. existing: the application has made them, and `copy` only fills them
/// (plan.toml's `schema = "existing"`).
enum class TargetSchema : std::uint8_t { drafted, existing };

/// plan.toml in memory. The only type mapping (DESIGN idea 1).
struct Plan {
  int version = 1;
  std::vector<PlannedTable> tables;
  TargetSchema schema = TargetSchema::drafted;
  const PlannedTable* find(std::string_view name) const;
};

/// Canonical text; the same plan gives the same bytes.
std::string to_toml(const Plan& plan);
/// Errors: F0000 with "plan.toml:12: …" and the nearest valid key or word.
model::Result<Plan> from_toml(std::string_view text, std::string_view file_name);
/// SHA-256 of to_toml without comments, in hex.
std::string hash(const Plan& plan);

struct DefaultMapping { model::Type type; StoredForm form; };
/// The documented default table for a declared SQLite type without a plan ("VARCHAR(20)", "DATETIME", "").
DefaultMapping default_mapping(std::string_view declared);

/// A column's live declaration, with what crossfade_types recorded for it when it was created through the proxy.
/// `named`: of a column of an enum (then `type` is text, which is what the file holds) or of a domain (then it is the domain's own).
struct Declared {
  std::string table, column;
  model::Type type;
  StoredForm form;
  bool serial = false, identity = false;
  std::string named = {};
};
/// Lays the plan over a schema read from the file: plan first, then `declared`, then default_mapping.
/// Errors: 42P07/42701 when names collide after folding; F0000 when the plan names what the file does not have.
model::Result<void> apply(Schema& schema, const Plan* plan, const std::vector<Declared>& declared);

/// SQLite name → PostgreSQL name: ASCII lower case, cut to 63 bytes as PostgreSQL cuts identifiers.
std::string fold(std::string_view name);

/// The number of an object of that name: the same in every process. Two names may have one; PostgreSQL's own are below 16384.
model::Oid oid_of(std::string_view name);

/// PostgreSQL's name for an object that was given none: "t_a_key", "t_pkey" (no `second`); the longer of the two is cut first.
/// Source: PostgreSQL 15 manual, CREATE TABLE, "Notes"; makeObjectName.
std::string object_name(std::string_view first, std::string_view second, std::string_view label);

/// The name of the sequence that stands for SQLite's counter of a serial rowid alias: t_c_seq, unless table or column were renamed since.
std::string counter_name(const Table& table, const Column& column);

}  // namespace crossfade::plan
