#pragma once
#include "crypto/merkle.hpp"
#include "records/verify/head_check.hpp"
#include "records/verify/tree_check.hpp"

namespace torg::records {

/// Reads the log from its first leaf to its last: places, bytes, openings, times, the tree above them, the
/// heads over them, and whether each entry's record, disposal or key is there.
class LogCheck {
 public:
  LogCheck(db::Reader& reader, VerifyReport& report, DirectoryRequest const& request, KeyChain const& chain)
      : reader_(reader),
        report_(report),
        chain_(chain),
        heads_(reader, report, request, chain),
        tree_(reader, report) {}

  void run();
  [[nodiscard]] std::int64_t size() const { return next_; }
  [[nodiscard]] std::optional<SignedHead> const& head() const { return heads_.newest(); }

 private:
  void take(verify_store::LeafRow const& row);
  void skip_to(std::int64_t index);
  std::optional<Leaf> read_leaf(verify_store::LeafRow const& row, crypto::Sha256 const& hash);
  void check_time(verify_store::LeafRow const& row, Leaf const& leaf);
  void check_openings(verify_store::LeafRow const& row, Leaf const& leaf);
  void check_place(verify_store::LeafRow const& row, std::int64_t place);
  void check_owner(verify_store::LeafRow const& row, Leaf const& leaf);
  void check_end();
  /// Kept back until it is known which leaves only stand in another's place.
  void find(FindingKind kind, verify_store::LeafRow const& row, std::string text);

  db::Reader& reader_;
  VerifyReport& report_;
  KeyChain const& chain_;
  HeadCheck heads_;
  TreeCheck tree_;
  crypto::MerkleAppender roots_;
  std::int64_t next_ = 0;  ///< place of the next leaf
  bool whole_ = true;      ///< no leaf is missing so far
  Instant last_{};
  std::vector<Finding> of_leaves_;
};

/// What is wrong with the openings of one entry, each in a few words; counts what was opened.
[[nodiscard]] std::vector<std::string> opening_faults(VerifyReport& report, verify_store::LeafRow const& row,
                                                      Leaf const& leaf);
/// Values and salts of a row as far as they can be read.
[[nodiscard]] std::optional<Openings> read_openings(verify_store::LeafRow const& row);

}  // namespace torg::records
