#pragma once
#include "db/database.hpp"
#include "records/log/proof.hpp"

#include <functional>

namespace torg::records {

/// Heads and proofs of the log. Called on the executor only.
class LogService {
 public:
  /// `log_name` is the server's name. The key signs tree heads and nothing else.
  LogService(Runtime& runtime, db::Database& database, crypto::SigningKey key, std::string log_name);

  /// Checks at start that the tree still has the root of its last signed head; `bad_state` when what lies in
  /// the database was changed under it. A restored older backup brings its older heads along, so it passes:
  /// only a head kept elsewhere finds that (docs/threat-model.md).
  [[nodiscard]] Result<> check();

  /// A head that covers everything committed so far; signed and stored when the last one does not.
  /// `bad_state` when the clock stands before the last head's: a head older than the last is refused.
  [[nodiscard]] Task<Result<SignedHead>> head();
  /// `invalid_param` when they are not 0 < from <= to <= size.
  [[nodiscard]] Task<Result<Consistency>> consistency(std::int64_t from, std::int64_t to);
  /// The proof file (`bevis.json`) of every entry about `record`, with the fields that `may_show` lets
  /// through.
  [[nodiscard]] Task<Result<ProofFile>> proof(RecordId record, MayShow may_show);
  /// The whole log as JSON lines against a fresh head, for `torg verify --register`; written to `line` one by
  /// one.
  [[nodiscard]] Task<Result<>> export_lines(MayShow may_show, std::function<void(std::string_view)> line);

  [[nodiscard]] crypto::PublicKey public_key() const { return key_.public_key(); }

 private:
  [[nodiscard]] SignedHead to_signed(StoredHead const& stored) const;
  [[nodiscard]] SignedHead sign(std::int64_t size, crypto::Sha256 root) const;

  Runtime& runtime_;
  db::Database& database_;
  crypto::SigningKey key_;
  std::string name_;
};

}  // namespace torg::records
