#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace torg::db {

/// The disk of one simulated computer, in memory: for each file what is surely on the platter, what programs
/// see, and the writes in between that no sync has covered yet. A crash keeps a part of these that the seed
/// chooses. The same seed and the same calls give the same disk. Not for use by several threads:
/// `SimulatedVfs` has the lock.
class SimulatedDisk {
 public:
  /// Files by path.
  using Image = std::map<std::string, std::string>;

  /// What goes wrong; probabilities from 0 to 1 per operation.
  struct Faults {
    std::optional<std::uint64_t> capacity = {};  ///< bytes of all files together
    double read_errors = 0;
    double write_errors = 0;
    /// A sync that fails has written a part, and the rest is never written, though programs go on to see it.
    double sync_errors = 0;
    /// The disk says that it has synced and does so only at the file's next sync: whoever believes it
    /// acknowledges before the commit. Planted to show that a simulation finds such a fault.
    bool late_syncs = false;
  };

  enum class Status : std::uint8_t { ok, full, failed, down };

  class File {
    friend SimulatedDisk;
    struct Change {
      std::uint64_t offset;
      std::string bytes;  ///< empty: cut off at `offset`
    };
    std::string durable_;
    std::string seen_;
    std::vector<Change> unsynced_;
    std::size_t promised_ = 0;  ///< how many of `unsynced_` a late sync has said are safe

   public:
    [[nodiscard]] std::string const& bytes() const { return seen_; }
  };
  using FilePtr = std::shared_ptr<File>;

  explicit SimulatedDisk(std::uint64_t seed, Image const& image = {});

  /// Power is lost: whatever no sync covered survives, is lost, or is torn at 512 bytes, as the seed chooses;
  /// the same with names made or removed since their folder was synced. Everything refuses until `reboot`,
  /// and files opened before refuse for ever.
  void crash();
  /// The disk crashes by itself before it would do the `count`-th change (write, cut, sync, removal) from
  /// now; 1 is the next one.
  void crash_after(std::uint64_t count) { changes_left_ = count; }
  void reboot();
  [[nodiscard]] bool is_down() const { return down_; }
  /// How often it has been switched on.
  [[nodiscard]] unsigned boot() const { return boot_; }

  void set_faults(Faults faults) { faults_ = faults; }
  /// What programs see now; as the start of another disk it saves making a database anew. Take it when
  /// nothing is open.
  [[nodiscard]] Image image() const;
  [[nodiscard]] std::uint64_t draw() { return random_(); }

  // For the VFS.
  [[nodiscard]] FilePtr find(std::string const& path) const;
  [[nodiscard]] FilePtr create(std::string const& path);
  [[nodiscard]] Status read(File const& file, std::uint64_t offset, std::size_t size, std::string_view& out);
  [[nodiscard]] Status write(File& file, std::uint64_t offset, std::string_view bytes);
  [[nodiscard]] Status truncate(File& file, std::uint64_t size);
  [[nodiscard]] Status sync(File& file);
  [[nodiscard]] Status remove(std::string const& path);
  void sync_names() { durable_names_ = names_; }

 private:
  using Names = std::map<std::string, FilePtr>;

  [[nodiscard]] Status begin_change();
  [[nodiscard]] bool happens(double probability);
  void settle(File& file, double kept);
  void sync_late(File& file);
  void apply_torn(std::string& image, File::Change const& change);
  [[nodiscard]] std::uint64_t used() const;

  std::mt19937_64 random_;
  Faults faults_;
  Names names_;
  Names durable_names_;
  std::optional<std::uint64_t> changes_left_;
  bool down_ = false;
  unsigned boot_ = 1;
};

}  // namespace torg::db
