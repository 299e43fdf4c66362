#pragma once
#include "base/json.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace torg::records {

/// A file of `tests/data` as it is.
inline std::string read_test_text(std::string const& name) {
  std::ifstream in(std::string(TORG_TEST_DATA) + "/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file of `tests/data`, parsed.
inline json::value read_test_data(std::string const& name) {
  auto parsed = parse_json(read_test_text(name));
  if (!parsed) throw std::runtime_error("tests/data/" + name + " can't be read: " + parsed.error().message);
  return std::move(*parsed);
}

}  // namespace torg::records
