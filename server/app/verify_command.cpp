// `torg verify`: files, or a whole data directory that no server runs on.
#include "app/commands.hpp"
#include "app/data_directory.hpp"
#include "app/opened.hpp"
#include "base/file.hpp"
#include "crypto/keys.hpp"
#include "db/snapshot.hpp"
#include "records/log/kept_head.hpp"
#include "records/verify/directory.hpp"

#include <fmt/format.h>

namespace torg::app {
namespace {

constexpr int kUnreadable = 2;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;  ///< of a file with a whole register

/// What one of the command's files says; nothing when it wasn't named.
Result<std::optional<std::string>> read_named(std::string const& path) {
  if (path.empty()) return std::nullopt;
  return read_file(path, kMostBytes);
}

Result<records::VerifyRequest> read_request(VerifyFiles const& files) {
  records::VerifyRequest request;
  for (auto const& [path, text] : {std::pair{&files.proof, &request.proof},
                                   {&files.register_lines, &request.register_lines},
                                   {&files.head, &request.earlier_head},
                                   {&files.consistency, &request.consistency}}) {
    auto read = read_named(*path);
    if (!read) return std::unexpected(read.error());
    *text = std::move(*read);
  }
  if (!files.key.empty()) request.key = files.key;
  return request;
}

int answer(Result<records::VerifyReport> const& report, Output output) {
  if (!report) {
    (void)complain(report.error());
    return kUnreadable;
  }
  if (output == Output::json)
    fmt::print("{}\n", json::serialize(records::to_json(*report)));
  else
    fmt::print("{}\n", records::human_text(*report));
  return report->holds() ? 0 : 1;
}

Result<std::unique_ptr<db::Snapshot>> open_snapshot(DataDirectory const& data, Config const& config) {
  auto const url = config.text("database");
  return url.empty() ? db::open_sqlite_snapshot(data.database()) : db::open_postgresql_snapshot(url);
}

/// The key's public half; none in a copy without keys.
Result<std::optional<crypto::PublicKey>> public_key(DataDirectory const& data) {
  auto const path = data.keys() / "log.key";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  auto const key = crypto::SigningKey::load(path);
  if (!key) return std::unexpected(key.error());
  return key->public_key();
}

Result<> add_kept(records::DirectoryRequest& request, std::filesystem::path const& path, std::string name) {
  auto const head = records::KeptHead(path).read();
  if (!head) return std::unexpected(head.error());
  if (*head) request.kept.push_back({std::move(name), **head});
  return {};
}

Result<records::DirectoryRequest> read_directory_request(DataDirectory const& data, VerifyFiles const& files,
                                                         Config const& config) {
  records::DirectoryRequest request{.blobs = data.blobs(),
                                    .log = config.text("server_name"),
                                    .timestamp_roots = config.text("timestamp_roots")};
  auto const key = public_key(data);
  if (!key) return std::unexpected(key.error());
  request.key = *key;
  if (!files.key.empty()) {
    auto const known = records::parse_hash(files.key);
    if (!known) return fail(ErrorCode::invalid_param, "--key is no public key in base64.");
    request.known = *known;
  }
  if (auto added = add_kept(request, data.keys() / "log.head", "keys/log.head"); !added)
    return std::unexpected(added.error());
  if (!files.head.empty()) {
    if (auto added = add_kept(request, files.head, files.head); !added) return std::unexpected(added.error());
  }
  return request;
}

/// A database so broken that it can't be read as one is itself the finding.
Result<records::VerifyReport> look(db::Reader& reader, records::DirectoryRequest const& request,
                                   std::string const& number) {
  try {
    if (number.empty()) return records::verify_directory(reader, request);
    return records::verify_record(reader, request, number);
  } catch (std::exception const& failure) {
    return fail(ErrorCode::internal, "The database can't be read.", failure.what());
  }
}

Result<records::VerifyReport> verified(VerifyFiles const& files, Config const& config) {
  auto const data = DataDirectory::open_to_read(files.data);
  if (!data) return std::unexpected(data.error());
  auto const request = read_directory_request(*data, files, config);
  if (!request) return std::unexpected(request.error());
  auto const snapshot = open_snapshot(*data, config);
  if (!snapshot) return std::unexpected(snapshot.error());
  return look((*snapshot)->reader(), *request, files.record);
}

}  // namespace

int verify(VerifyFiles const& files, Output output) {
  auto const request = read_request(files);
  return answer(request ? records::verify(*request) : std::unexpected(request.error()), output);
}

int verify_data(VerifyFiles const& files, Config const& config, Output output) {
  return answer(verified(files, config), output);
}

}  // namespace torg::app
