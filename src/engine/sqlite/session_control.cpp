#include <algorithm>
#include <string>
#include <utility>

#include "functions/sequences.hpp"
#include "session_impl.hpp"

namespace crossfade::sqlite {

using namespace model::literals;
using sql::Isolation;
using sql::TransactionControl;

namespace {

std::unexpected<model::Error> only_in_blocks(std::string_view command) {
  return model::fail("25P01"_state, std::string{command} + " can only be used in transaction blocks");
}

std::unexpected<model::Error> aborted() {
  return model::fail("25P02"_state, "current transaction is aborted, commands ignored until end of transaction block");
}

std::unexpected<model::Error> no_savepoint(const std::string& name) {
  return model::fail("3B001"_state, "savepoint \"" + name + "\" does not exist");
}

/// The newest of that name, as PostgreSQL lets a name hide an older one.
std::optional<std::size_t> find_savepoint(const auto& savepoints, const std::string& wanted) {
  const auto found = std::ranges::find_if(savepoints.rbegin(), savepoints.rend(), [&](const auto& each) { return each.name == wanted; });
  if (found == savepoints.rend()) return std::nullopt;
  return static_cast<std::size_t>(savepoints.rend() - found) - 1;
}

std::string engine_name(std::size_t index) { return "crossfade_" + std::to_string(index); }

}  // namespace

model::Result<std::string> Session::control(const TransactionControl& control, std::vector<model::Error>& warnings) {
  using Verb = TransactionControl::Verb;
  switch (control.verb) {
    case Verb::begin: return impl_->begin(control, warnings);
    case Verb::commit:
    case Verb::rollback: return impl_->end(control, warnings);
    case Verb::savepoint: return impl_->savepoint(control);
    case Verb::release: return impl_->release(control);
    case Verb::rollback_to: return impl_->rollback_to(control);
    case Verb::set_transaction: return impl_->set_transaction(control, warnings);
    case Verb::set_constraints: return impl_->set_constraints(control);
    case Verb::set_session:
      if (impl_->failed) return aborted();
      if (control.isolation) impl_->defaults.isolation = *control.isolation;
      if (control.read_only) impl_->defaults.read_only = *control.read_only;
      return "SET";
  }
  std::unreachable();
}

model::Result<std::string> Session::Impl::begin(const TransactionControl& control, std::vector<model::Error>& warnings) {
  if (failed) return aborted();
  if (block == Block::explicit_) {
    warnings.push_back({"25001"_state, "there is already a transaction in progress"});
    if (auto done = change_options(control); !done) {
      fail();
      return std::unexpected(std::move(done).error());
    }
    return "BEGIN";
  }
  if (block == Block::none) open_block(Block::explicit_, defaults);
  CROSSFADE_CHECK(change_options(control));
  block = Block::explicit_;
  return "BEGIN";
}

model::Result<std::string> Session::Impl::end(const TransactionControl& control, std::vector<model::Error>& warnings) {
  const bool wanted = control.verb == TransactionControl::Verb::commit;
  if (block != Block::explicit_) {
    if (control.chain)
      return model::fail("25P01"_state, std::string{wanted ? "COMMIT" : "ROLLBACK"} + " AND CHAIN can only be used in transaction blocks");
    warnings.push_back({"25P01"_state, "there is no transaction in progress"});
    if (block == Block::none) return wanted ? "COMMIT" : "ROLLBACK";
  }
  const bool commits = wanted && !failed;
  const BeginOptions chained = commits ? options : options_after_rollback();
  model::Result<void> done;
  if (commits) {
    done = commit();
  } else {
    end_transaction();
    close_block();
  }
  if (!done) return std::unexpected(std::move(done).error());
  if (control.chain) open_block(Block::explicit_, chained);
  return commits ? "COMMIT" : "ROLLBACK";
}

/// What AND CHAIN takes over. An error ends PostgreSQL's transaction, and the options that it has said with it, unless there is a savepoint
/// to go back to; those that it has from AND CHAIN stay.
BeginOptions Session::Impl::options_after_rollback() const {
  if (!savepoints.empty()) return {options.isolation, savepoints.front().read_only};
  return failed ? opened : options;
}

model::Result<std::string> Session::Impl::savepoint(const TransactionControl& control) {
  if (block != Block::explicit_) return only_in_blocks("SAVEPOINT");
  if (failed) return aborted();
  if (held != nullptr) {
    if (auto done = own("SAVEPOINT " + engine_name(savepoints.size())); !done) {
      fail();
      return std::unexpected(std::move(done).error());
    }
  }
  savepoints.push_back({control.name, options.read_only, modes, changes.size()});
  return "SAVEPOINT";
}

model::Result<std::string> Session::Impl::release(const TransactionControl& control) {
  if (block != Block::explicit_) return only_in_blocks("RELEASE SAVEPOINT");
  if (failed) return aborted();
  const auto index = find_savepoint(savepoints, control.name);
  model::Result<void> done = index ? model::Result<void>{} : no_savepoint(control.name);
  if (index && held != nullptr) done = own("RELEASE " + engine_name(*index));
  if (!done) {
    fail();
    return std::unexpected(std::move(done).error());
  }
  options.read_only = savepoints[*index].read_only;
  savepoints.resize(*index);
  return "RELEASE";
}

model::Result<std::string> Session::Impl::rollback_to(const TransactionControl& control) {
  if (block != Block::explicit_) return only_in_blocks("ROLLBACK TO SAVEPOINT");
  const auto index = find_savepoint(savepoints, control.name);
  if (!index) {
    fail();
    return no_savepoint(control.name);
  }
  if (lost)
    return model::fail("40000"_state, "SQLite has rolled back the whole transaction: its savepoints are gone", {}, "use ROLLBACK");
  if (held != nullptr) {
    materialise_cursors();
    if (auto done = own("ROLLBACK TO " + engine_name(*index)); !done) {
      fail();
      return std::unexpected(std::move(done).error());
    }
    private_schema = temporary_schema = nullptr;
    if (writing) (void)functions::keep_given(connection().internals(), context.sequences);
  }
  options.read_only = savepoints[*index].read_only;
  modes = savepoints[*index].modes;
  changes.resize(std::min(changes.size(), savepoints[*index].changes));
  savepoints.resize(*index + 1);
  failed = false;
  return "ROLLBACK";
}

model::Result<std::string> Session::Impl::set_transaction(const TransactionControl& control, std::vector<model::Error>& warnings) {
  if (block == Block::none) {
    warnings.push_back({"25P01"_state, "SET TRANSACTION can only be used in transaction blocks"});
    return "SET";
  }
  if (failed) return aborted();
  if (auto done = change_options(control); !done) {
    fail();
    return std::unexpected(std::move(done).error());
  }
  return "SET";
}

model::Result<void> Session::Impl::change_options(const TransactionControl& control) {
  if (control.isolation && *control.isolation != options.isolation) {
    if (used) return model::fail("25001"_state, "SET TRANSACTION ISOLATION LEVEL must be called before any query");
    if (!savepoints.empty())
      return model::fail("25001"_state, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction");
    options.isolation = *control.isolation;
  }
  if (control.read_only) {
    const bool loosens = !*control.read_only && options.read_only;
    if (loosens && !savepoints.empty())
      return model::fail("25001"_state, "cannot set transaction read-write mode inside a read-only transaction");
    if (loosens && used)
      return model::fail("25001"_state, "transaction read-write mode must be set before any query");
    options.read_only = *control.read_only;
  }
  return {};
}

model::Result<void> Session::Impl::replay_savepoints() {
  for (std::size_t index = 0; index < savepoints.size(); ++index) CROSSFADE_CHECK(own("SAVEPOINT " + engine_name(index)));
  return {};
}

}  // namespace crossfade::sqlite
