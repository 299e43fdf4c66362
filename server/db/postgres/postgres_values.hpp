#pragma once
#include "db/statement.hpp"

#include <vector>

namespace torg::db {

using PostgresType = unsigned int;  ///< an OID
inline constexpr int kBinary = 1;   ///< libpq's number for the binary format

/// What type a bound value has for PostgreSQL; 0 for NULL: it takes the type its place asks for.
[[nodiscard]] PostgresType type_of(Value const& value);

/// An integer in PostgreSQL's binary form. Throws `Failure` for a column that is no whole number.
[[nodiscard]] std::int64_t decode_integer(PostgresType type, std::string_view raw);
/// Throws `Failure` unless a column of that type is text or bytes, whose binary form is the value itself.
void check_textual(PostgresType type);

/// Bound values in binary form, as libpq takes them. The values must outlive it.
class BoundValues {
 public:
  explicit BoundValues(std::span<Value const> values);
  [[nodiscard]] int count() const { return static_cast<int>(pointers_.size()); }
  [[nodiscard]] char const* const* pointers() const { return pointers_.data(); }
  [[nodiscard]] int const* lengths() const { return lengths_.data(); }
  [[nodiscard]] int const* formats() const { return formats_.data(); }

 private:
  std::vector<std::int64_t> integers_;  ///< big-endian
  std::vector<char const*> pointers_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace torg::db
