#include <algorithm>
#include <array>

#include "crossfade/wire/copy_writer.hpp"
#include "file_session.hpp"

namespace crossfade::session {

namespace asio = boost::asio;
using namespace model::literals;

namespace {

constexpr std::size_t kHopBytes = 1 << 20;  // of data that go to the engine at once

std::string copy_tag(std::int64_t rows) { return "COPY " + std::to_string(rows); }

model::Error unexpected_in_copy(char type) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto code = static_cast<unsigned char>(type);
  return {"08P01"_state, std::string("unexpected message type 0x") + kDigits[code >> 4] + kDigits[code & 15] + " during COPY from stdin"};
}

/// The data of both are the same columns in the same order.
bool same_data(const sql::CopyPlan& one, const sql::CopyPlan& other) {
  return std::ranges::equal(one.columns, other.columns, [](const model::CopyColumn& a, const model::CopyColumn& b) {
    return a.name == b.name && a.type == b.type;
  });
}

}  // namespace

/// On a pool thread, under the schema of now.
model::Result<sql::CopyPlan> FileSession::plan_copy(const sql::Parsed& statement) {
  CROSSFADE_TRY(const auto schema, session_.schema());
  return sql::plan_copy(statement, translation_context(*schema));
}

asio::awaitable<FileSession::Status> FileSession::run_copy(Execution execution) {
  refresh_context();
  use_defaults();
  auto plan = co_await engine_statement([&] { return plan_copy(*execution.statement); }, Lane::brief);
  if (!plan) co_return std::unexpected(std::move(plan).error());
  if (execution.portal != nullptr) execution.portal->finished = true;
  if (plan->way == sql::CopyPlan::Way::out) co_return co_await copy_out(std::move(*plan), *execution.statement);
  if (auto writable = session_.check_writable("COPY FROM", plan->statement); !writable) co_return writable;
  if (auto may = check_may_run(plan->statement); !may) co_return may;
  // Alone in a simple query it has ended its transaction before it says that it is done.
  const bool alone = execution.portal == nullptr && !implicit_ && session_.state() == sqlite::BlockState::idle;
  co_await begin_implicit();
  wrote_ = true;
  auto count = co_await copy_in(std::move(*plan), *execution.statement);
  if (!count) co_return std::unexpected(std::move(count).error());
  if (alone) {
    if (auto ended = co_await end_implicit(true); !ended) co_return ended;
  }
  wire::append_command_complete(client_.channel.out(), copy_tag(*count));
  co_return Status{};
}

asio::awaitable<FileSession::Status> FileSession::copy_out(sql::CopyPlan plan, const sql::Parsed& statement) {
  if (session_.needs_permit(plan.statement)) {
    auto permit = co_await acquire_permit();
    if (!permit) co_return std::unexpected(std::move(permit).error());
    session_.adopt(std::move(*permit));
    wrote_ = true;
    auto again = co_await engine_statement([&] { return plan_copy(statement); }, Lane::brief);  // the wait may have been long
    if (!again) co_return std::unexpected(std::move(again).error());
    plan = *std::move(again);
  }
  auto cursor = co_await engine_statement([&] { return session_.start(plan.statement, {}); });
  if (!cursor) co_return std::unexpected(std::move(cursor).error());
  const bool committed = is_committed(plan.statement);
  std::string& out = client_.channel.out();
  wire::append_copy_response(out, 'H', plan.options, plan.columns.size());
  wire::CopyWriter writer(plan.options, plan.columns);
  writer.begin(out);
  const model::TextStyle style = client_.settings.style();
  std::int64_t count = 0;
  for (bool done = false; !done;) {
    const auto read = [&] { return (*cursor)->fetch(0); };
    auto batch = committed ? read() : co_await engine_statement(read);  // the rows of a change are in memory
    if (!batch) co_return std::unexpected(std::move(batch).error());
    for (const model::Row& row : batch->rows) {
      writer.row(out, row, style);
      if (out.size() >= kMostUnsent) co_await client_.channel.flush();
    }
    count += static_cast<std::int64_t>(batch->rows.size());
    done = batch->done;
    if (client_.channel.broken()) co_return Status{};
    if (canceller_->reason() && !committed) co_return std::unexpected(*canceller_->reason());
  }
  writer.end(out);
  wire::append_command_complete(out, copy_tag(count));
  co_return Status{};
}

/// Data until CopyDone. Errors leave the rows to the end of the failed block.
asio::awaitable<model::Result<std::int64_t>> FileSession::copy_in(sql::CopyPlan plan, const sql::Parsed& statement) {
  wire::append_copy_response(client_.channel.out(), 'G', plan.options, plan.columns.size());
  co_await client_.channel.flush();
  if (plan.late_failure) co_return std::unexpected(*plan.late_failure);
  CopyIn rows(plan, session_, client_.settings.style());
  while (true) {
    auto input = co_await read_copy();
    if (!input) co_return std::unexpected(std::move(input).error());
    rows.feed(*input);
    Status advanced = co_await advance_copy(rows, plan, statement);
    if (advanced && input->failure) advanced = std::unexpected(*input->failure);
    if (!advanced) {
      client_.error_context = rows.context();
      if (canceller_->reason()) client_.error_context = {};
      if (!input->lost) co_return std::unexpected(std::move(advanced).error());
      client_.send_error(advanced.error());
      co_await client_.die({"08P01"_state, "terminating connection because protocol synchronization was lost"});
      co_return std::unexpected(std::move(advanced).error());
    }
    if (input->done) co_return rows.count();
  }
}

asio::awaitable<FileSession::Status> FileSession::advance_copy(CopyIn& rows, sql::CopyPlan& plan, const sql::Parsed& statement) {
  while (true) {
    if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
    // Without the permit it reads one batch of rows and stops.
    auto progress = co_await engine_statement([&rows] { return rows.advance(); }, Lane::brief);
    if (!progress) co_return std::unexpected(std::move(progress).error());
    if (*progress != CopyIn::Progress::needs_permit) co_return Status{};
    auto permit = co_await acquire_permit();
    if (!permit) co_return std::unexpected(std::move(permit).error());
    session_.adopt(std::move(*permit));
    // The table may have been changed while the client typed and others wrote; PostgreSQL would have made them wait.
    auto again = co_await engine_statement([&] { return plan_copy(statement); }, Lane::brief);
    if (!again) co_return std::unexpected(std::move(again).error());
    if (!same_data(plan, *again))
      co_return model::fail("40001"_state, "could not serialize access due to concurrent update",
                            "The columns of relation \"" + plan.relation + "\" were changed while COPY waited to write.", "Run it again.");
    plan.statement = std::move(again->statement);
  }
}

/// What has come, at most about kHopBytes; waits when nothing has. Errors: the connection is gone or ended; a cancel.
asio::awaitable<model::Result<CopyInput>> FileSession::read_copy() {
  CopyInput input;
  do {
    if (canceller_->reason()) co_return std::unexpected(*canceller_->reason());
    auto frame = co_await client_.channel.read();
    if (!frame) {
      if (client_.channel.broken()) co_return std::unexpected(std::move(frame).error());
      if (frame.error().state == "57014"_state) continue;  // woken by a cancel, or by a shutdown that waits for this COPY
      if (const auto type = client_.channel.unread_type(); type && frame.error().state == "08P01"_state && wire::find_message(wire::From::client, *type) == nullptr) {
        input.failure = unexpected_in_copy(*type);
        input.lost = true;
        break;
      }
      co_await client_.die(frame.error());
      co_return std::unexpected(std::move(frame).error());
    }
    const bool known = std::string_view("dcfHS").contains(frame->type);
    if (!known && !input.bytes.empty()) {  // what came before it may have ended the COPY already
      client_.channel.put_back(*frame);
      co_return input;
    }
    if (frame->type == 'd') {
      input.bytes += frame->body;
    } else if (frame->type == 'c') {
      input.done = true;
    } else if (frame->type == 'f') {
      input.failure = model::Error{"57014"_state, "COPY from stdin failed: " + std::string(frame->body.substr(0, frame->body.find('\0')))};
    } else if (!known) {  // Flush and Sync come from libraries that did not know that it was a COPY
      input.failure = unexpected_in_copy(frame->type);
      input.lost = true;
    }
  } while (!input.done && !input.failure && input.bytes.size() < kHopBytes && (input.bytes.empty() || client_.channel.has_frame()));
  co_return input;
}

}  // namespace crossfade::session
