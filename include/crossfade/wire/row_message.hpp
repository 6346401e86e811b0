#pragma once

#include <cstddef>
#include <string>

namespace crossfade::wire {

/// Appends one DataRow, field by field, and patches its length when it dies. Only one at a time on one buffer.
class RowMessage {
 public:
  RowMessage(std::string& out, std::size_t fields);
  ~RowMessage();
  RowMessage(const RowMessage&) = delete;
  RowMessage& operator=(const RowMessage&) = delete;

  void null();
  /// What is appended to the buffer while it lives is the field's value.
  class Field {
   public:
    explicit Field(RowMessage& row);
    ~Field();
    Field(const Field&) = delete;
    Field& operator=(const Field&) = delete;

   private:
    std::string& out_;
    std::size_t start_;
  };

 private:
  std::string& out_;
  std::size_t start_;
};

}  // namespace crossfade::wire
