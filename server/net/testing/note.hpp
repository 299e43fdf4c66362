#pragma once
// What tests asked for, written down: tests/conformance tells from it which test proves which operation.
#include "net/http.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace torg::net {

/// Appends a line with the running test, method, target and status to the file that TORG_TEST_REQUESTS names;
/// does nothing without that variable.
inline void note_request(Method method, std::string_view target, unsigned status) {
  auto const* const file = std::getenv("TORG_TEST_REQUESTS");
  auto const* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  if (file == nullptr || test == nullptr) return;
  std::ofstream(file, std::ios::app) << test->test_suite_name() << '.' << test->name() << '\t'
                                     << to_text(method) << '\t' << target << '\t' << status << '\n';
}

}  // namespace torg::net
