#pragma once
#include "app/config.hpp"
#include "matrix/media/preview/previews.hpp"
#include "matrix/media/scanner.hpp"

namespace torg::app {

/// What the configuration says about files.
[[nodiscard]] matrix::MediaOptions media_options(Config const& config);

[[nodiscard]] matrix::Scanner::Options scanner_options(Config const& config);
[[nodiscard]] matrix::PreviewOptions preview_options(Config const& config);
/// How many pictures are read at a time: each holds a thread of the pool while its process runs.
[[nodiscard]] std::size_t picture_workers(Config const& config);

}  // namespace torg::app
