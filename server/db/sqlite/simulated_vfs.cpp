// SQLite's file methods on a SimulatedDisk.
// @see https://www.sqlite.org/c3ref/vfs.html, https://www.sqlite.org/c3ref/io_methods.html
#include "db/sqlite/simulated_vfs.hpp"

#include "db/sqlite/simulated_locks.hpp"

#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace torg::db {
namespace {

using Status = SimulatedDisk::Status;

constexpr int kMaxPath = 512;
constexpr std::int64_t kDefaultNow = 1'735'732'800'000;  ///< 2025-01-01T12:00:00Z
constexpr std::int64_t kJulianDayOfEpochMs =
    210'866'760'000'000;  ///< SQLite counts from noon, 24 November 4714 BC

}  // namespace

struct SimulatedVfs::Impl {
  Impl(std::string n, std::uint64_t seed, SimulatedDisk::Image const& image,
       std::function<std::int64_t()> clock)
      : name(std::move(n)), disk(seed, image), now(std::move(clock)) {}

  std::string name;
  SimulatedDisk disk;
  std::function<std::int64_t()> now;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<SimulatedLocks>> locks;  ///< by path; a fresh set each boot
  unsigned locks_boot = 0;
  sqlite3_vfs vfs{};
  bool is_default = false;
};

namespace {

/// What SQLite holds for an open file. SQLite gives the memory.
struct OpenFile : sqlite3_file {
  SimulatedVfs::Impl* world;
  SimulatedDisk::FilePtr file;
  std::shared_ptr<SimulatedLocks> locks;
  std::string temporary_name;
  unsigned boot;
  bool names_need_sync;  ///< SQLite counts on the folder being synced with the first sync of a journal or log
};

/// Whose file it is, locked; `alive` unless the computer has crashed since it was opened.
struct Access {
  explicit Access(sqlite3_file* f)
      : open(*static_cast<OpenFile*>(f)), world(*open.world), disk(world.disk), lock(world.mutex) {}
  bool alive() const { return !disk.is_down() && open.boot == disk.boot(); }

  OpenFile& open;
  SimulatedVfs::Impl& world;
  SimulatedDisk& disk;
  std::lock_guard<std::mutex> lock;
};

SimulatedVfs::Impl& world_of(sqlite3_vfs* vfs) { return *static_cast<SimulatedVfs::Impl*>(vfs->pAppData); }

int to_code(Status status, int failed) {
  switch (status) {
    case Status::ok:
      return SQLITE_OK;
    case Status::full:
      return SQLITE_FULL;
    default:
      return failed;
  }
}

int close_file(sqlite3_file* f) {
  {
    Access const access(f);
    access.open.locks->forget(f);
    if (!access.open.temporary_name.empty() && access.alive())
      (void)access.disk.remove(access.open.temporary_name);
  }
  static_cast<OpenFile*>(f)->~OpenFile();
  return SQLITE_OK;
}

int read_file(sqlite3_file* f, void* out, int size, sqlite3_int64 offset) {
  Access const access(f);
  std::string_view bytes;
  auto const wanted = static_cast<std::size_t>(size);
  if (!access.alive() ||
      access.disk.read(*access.open.file, static_cast<std::uint64_t>(offset), wanted, bytes) != Status::ok)
    return SQLITE_IOERR_READ;
  bytes.copy(static_cast<char*>(out), bytes.size());
  if (bytes.size() == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + bytes.size(), 0, wanted - bytes.size());
  return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* f, void const* bytes, int size, sqlite3_int64 offset) {
  Access const access(f);
  if (!access.alive()) return SQLITE_IOERR_WRITE;
  return to_code(access.disk.write(*access.open.file, static_cast<std::uint64_t>(offset),
                                   {static_cast<char const*>(bytes), static_cast<std::size_t>(size)}),
                 SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
  Access const access(f);
  if (!access.alive()) return SQLITE_IOERR_TRUNCATE;
  return to_code(access.disk.truncate(*access.open.file, static_cast<std::uint64_t>(size)),
                 SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* f, int) {
  Access const access(f);
  if (!access.alive() || access.disk.sync(*access.open.file) != Status::ok) return SQLITE_IOERR_FSYNC;
  if (std::exchange(access.open.names_need_sync, false)) access.disk.sync_names();
  return SQLITE_OK;
}

int file_size(sqlite3_file* f, sqlite3_int64* size) {
  Access const access(f);
  if (!access.alive()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(access.open.file->bytes().size());
  return SQLITE_OK;
}

int lock_file(sqlite3_file* f, int level) {
  Access const access(f);
  if (!access.alive()) return SQLITE_IOERR_LOCK;
  return access.open.locks->lock(f, level) ? SQLITE_OK : SQLITE_BUSY;
}

int unlock_file(sqlite3_file* f, int level) {
  Access const access(f);
  access.open.locks->unlock(f, level);
  return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* f, int* reserved) {
  Access const access(f);
  *reserved = access.open.locks->is_reserved();
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_shared(sqlite3_file* f, int region, int size, int extend, void volatile** memory) {
  Access const access(f);
  *memory = nullptr;
  if (!access.alive()) return SQLITE_IOERR_SHMMAP;
  *memory = access.open.locks->map(f, static_cast<std::size_t>(region), static_cast<std::size_t>(size),
                                   extend != 0);
  return SQLITE_OK;
}

int lock_shared(sqlite3_file* f, int first, int count, int flags) {
  Access const access(f);
  auto& locks = *access.open.locks;
  if (flags & SQLITE_SHM_UNLOCK) {
    locks.unlock_slots(f, first, count);
    return SQLITE_OK;
  }
  if (!access.alive()) return SQLITE_IOERR_SHMLOCK;
  auto const got =
      flags & SQLITE_SHM_SHARED ? locks.lock_shared(f, first) : locks.lock_exclusive(f, first, count);
  return got ? SQLITE_OK : SQLITE_BUSY;
}

void barrier(sqlite3_file* f) { Access const access(f); }

int unmap_shared(sqlite3_file* f, int) {
  Access const access(f);
  access.open.locks->unmap(f);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kFileMethods{
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier,
    .xShmUnmap = unmap_shared,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

/// Locks and shared memory are gone after a crash; who was there before keeps its own set and disturbs
/// nobody.
std::shared_ptr<SimulatedLocks> locks_for(SimulatedVfs::Impl& world, std::string const& path) {
  if (world.locks_boot != world.disk.boot()) world.locks.clear();
  world.locks_boot = world.disk.boot();
  auto& locks = world.locks[path];
  if (!locks) locks = std::make_shared<SimulatedLocks>();
  return locks;
}

int open_file(sqlite3_vfs* vfs, char const* path, sqlite3_file* f, int flags, int* flags_out) {
  auto& world = world_of(vfs);
  std::lock_guard const lock(world.mutex);
  f->pMethods = nullptr;
  if (world.disk.is_down()) return SQLITE_CANTOPEN;
  auto const name = path ? std::string(path) : "temporary-" + std::to_string(world.disk.draw());
  auto file = world.disk.find(name);
  if (file && (flags & SQLITE_OPEN_EXCLUSIVE)) return SQLITE_CANTOPEN;
  if (!file && !(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
  if (!file) file = world.disk.create(name);
  constexpr int kJournals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
  auto* const open = new (f) OpenFile{
      {&kFileMethods},
      &world,
      std::move(file),
      locks_for(world, name),
      flags & SQLITE_OPEN_DELETEONCLOSE ? name : std::string(),
      world.disk.boot(),
      (flags & kJournals) != 0 && (flags & SQLITE_OPEN_CREATE) != 0,
  };
  if (flags_out) *flags_out = flags;
  return open->pMethods ? SQLITE_OK : SQLITE_CANTOPEN;
}

int delete_file(sqlite3_vfs* vfs, char const* path, int sync_folder) {
  auto& world = world_of(vfs);
  std::lock_guard const lock(world.mutex);
  if (!world.disk.find(path)) return world.disk.is_down() ? SQLITE_IOERR_DELETE : SQLITE_IOERR_DELETE_NOENT;
  if (world.disk.remove(path) != Status::ok) return SQLITE_IOERR_DELETE;
  if (sync_folder) world.disk.sync_names();
  return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, char const* path, int, int* found) {
  auto& world = world_of(vfs);
  std::lock_guard const lock(world.mutex);
  *found = world.disk.find(path) != nullptr;
  return world.disk.is_down() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, char const* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
  auto& world = world_of(vfs);
  std::lock_guard const lock(world.mutex);
  for (int i = 0; i < size; ++i) out[i] = static_cast<char>(world.disk.draw());
  return size;
}

int sleep_for(sqlite3_vfs*, int microseconds) { return microseconds; }

int current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
  auto& world = world_of(vfs);
  *out = kJulianDayOfEpochMs + (world.now ? world.now() : kDefaultNow);
  return SQLITE_OK;
}

int current_time(sqlite3_vfs* vfs, double* out) {
  sqlite3_int64 ms = 0;
  current_time_ms(vfs, &ms);
  *out = static_cast<double>(ms) / 86'400'000.0;
  return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

SimulatedVfs::SimulatedVfs(std::string name, std::uint64_t seed, SimulatedDisk::Image const& image,
                           std::function<std::int64_t()> now)
    : impl_(std::make_unique<Impl>(std::move(name), seed, image, std::move(now))) {
  auto& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = kMaxPath;
  vfs.zName = impl_->name.c_str();
  vfs.pAppData = impl_.get();
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.xAccess = access_file;
  vfs.xFullPathname = full_pathname;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep_for;
  vfs.xCurrentTime = current_time;
  vfs.xCurrentTimeInt64 = current_time_ms;
  vfs.xGetLastError = last_error;
  sqlite3_vfs_register(&vfs, 0);
}

SimulatedVfs::~SimulatedVfs() {
  sqlite3_vfs_unregister(&impl_->vfs);
  // The next user of SQLite's generator must not depend on this seed.
  if (impl_->is_default) sqlite3_randomness(0, nullptr);
}

std::string const& SimulatedVfs::name() const { return impl_->name; }
SimulatedDisk& SimulatedVfs::disk() { return impl_->disk; }

void SimulatedVfs::make_default() {
  sqlite3_vfs_register(&impl_->vfs, 1);
  sqlite3_randomness(0, nullptr);
  impl_->is_default = true;
}

}  // namespace torg::db
