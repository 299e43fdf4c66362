#pragma once
#include "records/log/proof.hpp"
#include "records/verify/verify.hpp"

namespace torg::records {

/// Collects what the single checks find.
class Verifier {
 public:
  explicit Verifier(VerifyReport& report) : report_(report) {}

  /// Signature, and the expected key when one is given.
  void check_head(SignedHead const& head, std::optional<std::string> const& key);
  /// The earlier head against the newer one: same log and key, not larger, not later.
  void check_order(SignedHead const& earlier, SignedHead const& head);
  /// Names once each, openings that fit their commitments, files that stand in the list.
  void check_entry(ShownEntry const& entry);
  /// An entry's time against the heads on either side of it.
  void check_time(ShownEntry const& entry, SignedHead const& head, SignedHead const* earlier);

  void find(FindingKind kind, std::string text) {
    report_.findings.push_back({kind, std::nullopt, {}, std::move(text)});
  }
  void find(FindingKind kind, ShownEntry const& entry, std::string text);

 private:
  void check_names(ShownEntry const& entry);
  void check_opening(ShownEntry const& entry, Opening const& opening);
  void check_files(ShownEntry const& entry);

  VerifyReport& report_;
};

/// The value of a revealed field; null when it is withheld.
[[nodiscard]] json::value const* revealed(ShownEntry const& entry, std::string_view name);

void verify_proof(VerifyReport& report, ProofFile const& file, SignedHead const* earlier,
                  Consistency const* consistency);

}  // namespace torg::records
