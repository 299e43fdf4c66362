#pragma once
#include "governance/governance.hpp"
#include "records/lift/lifts.hpp"
#include "records/manual/manual.hpp"

namespace torg::records {

/// What the JSON of the register needs beside the record itself.
struct RecordNames {
  governance::Governance const& governance;
  People const& people;
};

/// `Record` of docs/api-records.md. `log_size` is that of the log when it was asked.
[[nodiscard]] json::object to_json(RecordView const& record, std::int64_t log_size, RecordNames const& names);
/// `{id, number, title, authority, opened_day, closed_day, classification, records}`
[[nodiscard]] json::object to_json(CaseView const& view, RecordNames const& names);
/// `{at, by, field, from, to, reason}`
[[nodiscard]] json::object to_json(CaseEvent const& event, RecordNames const& names);
/// `{id, kind, reverse, other: {id, number, title, authority}, at, by}`
[[nodiscard]] json::object to_json(RelationView const& relation, RecordNames const& names);
/// A line of the check before the web.
[[nodiscard]] json::object to_json(CheckLine const& line);
/// `Intent`, without its `record`.
[[nodiscard]] json::object to_json(Intent const& intent);
[[nodiscard]] json::object to_json(LiftPreview const& preview);
[[nodiscard]] json::object to_json(ManualPreview const& preview);

}  // namespace torg::records
