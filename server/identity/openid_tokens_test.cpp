#include "identity/openid_tokens.hpp"

#include "runtime/real_runtime.hpp"

#include <gtest/gtest.h>

namespace torg::identity {
namespace {

constexpr UserNid kAnna{1}, kBo{2};

TEST(OpenIdTokens, SayWhoseTheyAre) {
  RealRuntime runtime(1);
  OpenIdTokens tokens(runtime);
  auto const token = tokens.make(kAnna);
  ASSERT_TRUE(token);
  EXPECT_EQ(tokens.owner(*token), kAnna);
  EXPECT_EQ(tokens.owner("toro_other"), std::nullopt);
}

TEST(OpenIdTokens, OfOnePersonPushOutNobodyElses) {
  RealRuntime runtime(1);
  OpenIdTokens tokens(runtime);
  auto const others = tokens.make(kBo);
  for (std::size_t i = 0; i < OpenIdTokens::kMostOfOne; ++i) ASSERT_TRUE(tokens.make(kAnna));
  EXPECT_EQ(tokens.make(kAnna).error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(tokens.owner(*others), kBo);
}

}  // namespace
}  // namespace torg::identity
