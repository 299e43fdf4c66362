#include "matrix/media/scanner.hpp"

#include "base/log.hpp"
#include "matrix/media/store.hpp"

namespace torg::matrix {
namespace {

Result<> allowed(std::string const& finding) {
  if (finding.empty()) return {};
  return fail(ErrorCode::forbidden, "This file is not given out: a virus was found in it (" + finding + ").");
}

}  // namespace

Task<Result<>> Scanner::check(MediaFile file) {
  if (!options_.clamd) co_return Result<>{};
  auto const known = co_await media_.database().read(
      [&file](db::Reader& reader) { return media_store::verdict(reader, file.blob); });
  if (!known) co_return std::unexpected(known.error());
  auto const& verdict = *known;
  bool const is_old = options_.good_for.count() > 0 && verdict && verdict->finding.empty() &&
                      media_.runtime().now() - verdict->at > options_.good_for;
  if (verdict && !is_old) co_return allowed(verdict->finding);
  auto const finding =
      co_await scanning_.run(file.blob.value, [this, blob = file.blob] { return scan(blob); });
  if (!finding) co_return std::unexpected(finding.error());
  co_return allowed(*finding);
}

Task<Result<std::string>> Scanner::scan(db::BlobId blob) {
  auto const path = media_.path(blob);
  if (!path) co_return std::unexpected(path.error());
  auto const turn = co_await turns_.take();
  if (!turn) co_return std::unexpected(turn.error());
  auto finding = co_await run_offloaded(
      media_.runtime(), [clamd = *options_.clamd, path = *path] { return scan_with_clamd(clamd, path); });
  if (!finding) {
    log(LogLevel::warning, "a file could not be checked for viruses", {{"detail", finding.error().detail}});
    co_return finding;
  }
  if (!finding->empty()) log(LogLevel::warning, "a virus was found in a file", {{"finding", *finding}});
  media_store::Verdict const verdict{*finding, media_.runtime().now()};
  auto const kept =
      co_await media_.database().write([blob, verdict](db::Transaction& transaction) -> Result<> {
        media_store::put_verdict(transaction, blob, verdict);
        return {};
      });
  if (!kept) co_return std::unexpected(kept.error());
  co_return finding;
}

}  // namespace torg::matrix
