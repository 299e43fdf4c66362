#pragma once
#include <cstddef>

namespace torg::matrix {

/// How the memory for what is not in use at the moment is shared out, in bytes. All of it can be loaded
/// again.
struct CacheBudget {
  std::size_t total = std::size_t{64} << 20;

  [[nodiscard]] std::size_t rooms() const { return total / 2; }
  [[nodiscard]] std::size_t user_rooms() const { return total / 8; }  ///< which rooms a user is in
  [[nodiscard]] std::size_t receipts() const { return total / 16; }
  [[nodiscard]] std::size_t sent() const { return total / 16; }    ///< what each session sent lately
  [[nodiscard]] std::size_t told() const { return total / 16; }    ///< members each session was told of
  [[nodiscard]] std::size_t orders() const { return total / 16; }  ///< a user's rooms in order, and marks
  [[nodiscard]] std::size_t connections() const { return total / 16; }  ///< of sliding syncs
  [[nodiscard]] std::size_t notifications() const { return total / 16; }
  [[nodiscard]] std::size_t push_rules() const { return total / 32; }
  [[nodiscard]] std::size_t room_ids() const { return total / 32; }
};

}  // namespace torg::matrix
