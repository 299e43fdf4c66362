#pragma once
#include "records/verify/store.hpp"
#include "records/verify/verify.hpp"

#include <set>

namespace torg::records {

/// Holds the stored hashes of the tree against its leaves and against each other. Each hash is compared with
/// what lies right below it, so that one change shows in one place; and where leaves do not fit their
/// places, it looks for the places where they do.
class TreeCheck {
 public:
  TreeCheck(db::Reader& reader, VerifyReport& report) : reader_(reader), report_(report) {}

  /// A leaf goes by, in order; some may be missing.
  void leaf(std::int64_t index, crypto::Sha256 const& hash);
  /// The register says that the entry at `index` belongs at `place`.
  void belongs(std::int64_t index, std::int64_t place);
  void finish(std::int64_t size);

  /// Leaves that stand in another's place: what else is wrong with them follows from that.
  [[nodiscard]] std::set<std::int64_t> const& moved() const { return moved_; }

 private:
  /// Stored hashes of a level, asked for in rising order.
  class Level {
   public:
    Level(db::Reader& reader, int level) : reader_(reader), level_(level) {}
    [[nodiscard]] std::optional<crypto::Sha256> at(std::int64_t index);

   private:
    db::Reader& reader_;
    int level_;
    std::vector<verify_store::NodeRow> page_;
    std::size_t next_ = 0;
    std::int64_t from_ = 0;
    bool ended_ = false;
  };
  /// A place whose leaves don't make the hash above them.
  struct Misfit {
    std::int64_t first = 0;  ///< leaf
    bool pair = true;        ///< of it and the next one; or it alone, at the right edge
    crypto::Sha256 above{};
  };

  void check_level(int level, std::int64_t count);
  void check_edge(std::int64_t size);
  void misfit(Misfit misfit, std::vector<std::pair<std::int64_t, crypto::Sha256>> const& leaves);
  void resolve();
  void place_leaf(std::int64_t place, std::int64_t leaf);
  void say_moves();

  db::Reader& reader_;
  VerifyReport& report_;
  Level above_{reader_, 1};
  std::optional<std::pair<std::int64_t, crypto::Sha256>> left_;  ///< the even leaf before
  std::vector<Misfit> misfits_;
  std::map<std::int64_t, crypto::Sha256> suspects_;
  std::map<std::int64_t, std::int64_t> place_of_;  ///< of a leaf that was moved
  std::set<std::int64_t> moved_;
};

}  // namespace torg::records
