#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <utility>

#include "crossfade/model/error.hpp"

namespace crossfade::model {

/// What one session may hold in memory of what its client sends and asks for: counted, not measured. Thread: any.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t most) : most_(most) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  /// Bytes that are counted as long as it lives. Without a budget it counts and has no limit. Must die before its budget.
  class Share {
   public:
    Share() = default;
    explicit Share(MemoryBudget* budget) : budget_(budget) {}
    Share(Share&& other) noexcept : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      if (this == &other) return *this;
      shrink(bytes_);
      budget_ = other.budget_;
      bytes_ = std::exchange(other.bytes_, 0);
      return *this;
    }
    ~Share() { shrink(bytes_); }

    /// Errors: 53200, and nothing more is counted.
    Result<void> grow(std::size_t bytes) {
      if (budget_ != nullptr && budget_->used_.fetch_add(bytes, std::memory_order_relaxed) + bytes > budget_->most_) {
        budget_->used_.fetch_sub(bytes, std::memory_order_relaxed);
        return std::unexpected(budget_->exceeded(bytes));
      }
      bytes_ += bytes;
      return {};
    }
    void shrink(std::size_t bytes) {
      bytes = bytes < bytes_ ? bytes : bytes_;
      if (budget_ != nullptr) budget_->used_.fetch_sub(bytes, std::memory_order_relaxed);
      bytes_ -= bytes;
    }
    std::size_t bytes() const { return bytes_; }

   private:
    MemoryBudget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };

  Result<Share> take(std::size_t bytes) {
    Share share{this};
    CROSSFADE_CHECK(share.grow(bytes));
    return share;
  }
  std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  Error exceeded(std::size_t bytes) const {
    return {SqlState{"53200"}, "out of memory", "Failed on request of size " + std::to_string(bytes) + ".",
            "One session may hold " + std::to_string(most_ >> 20U) +
                " MB of values, statements and rows (listen.session_memory): close cursors and prepared statements, or fetch less at a time."};
  }

  const std::size_t most_;
  std::atomic<std::size_t> used_{0};
};

}  // namespace crossfade::model
