// How a signing key gets on the disk: written whole beside its place, then linked into it, so that a crash
// leaves either no key or the complete one and never replaces a key that is already there.
#include "base/encoding.hpp"
#include "base/file.hpp"
#include "crypto/keys.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

namespace torg::crypto {
namespace {

constexpr std::size_t kMaxKeyFile = 256;

std::unexpected<Error> failed(std::string_view what, std::filesystem::path const& path) {
  return fail(ErrorCode::internal, "The signing key could not be opened.",
              std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

Result<SigningKey> read_key(Descriptor const& file, std::filesystem::path const& path) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return failed("stat", path);
  if ((status.st_mode & 077) != 0) {
    return fail(ErrorCode::internal, "The signing key may be read by others: set its mode to 0600.",
                path.string());
  }
  std::string text(kMaxKeyFile, '\0');
  auto const size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return failed("read", path);
  text.resize(static_cast<std::size_t>(size));
  while (text.ends_with('\n')) text.pop_back();
  auto seed = base64_decode(text, Base64::standard);
  sodium_memzero(text.data(), text.size());
  if (!seed || seed->size() != crypto_sign_SEEDBYTES) {
    return fail(ErrorCode::internal, "The signing key is damaged.", path.string());
  }
  auto const* bytes = reinterpret_cast<unsigned char const*>(seed->data());
  auto key = SigningKey::from_seed(
      std::span<unsigned char const, crypto_sign_SEEDBYTES>(bytes, crypto_sign_SEEDBYTES));
  sodium_memzero(seed->data(), seed->size());
  return key;
}

Result<> write_key(std::filesystem::path const& path, std::span<unsigned char const, 32> seed) {
  auto unfinished = path;
  unfinished += ".new";
  ::unlink(unfinished.c_str());  // left by a crash before the link: it was never used
  std::string text =
      base64_encode({reinterpret_cast<char const*>(seed.data()), seed.size()}, Base64::standard) + "\n";
  {
    auto const file = open_file(unfinished, O_WRONLY | O_CREAT | O_EXCL);
    if (!file) return failed("create", unfinished);
    bool const written = write_all(file.get(), text) && ::fsync(file.get()) == 0;
    sodium_memzero(text.data(), text.size());
    if (!written) return failed("write", unfinished);
  }
  // Somebody else may have been faster: their key counts.
  if (::link(unfinished.c_str(), path.c_str()) != 0 && errno != EEXIST) return failed("link", path);
  ::unlink(unfinished.c_str());
  auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!sync_folder(folder)) return failed("sync", folder);
  return {};
}

}  // namespace

Result<SigningKey> SigningKey::load(std::filesystem::path const& path) {
  auto const file = open_file(path, O_RDONLY);
  if (!file) return failed("open", path);
  return read_key(file, path);
}

Result<SigningKey> SigningKey::load_or_create(std::filesystem::path const& path,
                                              std::span<unsigned char const, 32> seed) {
  {
    auto const existing = open_file(path, O_RDONLY);
    if (existing) return read_key(existing, path);
    if (errno != ENOENT) return failed("open", path);
  }
  if (auto written = write_key(path, seed); !written) return fail(std::move(written));
  return load(path);
}

}  // namespace torg::crypto
