#pragma once
#include "app/config.hpp"
#include "matrix/media/media.hpp"

namespace torg::app {

/// What the configuration says about files.
[[nodiscard]] matrix::MediaOptions media_options(Config const& config);

}  // namespace torg::app
