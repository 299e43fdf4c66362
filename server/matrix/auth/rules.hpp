#pragma once
// The parts of `authorise`, one per chapter of the rules; for this folder only.
#include "matrix/auth/auth.hpp"

namespace torg::matrix::rules {

/// What each rule looks at.
struct Question {
  Event const& event;
  json::object const& content;
  AuthState const& state;
};

[[nodiscard]] Result<> membership(Question const& question);              ///< step 5
[[nodiscard]] Result<> third_party_invitation(Question const& question);  ///< step 5.4.1
[[nodiscard]] Result<> power_levels_change(Question const& question);     ///< step 10

[[nodiscard]] inline std::unexpected<Error> reject(std::string sentence, std::string_view step) {
  return fail(ErrorCode::forbidden, std::move(sentence), "authorisation rule " + std::string(step));
}

}  // namespace torg::matrix::rules
