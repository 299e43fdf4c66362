#include "records/verify/file_check.hpp"

#include "base/encoding.hpp"
#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <new>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace torg::records {
namespace {

namespace fs = std::filesystem;
using verify_store::BlobUser;

// Large enough that reading costs nothing beside hashing, small enough to stay in a processor's cache.
constexpr std::size_t kChunk = 256 * 1024;
constexpr std::int64_t kPage = 1000;

/// Reads files one after another into one buffer.
class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free), chunk_(kChunk) {
    if (!context_) throw std::bad_alloc();
  }
  /// SHA-256 in hexadecimal, and how many bytes; none when it can't be read.
  std::optional<std::pair<std::string, std::int64_t>> hash(fs::path const& path) {
    auto const file = open_file(path, O_RDONLY | O_NOFOLLOW);
    if (!file || EVP_DigestInit_ex2(context_.get(), EVP_sha256(), nullptr) != 1) return std::nullopt;
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    std::int64_t size = 0;
    for (;;) {
      auto const got = ::read(file.get(), chunk_.data(), chunk_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return std::nullopt;
      if (got == 0) break;
      EVP_DigestUpdate(context_.get(), chunk_.data(), static_cast<std::size_t>(got));
      size += got;
    }
    std::array<char, 32> digest{};
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
    return std::pair{hex_encode({digest.data(), digest.size()}), size};
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  std::vector<char> chunk_;
};

fs::path place(fs::path const& root, std::string const& blob) {
  return blob.size() < 4 ? root / blob : root / blob.substr(0, 2) / blob.substr(2, 2) / blob;
}

std::vector<fs::path> sorted(fs::path const& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (auto const& entry : fs::directory_iterator(folder, error)) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

void find(VerifyReport& report, FindingKind kind, BlobUser const& user, std::string_view what) {
  auto const of = user.number.empty() ? fmt::format("the uploaded file {}", user.name)
                                      : fmt::format("record {}: the file {}", user.number, user.name);
  report.add({kind, std::nullopt, user.number, fmt::format("{} {}", of, what), std::nullopt, user.name});
}

/// Says of everybody who refers to a blob what happened to it.
void find_for_users(db::Reader& reader, VerifyReport& report, FindingKind kind, std::string const& blob,
                    std::string_view what) {
  auto users = verify_store::users_of(reader, blob);
  if (users.empty()) users.push_back({{}, blob + ", which nothing refers to,"});
  for (auto const& user : users) find(report, kind, user, what);
}

void hash_all(db::Reader& reader, VerifyReport& report, fs::path const& root) {
  Hasher hasher;
  for (auto const& upper : sorted(root)) {
    for (auto const& lower : sorted(upper)) {
      for (auto const& path : sorted(lower)) {
        auto const name = path.filename().string();
        auto const found = hasher.hash(path);
        if (!found) {
          find_for_users(reader, report, FindingKind::changed, name, "can't be read");
          continue;
        }
        ++report.directory->files;
        report.directory->bytes += found->second;
        if (found->first != name) find_for_users(reader, report, FindingKind::changed, name, "was changed");
      }
    }
  }
}

template <class ReadPage>
void find_missing(db::Reader& reader, VerifyReport& report, fs::path const& root, ReadPage read_page) {
  for (std::string after;;) {
    auto const page = read_page(reader, after, kPage);
    if (page.empty()) return;
    for (auto const& row : page) {
      std::error_code error;
      if (!fs::is_regular_file(place(root, row.blob), error))
        find_for_users(reader, report, FindingKind::missing, row.blob, "is missing");
    }
    after = page.back().blob;
  }
}

}  // namespace

void check_blobs(db::Reader& reader, VerifyReport& report, fs::path const& blobs) {
  hash_all(reader, report, blobs);
  find_missing(reader, report, blobs, verify_store::record_blobs);
  find_missing(reader, report, blobs, verify_store::media_blobs);
}

void check_blob(VerifyReport& report, fs::path const& blobs, std::string const& blob,
                std::string const& number, std::string const& name) {
  auto const found = Hasher().hash(place(blobs, blob));
  if (!found) return find(report, FindingKind::missing, {number, name}, "is missing");
  ++report.directory->files;
  report.directory->bytes += found->second;
  if (found->first != blob) find(report, FindingKind::changed, {number, name}, "was changed");
}

}  // namespace torg::records
