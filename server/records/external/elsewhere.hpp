#pragma once
#include <functional>
#include <string>

namespace torg::records {

/// Goes along with a lift whose number is given by a register outside Torg.
struct Elsewhere {
  std::string key;             ///< for the register: drawn once, durable with the lift
  std::function<void()> wake;  ///< after the commit, on the executor
};

}  // namespace torg::records
