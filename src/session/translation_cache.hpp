#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crossfade/session/hub.hpp"
#include "crossfade/sql/translate.hpp"

namespace crossfade::session {

/// Bounded by entries and by bytes; the least recently used goes. Thread-safe. Values are shared and never changed.
template <class T>
class LruCache {
 public:
  LruCache(std::size_t capacity, std::size_t most_bytes) : capacity_(capacity), most_bytes_(most_bytes) {}

  std::shared_ptr<const T> find(std::string_view key) {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      ++misses_;
      return nullptr;
    }
    ++hits_;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->value;
  }
  /// `bytes`: what key and value take, about.
  void insert(std::string key, std::shared_ptr<const T> value, std::size_t bytes) {
    const std::scoped_lock lock(mutex_);
    if (capacity_ == 0 || bytes > most_bytes_ || entries_.contains(key)) return;
    while (!order_.empty() && (order_.size() >= capacity_ || bytes_ + bytes > most_bytes_)) {
      entries_.erase(order_.back().key);
      bytes_ -= order_.back().bytes;
      order_.pop_back();
    }
    bytes_ += bytes;
    order_.push_front({std::move(key), std::move(value), bytes});
    entries_.emplace(order_.front().key, order_.begin());
  }
  TranslationStatistics statistics() const {
    const std::scoped_lock lock(mutex_);
    return {order_.size(), hits_, misses_};
  }

 private:
  struct Entry { std::string key; std::shared_ptr<const T> value; std::size_t bytes; };
  const std::size_t capacity_, most_bytes_;
  std::size_t bytes_ = 0;
  mutable std::mutex mutex_;
  std::list<Entry> order_;  // most recent first; owns the keys that entries_ views
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> entries_;
  std::uint64_t hits_ = 0, misses_ = 0;
};

using ParsedQuery = std::vector<sql::Parsed>;

/// About what a translation takes in memory.
std::size_t memory_of(const sql::Translated& translated);

/// What the parser and the translator said, for all sessions.
class TranslationCache {
 public:
  /// Of each of the two caches.
  static constexpr std::size_t kMostBytes = 64U << 20U;
  explicit TranslationCache(std::size_t entries) : parsed_(entries, kMostBytes), translated_(entries, kMostBytes) {}

  model::Result<std::shared_ptr<const ParsedQuery>> parse(std::string_view text, sql::Dialect dialect);
  /// Keyed by all that translate() reads: dialect, target, text, schema version, plan hash, user, zone, search_path, declared
  /// types.
  model::Result<std::shared_ptr<const sql::Translated>> translate(const sql::Parsed& statement, const sql::Context& context,
                                                                  std::string_view search_path,
                                                                  std::span<const model::Oid> declared);
  TranslationStatistics statistics() const { return translated_.statistics(); }

 private:
  LruCache<ParsedQuery> parsed_;
  LruCache<sql::Translated> translated_;
};

}  // namespace crossfade::session
