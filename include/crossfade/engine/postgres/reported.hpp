#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace crossfade::postgres {

/// Parameters as a server has reported them, by name. Copies share one map until one of them changes: most clients are told the same.
class Reported {
 public:
  using Map = std::map<std::string, std::string>;
  Reported() : Reported(Map{}) {}
  Reported(Map values) : values_(std::make_shared<Map>(std::move(values))) {}
  Reported(std::initializer_list<Map::value_type> values) : Reported(Map(values)) {}

  /// nullptr: it was not reported. Until the next set().
  const std::string* find(const std::string& name) const {
    const auto found = values_->find(name);
    return found == values_->end() ? nullptr : &found->second;
  }
  void set(const std::string& name, std::string value) {
    if (const std::string* has = find(name); has != nullptr && *has == value) return;
    if (values_.use_count() != 1) values_ = std::make_shared<Map>(*values_);
    values_->insert_or_assign(name, std::move(value));
  }
  /// Whether they are equal. Those that are share one map from then on, whichever pair meets first: the next comparison is one of pointers.
  bool unify(Reported& other) {
    if (values_ == other.values_) return true;
    if (*values_ != *other.values_) return false;
    Reported& follows = std::less<>{}(values_.get(), other.values_.get()) ? other : *this;
    follows.values_ = &follows == this ? other.values_ : values_;
    return true;
  }
  Map::const_iterator begin() const { return values_->begin(); }
  Map::const_iterator end() const { return values_->end(); }
  friend bool operator==(const Reported& one, const Reported& other) { return one.values_ == other.values_ || *one.values_ == *other.values_; }

 private:
  std::shared_ptr<Map> values_;
};

}  // namespace crossfade::postgres
