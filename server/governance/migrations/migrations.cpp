#include "governance/migrations/migrations.hpp"

namespace torg::governance {
namespace {

// Days are stored as days since 1970-01-01; `valid_to` is the last day, NULL while open.
// plan_proposal: what a state event proposed; its event is its number. plan_acceptance: who said yes, outside
// the room. room_part: the joined members of each room, to know whose people read along. audit: append-only,
// each row's hash covers the row before. delegation: one act or one role, by name, the other is empty.
constexpr db::Migration kMigrations[] = {{"governance", 1, R"sql(
CREATE TABLE authority (
  nid {id},
  code TEXT NOT NULL UNIQUE,
  name_sv TEXT NOT NULL,
  name_en TEXT NOT NULL,
  organisation TEXT NOT NULL,
  organisation_number TEXT NOT NULL,
  mark TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT
);
CREATE TABLE assignment (
  member INTEGER NOT NULL,
  authority INTEGER NOT NULL,
  role INTEGER NOT NULL,
  valid_from BIGINT NOT NULL,
  unit TEXT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (member, authority, role, valid_from)
) {rowless};
CREATE TABLE plan_proposal (
  event {id},
  room INTEGER NOT NULL,
  proposed_by INTEGER NOT NULL,
  at BIGINT NOT NULL,
  content TEXT NOT NULL
);
CREATE TABLE plan_acceptance (
  event BIGINT NOT NULL,
  authority INTEGER NOT NULL,
  accepted_by INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (event, authority)
) {rowless};
CREATE TABLE room_part (
  room INTEGER NOT NULL,
  member INTEGER NOT NULL,
  PRIMARY KEY (room, member)
) {rowless};
CREATE TABLE audit (
  nid {id},
  at BIGINT NOT NULL,
  person INTEGER NOT NULL,
  what TEXT NOT NULL,
  details TEXT NOT NULL,
  hash {bytes} NOT NULL
);
)sql"},
                                         {"governance", 2, R"sql(
CREATE TABLE delegation (
  nid {id},
  member INTEGER NOT NULL,
  authority INTEGER NOT NULL,
  act TEXT NOT NULL,
  role TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NOT NULL,
  decision TEXT NOT NULL,
  by_person INTEGER NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by INTEGER
);
)sql"}};

}  // namespace

std::span<db::Migration const> migrations() { return kMigrations; }

}  // namespace torg::governance
