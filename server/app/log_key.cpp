#include "app/log_key.hpp"

#include "base/file.hpp"
#include "records/log/key_chain.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace torg::app {
namespace {

namespace fs = std::filesystem;

std::array<unsigned char, 32> draw_seed(Runtime& runtime) {
  std::array<unsigned char, 32> seed{};
  runtime.fill_random(seed);
  return seed;
}

fs::path next_path(fs::path const& keys) { return keys / "log.key.next"; }

std::unexpected<Error> failed(fs::path const& path) {
  return fail(ErrorCode::internal, "The log's new key could not be put in place.",
              path.string() + ": " + std::strerror(errno));
}

Result<> finish(db::Database& database, fs::path const& keys) {
  std::error_code error;
  if (!fs::exists(next_path(keys), error)) return {};
  auto const next = crypto::SigningKey::load(next_path(keys));
  if (!next) return std::unexpected(next.error());
  Result<std::vector<records::KeyChange>> changes;
  database.read_now([&](db::Reader& reader) { changes = records::read_key_changes(reader); });
  if (!changes) return std::unexpected(changes.error());
  if (!changes->empty() && changes->back().key == next->public_key()) return use_next_log_key(keys);
  if (::unlink(next_path(keys).c_str()) != 0) return failed(next_path(keys));  // it never came to be used
  return {};
}

}  // namespace

Result<crypto::SigningKey> log_key(Runtime& runtime, db::Database& database, fs::path const& keys) {
  if (auto done = finish(database, keys); !done) return std::unexpected(done.error());
  return crypto::SigningKey::load_or_create(keys / "log.key", draw_seed(runtime));
}

Result<crypto::SigningKey> next_log_key(Runtime& runtime, fs::path const& keys) {
  return crypto::SigningKey::load_or_create(next_path(keys), draw_seed(runtime));
}

Result<> use_next_log_key(fs::path const& keys) {
  if (::rename(next_path(keys).c_str(), (keys / "log.key").c_str()) != 0) return failed(next_path(keys));
  if (!sync_folder(keys)) return failed(keys);
  return {};
}

}  // namespace torg::app
