#pragma once
#include "app/application.hpp"

namespace torg::app {

/// The password of everyone in the demo organisation.
inline constexpr std::string_view kDemoPassword = "torg-demo";

/// Creates *Älvhamns kommun*: three boards, people of every role, rooms within and between boards with plans
/// in force, a living conversation and registered cases. `conflict` when the organisation is there already.
Task<Result<>> create_demo(Application& application);

}  // namespace torg::app
