#include "db/postgres/postgres_values.hpp"

#include "db/database.hpp"

#include <gtest/gtest.h>

namespace torg::db {
namespace {

constexpr PostgresType kNumeric = 1700;

std::string numeric(std::initializer_list<int> shorts) {
  std::string raw;
  for (auto const value : shorts) {
    raw += static_cast<char>(value >> 8);
    raw += static_cast<char>(value);
  }
  return raw;
}

TEST(PostgresValues, ReadWholeNumbersFromNumeric) {
  EXPECT_EQ(decode_integer(kNumeric, numeric({0, 0, 0, 0})), 0);
  EXPECT_EQ(decode_integer(kNumeric, numeric({2, 1, 0, 0, 12, 3456})), 123'456);
  EXPECT_EQ(decode_integer(kNumeric, numeric({1, 2, 0x4000, 0, 5})), -500'000'000);
}

TEST(PostgresValues, RefuseANumberBeyond64Bits) {
  EXPECT_THROW((void)decode_integer(kNumeric, numeric({1, 5, 0, 0, 1})), Failure);
}

TEST(PostgresValues, RefuseAValueThatIsTooShort) {
  EXPECT_THROW((void)decode_integer(20, "1234"), Failure);
  EXPECT_THROW((void)decode_integer(kNumeric, numeric({2, 1, 0, 0, 12})), Failure);
}

}  // namespace
}  // namespace torg::db
