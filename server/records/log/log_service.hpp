#pragma once
#include "db/database.hpp"
#include "records/log/kept_head.hpp"
#include "records/log/key_chain.hpp"
#include "records/log/proof.hpp"

#include <functional>

namespace torg::records {

/// Heads and proofs of the log. Called on the executor only.
class LogService {
 public:
  /// `log_name` is the server's name. The key signs tree heads and nothing else. `kept_head` is a file beside
  /// the key; empty (in a simulation): a restored backup is not noticed.
  LogService(Runtime& runtime, db::Database& database, crypto::SigningKey key, std::string log_name,
             std::filesystem::path kept_head = {});

  /// Reads which keys the log has had, and checks at start that the tree still has the root of its last
  /// signed head; `bad_state` when what lies in the database was changed under it. A restored older backup
  /// brings its older heads along, so it passes: only a head kept elsewhere finds that
  /// (docs/threat-model.md).
  [[nodiscard]] Result<> check();

  /// A head that covers everything committed so far; signed and stored when the last one does not.
  /// `bad_state` when the clock stands before the last head's: a head older than the last is refused.
  [[nodiscard]] Task<Result<SignedHead>> head();
  /// Signs what no head covers yet; nothing in an empty log. For a clean stop.
  [[nodiscard]] Task<Result<>> cover();
  /// `invalid_param` when they are not 0 < from <= to <= size.
  [[nodiscard]] Task<Result<Consistency>> consistency(std::int64_t from, std::int64_t to);
  /// The proof file (`bevis.json`) of every entry about `record`, with the fields that `may_show` lets
  /// through.
  [[nodiscard]] Task<Result<ProofFile>> proof(RecordId record, MayShow may_show);
  /// The whole log as JSON lines against a fresh head, for `torg verify --register`; written to `line` one by
  /// one.
  [[nodiscard]] Task<Result<>> export_lines(MayShow may_show, std::function<void(std::string_view)> line);

  /// Brings in a new key: what is there is signed by the old one, then the new one is entered in the log by
  /// it, and a head by the new one is given back. From then on only the new one signs.
  /// `bad_state` as in `head`; `conflict` when the log keeps growing meanwhile.
  [[nodiscard]] Task<Result<SignedHead>> rotate(crypto::SigningKey next);

  [[nodiscard]] crypto::PublicKey public_key() const { return key_.public_key(); }
  [[nodiscard]] KeyChain const& keys() const { return keys_; }

 private:
  [[nodiscard]] Result<> check_kept(db::Reader& reader) const;
  [[nodiscard]] Result<> load_keys(db::Reader& reader);
  [[nodiscard]] Task<Result<SignedHead>> keep(SignedHead head);
  [[nodiscard]] SignedHead to_signed(StoredHead const& stored) const;
  [[nodiscard]] SignedHead sign(std::int64_t size, crypto::Sha256 root) const;

  Runtime& runtime_;
  db::Database& database_;
  crypto::SigningKey key_;
  std::string name_;
  KeyChain keys_;
  std::optional<KeptHead> kept_;
  bool keeping_ = false;
  std::int64_t kept_size_ = -1;  ///< of the head in the file, as far as this process knows
};

}  // namespace torg::records
