#pragma once
#include "governance/service.hpp"
#include "identity/identity.hpp"
#include "records/disposal/certificate.hpp"

namespace torg::records {

/// Why items stay, with how many.
using StopCounts = std::map<Stop, std::int64_t>;

struct SampleItem {
  RoomNid room;
  EventId event_id;
  UserNid sender;
  Instant at{};
  std::string text;
  std::size_t attachments = 0;
};

struct DisposalPreview {
  std::int64_t count = 0;
  std::vector<std::pair<RoomNid, std::int64_t>> rooms;
  StopCounts stopped;
  std::vector<SampleItem> sample;  ///< at most twenty, drawn at random
};

/// Disposal of what is kept ordered or trivial, under a decision (R50–R56): proposed by one archivist,
/// approved by another who has drawn a sample of their own, then one transaction with a certificate in the
/// register's log.
class DisposalService {
 public:
  DisposalService(Runtime& runtime, db::Database& database, governance::GovernanceService& governance,
                  identity::Identity const& identity, matrix::Rooms& rooms, Destroyer& destroyer)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        identity_(identity),
        rooms_(rooms),
        destroyer_(destroyer) {}

  /// `forbidden` unless `by` is an archivist of the authority; `rule_refuses` as `check_terms` says.
  Task<Result<DisposalPreview>> preview(UserNid by, DisposalTerms terms);
  /// Notes what is to go; nothing is removed.
  Task<Result<Disposal>> propose(UserNid by, DisposalTerms terms);
  /// Of the authorities whose disposals `by` may see, newest first.
  struct Listed {
    std::vector<Disposal> disposals;
    net::More more = net::More::no;
  };
  Task<Result<Listed>> list(UserNid by, net::Page page);
  Task<Result<Disposal>> find(UserNid by, DisposalId id);
  /// A new sample for this person; drawing one is what lets a second person approve.
  Task<Result<std::vector<SampleItem>>> sample(UserNid by, DisposalId id);
  /// `needs_second_person` for the proposer and for who has drawn no sample; `conflict` when it is done
  /// already.
  Task<Result<Disposal>> approve(UserNid by, DisposalId id);

 private:
  struct Selection {
    ItemsByRoom items;
    StopCounts stopped;
  };
  struct Outcome {
    Disposal disposal;
    std::vector<DoomedItem> destroyed;
  };
  /// `not_found` about a disposal that `by` may not even see.
  [[nodiscard]] Result<> may(UserNid by, governance::Act act, AuthorityId authority) const;
  Task<Result<Disposal>> find_for(UserNid by, governance::Act act, DisposalId id);
  [[nodiscard]] std::vector<governance::Plan> covered(DisposalTerms const& terms) const;
  Task<Result<Selection>> select(DisposalTerms terms);
  Task<Result<std::vector<SampleItem>>> draw(ItemsByRoom items);
  [[nodiscard]] std::size_t random_below(std::size_t limit);
  [[nodiscard]] Certificate describe(Disposal const& disposal,
                                     std::vector<governance::Plan> const& plans) const;
  static Result<Outcome> destroy(db::Transaction& transaction, Disposal disposal, Certificate certificate,
                                 std::vector<governance::Plan> const& plans,
                                 std::vector<DoomedItem> const& doomed, BeingLifted const& lifted,
                                 std::string_view server_name, SaltSeed const& seed);

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService& governance_;
  identity::Identity const& identity_;
  matrix::Rooms& rooms_;
  Destroyer& destroyer_;
};

}  // namespace torg::records
