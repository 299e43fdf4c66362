#include "records/assessment/migrations/migrations.hpp"

namespace torg::records {
namespace {

// assessment: one row per item and authority, clustered by room; items within one board have none. `handling`
// 0 is unassessed: the queue is the part of the table that an index of its own covers. assessment_history:
// how each row came about, written when it first changes: until then the row is its own history.
// access_opening: an authority has joined a room whose earlier items it can now read (R9); the row is there
// until they are assessed.
constexpr db::Migration kMigrations[] = {{"assessment", 1, R"sql(
CREATE TABLE assessment (
  room INTEGER NOT NULL,
  event BIGINT NOT NULL,
  authority INTEGER NOT NULL,
  status INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  handling INTEGER NOT NULL,
  rule TEXT NOT NULL,
  since BIGINT NOT NULL,
  due_day BIGINT,
  may_be_secret INTEGER NOT NULL,
  matters INTEGER NOT NULL,
  record BIGINT NOT NULL,
  reason TEXT NOT NULL,
  person INTEGER NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (room, event, authority)
) {rowless};
CREATE INDEX assessment_queue ON assessment (authority, due_day, event) WHERE handling = 0;
CREATE INDEX assessment_record ON assessment (record) WHERE record <> 0;
CREATE TABLE assessment_history (
  room INTEGER NOT NULL,
  event BIGINT NOT NULL,
  authority INTEGER NOT NULL,
  step INTEGER NOT NULL,
  at BIGINT NOT NULL,
  person INTEGER NOT NULL,
  second_person INTEGER NOT NULL,
  status INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  handling INTEGER NOT NULL,
  rule TEXT NOT NULL,
  rule_version INTEGER NOT NULL,
  record BIGINT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (room, event, authority, step)
) {rowless};
CREATE INDEX assessment_done ON assessment_history (authority, at) WHERE person <> 0;
CREATE TABLE access_opening (
  room INTEGER NOT NULL,
  authority INTEGER NOT NULL,
  at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (room, authority)
) {rowless};
)sql"},
                                         // item_file: which items show a file, whatever room they are in.
                                         {"assessment", 2, R"sql(
CREATE TABLE item_file (mxc TEXT NOT NULL, event BIGINT NOT NULL, PRIMARY KEY (mxc, event)) {rowless};
)sql"}};

}  // namespace

std::span<db::Migration const> assessment_migrations() { return kMigrations; }

}  // namespace torg::records
