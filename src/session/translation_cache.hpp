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

/// Bounded; the least recently used goes. Thread-safe. Values are shared and never changed.
template <class T>
class LruCache {
 public:
  explicit LruCache(std::size_t capacity) : capacity_(capacity) {}

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
  void insert(std::string key, std::shared_ptr<const T> value) {
    const std::scoped_lock lock(mutex_);
    if (capacity_ == 0 || entries_.contains(key)) return;
    if (order_.size() >= capacity_) {
      entries_.erase(order_.back().key);
      order_.pop_back();
    }
    order_.push_front({std::move(key), std::move(value)});
    entries_.emplace(order_.front().key, order_.begin());
  }
  TranslationStatistics statistics() const {
    const std::scoped_lock lock(mutex_);
    return {order_.size(), hits_, misses_};
  }

 private:
  struct Entry { std::string key; std::shared_ptr<const T> value; };
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Entry> order_;  // most recent first; owns the keys that entries_ views
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> entries_;
  std::uint64_t hits_ = 0, misses_ = 0;
};

using ParsedQuery = std::vector<sql::Parsed>;

/// What the parser and the translator said, for all sessions.
class TranslationCache {
 public:
  explicit TranslationCache(std::size_t entries) : parsed_(entries), translated_(entries) {}

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
