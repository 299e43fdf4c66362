#include "db/postgres/postgres_values.hpp"

#include "db/database.hpp"

#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace torg::db {
namespace {

// catalog/pg_type.dat
constexpr PostgresType kBool = 16;
constexpr PostgresType kBytea = 17;
constexpr PostgresType kName = 19;
constexpr PostgresType kInt8 = 20;
constexpr PostgresType kInt2 = 21;
constexpr PostgresType kInt4 = 23;
constexpr PostgresType kText = 25;
constexpr PostgresType kUnknown = 705;
constexpr PostgresType kVarchar = 1043;
constexpr PostgresType kNumeric = 1700;

template <class T>
T big_endian(std::string_view raw, std::size_t at = 0) {
  T value;
  if (raw.size() < at + sizeof value)
    throw Failure(ErrorCode::internal, "PostgreSQL sent a value that is too short");
  std::memcpy(&value, raw.data() + at, sizeof value);
  return std::byteswap(value);
}

/// A NUMERIC that is a whole number, as `sum` over BIGINT gives it: a header of four 16-bit numbers (how many
/// digits, weight of the first, sign, scale), then digits in base 10,000.
std::int64_t decode_numeric(std::string_view raw) {
  auto const digits = big_endian<std::int16_t>(raw, 0);
  auto const weight = big_endian<std::int16_t>(raw, 2);
  auto const negative = big_endian<std::uint16_t>(raw, 4) == 0x4000;
  __int128 value = 0;
  for (int i = 0; i <= weight; ++i) {
    value = value * 10'000 +
            (i < digits ? big_endian<std::int16_t>(raw, 8 + 2 * static_cast<std::size_t>(i)) : 0);
    if (value > (static_cast<__int128>(1) << 64)) break;
  }
  if (value > INT64_MAX) throw Failure(ErrorCode::internal, "PostgreSQL sent a number beyond 64 bits");
  return static_cast<std::int64_t>(negative ? -value : value);
}

}  // namespace

PostgresType type_of(Value const& value) {
  switch (value.kind()) {
    case Value::Kind::null:
      return 0;
    case Value::Kind::integer:
      return kInt8;
    case Value::Kind::text:
      return kText;
    case Value::Kind::bytes:
      return kBytea;
  }
  std::unreachable();
}

std::int64_t decode_integer(PostgresType type, std::string_view raw) {
  switch (type) {
    case kInt8:
      return big_endian<std::int64_t>(raw);
    case kInt4:
      return big_endian<std::int32_t>(raw);
    case kInt2:
      return big_endian<std::int16_t>(raw);
    case kBool:
      return !raw.empty() && raw[0] != 0;
    case kNumeric:
      return decode_numeric(raw);
    default:
      throw Failure(ErrorCode::internal, fmt::format("a column of type {} was read as an integer", type));
  }
}

void check_textual(PostgresType type) {
  switch (type) {
    case kText:
    case kBytea:
    case kVarchar:
    case kName:
    case kUnknown:
      return;
    default:
      throw Failure(ErrorCode::internal, fmt::format("a column of type {} was read as text", type));
  }
}

BoundValues::BoundValues(std::span<Value const> values) : formats_(values.size(), kBinary) {
  integers_.reserve(values.size());  // its elements are pointed at
  for (auto const& value : values) {
    auto const& integer = integers_.emplace_back(std::byteswap(value.integer()));
    switch (value.kind()) {
      case Value::Kind::null:
        pointers_.push_back(nullptr);
        break;
      case Value::Kind::integer:
        pointers_.push_back(reinterpret_cast<char const*>(&integer));
        break;
      default:
        pointers_.push_back(value.text().data() ? value.text().data() : "");
    }
    lengths_.push_back(value.kind() == Value::Kind::integer ? 8 : static_cast<int>(value.text().size()));
  }
}

}  // namespace torg::db
