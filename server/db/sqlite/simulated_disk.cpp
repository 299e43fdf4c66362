// What a crash may do to a file is what SQLite takes a disk to be capable of, and no more: a write that no
// sync has covered survives or not, independently of the others and of their order, or only some of its
// 512-byte sectors do; bytes beside a write are never harmed; what a sync covered stays.
#include "db/sqlite/simulated_disk.hpp"

#include <algorithm>
#include <set>

namespace torg::db {
namespace {

constexpr std::uint64_t kSector = 512;

void apply(std::string& image, std::uint64_t offset, std::string_view bytes) {
  image.resize(std::max<std::size_t>(image.size(), offset + bytes.size()));
  image.replace(offset, bytes.size(), bytes);
}

}  // namespace

SimulatedDisk::SimulatedDisk(std::uint64_t seed, Image const& image) : random_(seed) {
  for (auto const& [path, bytes] : image) {
    auto file = create(path);
    file->durable_ = file->seen_ = bytes;
  }
  sync_names();
}

bool SimulatedDisk::happens(double probability) {
  if (probability <= 0) return false;  // no draw: a run without faults does not depend on them
  return static_cast<double>(random_() >> 11) * 0x1.0p-53 < probability;
}

std::uint64_t SimulatedDisk::used() const {
  std::uint64_t sum = 0;
  for (auto const& [path, file] : names_) sum += file->seen_.size();
  return sum;
}

SimulatedDisk::Image SimulatedDisk::image() const {
  Image image;
  for (auto const& [path, file] : names_) image.emplace(path, file->seen_);
  return image;
}

SimulatedDisk::FilePtr SimulatedDisk::find(std::string const& path) const {
  auto const it = names_.find(path);
  return it == names_.end() ? nullptr : it->second;
}

SimulatedDisk::FilePtr SimulatedDisk::create(std::string const& path) {
  return names_.insert_or_assign(path, std::make_shared<File>()).first->second;
}

SimulatedDisk::Status SimulatedDisk::begin_change() {
  if (!down_ && changes_left_ && --*changes_left_ == 0) crash();
  return down_ ? Status::down : Status::ok;
}

SimulatedDisk::Status SimulatedDisk::read(File const& file, std::uint64_t offset, std::size_t size,
                                          std::string_view& out) {
  if (down_) return Status::down;
  if (happens(faults_.read_errors)) return Status::failed;
  out = offset < file.seen_.size() ? std::string_view(file.seen_).substr(offset, size) : std::string_view();
  return Status::ok;
}

SimulatedDisk::Status SimulatedDisk::write(File& file, std::uint64_t offset, std::string_view bytes) {
  if (auto const status = begin_change(); status != Status::ok) return status;
  if (happens(faults_.write_errors)) return Status::failed;
  auto const end = offset + bytes.size();
  auto const grows = end > file.seen_.size() ? end - file.seen_.size() : 0;
  if (faults_.capacity && grows > 0 && used() + grows > *faults_.capacity) return Status::full;
  apply(file.seen_, offset, bytes);
  if (!bytes.empty()) file.unsynced_.push_back({offset, std::string(bytes)});
  return Status::ok;
}

SimulatedDisk::Status SimulatedDisk::truncate(File& file, std::uint64_t size) {
  if (auto const status = begin_change(); status != Status::ok) return status;
  if (happens(faults_.write_errors)) return Status::failed;
  file.seen_.resize(size);
  file.unsynced_.push_back({size, {}});
  return Status::ok;
}

SimulatedDisk::Status SimulatedDisk::sync(File& file) {
  if (auto const status = begin_change(); status != Status::ok) return status;
  if (happens(faults_.sync_errors)) {
    settle(file, 0.5);
    return Status::failed;
  }
  if (faults_.late_syncs)
    sync_late(file);
  else
    settle(file, 1);
  return Status::ok;
}

/// Writes what the file's last sync should have written.
void SimulatedDisk::sync_late(File& file) {
  auto const end = file.unsynced_.begin() + static_cast<std::ptrdiff_t>(file.promised_);
  std::vector<File::Change> rest(end, file.unsynced_.end());
  file.unsynced_.erase(end, file.unsynced_.end());
  settle(file, 1);
  file.promised_ = rest.size();
  file.unsynced_ = std::move(rest);
}

SimulatedDisk::Status SimulatedDisk::remove(std::string const& path) {
  if (auto const status = begin_change(); status != Status::ok) return status;
  names_.erase(path);
  return Status::ok;
}

void SimulatedDisk::apply_torn(std::string& image, File::Change const& change) {
  std::string_view bytes = change.bytes;
  for (auto offset = change.offset; !bytes.empty();) {
    auto const piece = bytes.substr(0, kSector - offset % kSector);
    if (happens(0.5)) apply(image, offset, piece);
    offset += piece.size();
    bytes.remove_prefix(piece.size());
  }
}

/// Writes each change that no sync has covered with probability `kept`, and forgets them all.
void SimulatedDisk::settle(File& file, double kept) {
  for (auto const& change : file.unsynced_) {
    if (kept < 1 && !happens(kept)) continue;
    if (change.bytes.empty())
      file.durable_.resize(change.offset);
    else if (kept < 1 && happens(0.2))
      apply_torn(file.durable_, change);
    else
      apply(file.durable_, change.offset, change.bytes);
  }
  file.unsynced_.clear();
}

void SimulatedDisk::crash() {
  if (down_) return;
  down_ = true;
  changes_left_.reset();
  // Mostly half of the writes; now and then all or none, which is how many a real crash ends.
  constexpr double kKept[] = {0, 1, 0.5, 0.5, 0.5, 0.5, 0.1, 0.9};
  auto const kept = kKept[random_() % std::size(kKept)];
  std::set<std::string> paths;
  for (auto const& [path, file] : names_) paths.insert(path);
  for (auto const& [path, file] : durable_names_) paths.insert(path);
  Names survivors;
  for (auto const& path : paths) {
    auto const now = names_.find(path);
    auto const before = durable_names_.find(path);
    auto const file_now = now == names_.end() ? nullptr : now->second;
    auto const file_before = before == durable_names_.end() ? nullptr : before->second;
    auto const file = file_now != file_before && happens(0.5) ? file_before : file_now;
    if (file) survivors.emplace(path, file);
  }
  for (auto& [path, file] : survivors) {
    settle(*file, kept);
    // Whoever still has the old file open must not see into the next boot.
    auto fresh = std::make_shared<File>();
    fresh->durable_ = fresh->seen_ = file->durable_;
    file = std::move(fresh);
  }
  names_ = survivors;
  sync_names();
}

void SimulatedDisk::reboot() {
  if (!down_) crash();
  down_ = false;
  ++boot_;
}

}  // namespace torg::db
