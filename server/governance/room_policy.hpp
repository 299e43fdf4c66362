#pragma once
#include "governance/service.hpp"

namespace torg::governance {

/// What records write beside an event; implemented above, wired by `app/`. Same rules as
/// `matrix::RoomPolicy`.
class RecordsFacts {
 public:
  virtual ~RecordsFacts() = default;
  [[nodiscard]] virtual matrix::RoomPolicy::Facts facts(matrix::RoomEvent const& draft) = 0;
  virtual void committed(matrix::RoomEvent const& event) = 0;
};

/// The one door into rooms: plans, who may take part, and what records must write.
class GovernanceRoomPolicy final : public matrix::RoomPolicy {
 public:
  explicit GovernanceRoomPolicy(GovernanceService& governance) : governance_(governance) {}
  /// Null until wired.
  void set_records(RecordsFacts* records) { records_ = records; }
  /// What administrators have decided, asked first; implemented above, wired by `app/`. Unset: nothing.
  using Decided = std::function<Result<>(Intent const&)>;
  void set_decided(Decided decided) { decided_ = std::move(decided); }

  [[nodiscard]] Result<> may(Intent const& intent) const override;
  [[nodiscard]] Facts facts(matrix::RoomEvent const& draft) override;
  void succeeds(RoomNid next, RoomNid old) override { governance_.carry_over(next, old); }
  void committed(matrix::RoomEvent const& event) override;

 private:
  [[nodiscard]] Result<> may_take_part(RoomNid room, UserNid user) const;
  [[nodiscard]] Result<> may_set_state(Intent const& intent) const;
  [[nodiscard]] Result<> may_propose(Intent const& intent) const;
  [[nodiscard]] Result<> may_upgrade(Intent const& intent) const;
  [[nodiscard]] Result<> may_encrypt(Intent const& intent) const;

  GovernanceService& governance_;
  RecordsFacts* records_ = nullptr;
  Decided decided_;
};

}  // namespace torg::governance
