// What files are given of the slices above them.
#include "app/media_wiring.hpp"

#include "app/application.hpp"
#include "app/options.hpp"
#include "governance/zone.hpp"
#include "records/assessment/store.hpp"
#include "records/lift/links.hpp"

#include <algorithm>

namespace torg::app {
namespace {

std::uint64_t mebibytes(Config const& config, std::string_view key) {
  return static_cast<std::uint64_t>(config.number(key)) << 20;
}

}  // namespace

matrix::MediaOptions media_options(Config const& config) {
  auto const frozen = governance::parse_day(config.text("media.frozen_on"));
  return {.server_name = config.text("server_name"),
          .old_downloads = config.is_on("unauthenticated_media") ? matrix::OldDownloads::open
                                                                 : matrix::OldDownloads::closed,
          .frozen_at = frozen.transform([](auto day) { return governance::start_of(day); }),
          .max_upload = mebibytes(config, "media.max_upload_mib"),
          .user_quota = mebibytes(config, "media.quota_mib"),
          .authority_quota = mebibytes(config, "media.authority_quota_mib"),
          .limit_info_uri = limit_info_uri(config),
          .most_pending = config.number("media.pending_uploads")};
}

matrix::Scanner::Options scanner_options(Config const& config) {
  auto const where = config.text("media.clamd");
  matrix::Scanner::Options options{.good_for = std::chrono::days(config.number("media.clamd_good_for_days"))};
  // Checked when it was set.
  if (!where.empty()) options.clamd = matrix::parse_clamd_address(where).value();
  return options;
}

matrix::PreviewOptions preview_options(Config const& config) {
  using enum matrix::PreviewOptions::Use;
  return {.use = config.is_on("previews.enabled") ? on : off,
          .only_domains = config.list("previews.only_domains"),
          .never_domains = config.list("previews.never_domains")};
}

std::size_t picture_workers(Config const& config) {
  // One thread stays for passwords and files.
  return static_cast<std::size_t>(std::max<std::int64_t>(config.number("offload_threads") - 1, 1));
}

void Application::link_media() {
  media_.authority_of = [this](UserNid user) { return governance_.authority_or_none(user); };
  media_.is_kept_elsewhere = records::uses_blob;
  // What may be a record goes by disposal, or not at all; quarantine hides it from everybody.
  media_administration_.may_delete = [](db::Reader& reader, std::string_view mxc) -> Result<> {
    if (!records::assessment::shows_file(reader, mxc)) return {};
    return fail(
        ErrorCode::held,
        "A message that may be a public record shows this file. Quarantine it, or dispose of the message.");
  };
}

}  // namespace torg::app
