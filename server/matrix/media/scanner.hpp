#pragma once
#include "matrix/media/clamd.hpp"
#include "matrix/media/media.hpp"
#include "runtime/single_flight.hpp"
#include "runtime/turns.hpp"

namespace torg::matrix {

/// Has files checked for viruses before they are given out, once, and keeps the verdict. On the executor.
class Scanner {
 public:
  struct Options {
    std::optional<ClamdAddress> clamd;  ///< none: nothing is checked
    /// After this a file in which nothing was found is checked again, by what is known then; 0: never.
    std::chrono::days good_for{30};
  };
  Scanner(Media& media, Options options)
      : media_(media),
        options_(std::move(options)),
        scanning_(media.runtime()),
        turns_(media.runtime(), kAtOnce, kMostWaiting) {}

  /// `forbidden` when something was found; `unavailable` when nobody can say: then the file isn't given out.
  Task<Result<>> check(MediaFile file);

 private:
  static constexpr std::size_t kAtOnce = 1;  ///< each holds a thread of the pool
  static constexpr std::size_t kMostWaiting = 200;

  Task<Result<std::string>> scan(db::BlobId blob);

  Media& media_;
  Options options_;
  SingleFlight<Result<std::string>> scanning_;
  Turns turns_;
};

}  // namespace torg::matrix
