#pragma once
#include "records/log/key_chain.hpp"
#include "records/verify/directory.hpp"
#include "records/verify/store.hpp"

#include <deque>
#include <functional>

namespace torg::records {

/// Holds tree heads against the log while its leaves go by: those of the database, page by page, and those
/// that were kept elsewhere.
class HeadCheck {
 public:
  HeadCheck(db::Reader& reader, VerifyReport& report, DirectoryRequest const& request, KeyChain const& chain);

  using Root = std::function<crypto::Sha256()>;
  /// The log has `size` leaves so far, the last of which was written at `last`. `root` is null when a leaf is
  /// missing: then nothing can be said about roots.
  void reached(std::int64_t size, Instant last, Root const& root);
  /// A leaf goes by.
  void leaf(std::int64_t index, Instant at);
  /// There are no more leaves.
  void finish(std::int64_t size);

  /// The newest head whose signature and root are right.
  [[nodiscard]] std::optional<SignedHead> const& newest() const { return newest_; }

 private:
  struct Watched {
    SignedHead head;
    std::string name;  ///< empty: of the database
  };
  void watch(std::vector<KeptCopy> const& kept);
  void load();
  void check_signature(Watched const& watched);
  void check_root(Watched const& watched, Instant last, Root const& root);
  void find(FindingKind kind, Watched const& watched, std::string text);
  [[nodiscard]] static std::string title(Watched const& watched);

  db::Reader& reader_;
  VerifyReport& report_;
  DirectoryRequest const& request_;
  KeyChain const& chain_;
  std::deque<Watched> waiting_;  ///< of the database, by size
  std::deque<Watched> kept_;     ///< by size
  std::int64_t loaded_ = -1;     ///< size of the last one read
  bool all_loaded_ = false;
  std::int64_t good_size_ = 0;  ///< of the last head whose root was right
  std::int64_t after_size_ = 0;
  Instant after_{};  ///< leaves from `after_size_` on can't be older
  Instant last_head_{};
  bool rewritten_ = false;  ///< said already: every later head shows the same change
  std::optional<SignedHead> newest_;
};

}  // namespace torg::records
