#pragma once
#include "records/log/key_chain.hpp"
#include "records/log/proof.hpp"
#include "records/verify/verify.hpp"

namespace torg::records {

/// Collects what the single checks find.
class Verifier {
 public:
  explicit Verifier(VerifyReport& report) : report_(report) {}

  /// Signature, and that the key was in force.
  void check_head(SignedHead const& head, KeyChain const& keys);
  /// The earlier head against the newer one: same log, not larger, not later.
  void check_order(SignedHead const& earlier, SignedHead const& head);
  /// The keys of the log up to that of `head`, as the entries of their changes show them.
  [[nodiscard]] KeyChain check_keys(SignedHead const& head, std::vector<ShownEntry> const& changes);
  /// Names once each, openings that fit their commitments, files that stand in the list.
  void check_entry(ShownEntry const& entry);
  /// An entry's time against the heads on either side of it.
  void check_time(ShownEntry const& entry, SignedHead const& head, SignedHead const* earlier);

  void find(FindingKind kind, std::string text) { report_.add({kind, std::nullopt, {}, std::move(text)}); }
  void find(FindingKind kind, ShownEntry const& entry, std::string text);

 private:
  void check_names(ShownEntry const& entry);
  void check_opening(ShownEntry const& entry, Opening const& opening);
  void check_files(ShownEntry const& entry);

  VerifyReport& report_;
};

/// `entry 41 (KS 2026/00012-3)`; without a number where none is known.
[[nodiscard]] std::string place_text(std::string_view what, std::int64_t index, std::string_view number);
/// Whether `commitment` is to what `opening` says.
[[nodiscard]] bool opens(Commitment const& commitment, Opening const& opening);
/// The value of a revealed field; null when it is withheld.
[[nodiscard]] json::value const* revealed(ShownEntry const& entry, std::string_view name);

void verify_proof(VerifyReport& report, ProofFile const& file, SignedHead const* earlier,
                  Consistency const* consistency);

}  // namespace torg::records
