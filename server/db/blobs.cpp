#include "db/blobs.hpp"

#include "base/encoding.hpp"
#include "base/file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace torg::db {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = 64 * 1024;

/// An error of the system as one of ours; reads `errno`.
std::unexpected<Error> fail_system(std::string_view what, fs::path const& path) {
  auto const reason = errno;
  auto detail = fmt::format("{} {}: {}", what, path.string(), std::strerror(reason));
  if (reason == ENOSPC || reason == EDQUOT)
    return fail(ErrorCode::storage_full, "The server's storage is full. Nothing was saved.",
                std::move(detail));
  if (reason == ENOENT) return fail(ErrorCode::not_found, "There is no such file.", std::move(detail));
  return fail(ErrorCode::unavailable, "The server's storage does not answer right now. Try again later.",
              std::move(detail));
}

/// SHA-256 of what comes piece by piece.
class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  BlobId finish() {
    std::array<char, 32> digest{};
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return {hex_encode({digest.data(), digest.size()})};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// An id comes from tables and from outside: only 64 lower-case digits may become a path.
bool is_valid(BlobId const& id) {
  return id.value.size() == 64 && id.value.find_first_not_of("0123456789abcdef") == std::string::npos;
}

fs::path place(fs::path const& root, BlobId const& id) {
  return root / id.value.substr(0, 2) / id.value.substr(2, 2) / id.value;
}

/// Makes the two levels of folders above `file`.
Result<> make_folders(fs::path const& file) {
  for (auto const& folder : {file.parent_path().parent_path(), file.parent_path()})
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
      return fail_system("cannot make folder", folder);
  return {};
}

/// Every level each time: another thread may have made a folder and not have synced its name yet.
Result<> sync_names(fs::path const& file) {
  auto folder = file.parent_path();
  for (int level = 0; level < 3; ++level, folder = folder.parent_path())
    if (!sync_folder(folder)) return fail_system("cannot sync folder", folder);
  return {};
}

bool is_stored(fs::path const& path, std::uint64_t size) {
  struct stat status{};
  return ::stat(path.c_str(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size;
}

/// Moves a complete, synced file to its place.
Result<Blobs::Stored> move_into_place(fs::path const& from, fs::path const& root, Blobs::Stored stored) {
  auto const to = place(root, stored.id);
  if (auto made = make_folders(to); !made) return fail(std::move(made));
  if (is_stored(to, stored.size)) {
    ::unlink(from.c_str());
  } else if (::rename(from.c_str(), to.c_str()) != 0) {
    return fail_system("cannot rename to", to);
  }
  if (auto synced = sync_names(to); !synced) return fail(std::move(synced));
  return stored;
}

/// Two callers may store the same bytes at once: each takes the first name that is free.
std::pair<Descriptor, fs::path> create_temporary(fs::path const& folder, BlobId const& id) {
  for (int attempt = 0;; ++attempt) {
    auto path = folder / fmt::format("{}.{}", id.value, attempt);
    auto file = open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (file || errno != EEXIST) return {std::move(file), std::move(path)};
  }
}

}  // namespace

Blobs::Blobs(fs::path root, fs::path temporary) : root_(std::move(root)), temporary_(std::move(temporary)) {}

Result<Blobs::Stored> Blobs::put(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  Stored stored{digest.finish(), bytes.size()};
  if (auto const present = place(root_, stored.id); is_stored(present, stored.size)) {
    if (auto synced = sync_names(present); !synced) return fail(std::move(synced));
    return stored;
  }
  auto const [file, path] = create_temporary(temporary_, stored.id);
  if (!file) return fail_system("cannot create", path);
  Result<> written;
  if (!write_all(file.get(), bytes))
    written = fail_system("cannot write", path);
  else if (::fsync(file.get()) != 0)
    written = fail_system("cannot sync", path);
  if (!written) {
    ::unlink(path.c_str());
    return fail(std::move(written));
  }
  return move_into_place(path, root_, std::move(stored));
}

Result<Blobs::Stored> Blobs::adopt(fs::path const& path) {
  if (path.lexically_normal().parent_path() != temporary_.lexically_normal())
    return fail(ErrorCode::internal, "Something went wrong on the server.",
                path.string() + " is not a temporary file");
  auto const file = open_file(path, O_RDONLY | O_NOFOLLOW);
  if (!file) return fail_system("cannot open", path);
  Digest digest;
  Stored stored;
  std::vector<char> chunk(kChunk);
  for (;;) {
    auto const got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_system("cannot read", path);
    if (got == 0) break;
    digest.add({chunk.data(), static_cast<std::size_t>(got)});
    stored.size += static_cast<std::uint64_t>(got);
  }
  stored.id = digest.finish();
  if (::fsync(file.get()) != 0) return fail_system("cannot sync", path);
  return move_into_place(path, root_, std::move(stored));
}

Result<std::string> Blobs::read(BlobId const& id, std::uint64_t limit) const {
  auto const found = path(id);
  if (!found) return std::unexpected(found.error());
  auto const file = open_file(*found, O_RDONLY | O_NOFOLLOW);
  struct stat status{};
  if (!file || ::fstat(file.get(), &status) != 0) return fail_system("cannot open", *found);
  auto const size = static_cast<std::uint64_t>(status.st_size);
  if (size > limit)
    return fail(ErrorCode::too_large, "The file is too large.", fmt::format("{} bytes", size));
  std::string bytes(size, '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    auto const got = ::read(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_system("cannot read", *found);
    if (got == 0)
      return fail(ErrorCode::internal, "The file is damaged.", found->string() + " shrank while it was read");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Result<fs::path> Blobs::path(BlobId const& id) const {
  if (!is_valid(id)) return fail(ErrorCode::invalid_param, "That is not the name of a file.", "bad blob id");
  auto found = place(root_, id);
  struct stat status{};
  if (::lstat(found.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(ErrorCode::not_found, "There is no such file.", "no blob " + id.value);
  return found;
}

Result<> Blobs::remove(BlobId const& id) {
  auto const found = path(id);
  if (!found) return found.error().code == ErrorCode::not_found ? Result<>{} : std::unexpected(found.error());
  if (::unlink(found->c_str()) != 0 && errno != ENOENT) return fail_system("cannot remove", *found);
  if (!sync_folder(found->parent_path())) return fail_system("cannot sync folder", found->parent_path());
  return {};
}

}  // namespace torg::db
