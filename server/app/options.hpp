#pragma once
#include "app/config.hpp"
#include "identity/types.hpp"
#include "matrix/push/letters.hpp"

namespace torg::app {

/// It makes rooms from plans and speaks for the register; nobody can sign in as it.
inline constexpr std::string_view kServiceUser = "torg";

/// What the configuration says about accounts.
[[nodiscard]] identity::Options identity_options(Config const& config,
                                                 std::shared_ptr<matrix::Registrations const> services);
/// Where people whom a limit stops learn more; empty: nowhere.
[[nodiscard]] std::string limit_info_uri(Config const& config);
/// About letters that tell what is unread.
[[nodiscard]] matrix::LetterSettings letter_settings(Config const& config);

}  // namespace torg::app
