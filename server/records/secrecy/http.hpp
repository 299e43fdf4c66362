#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/secrecy/marks.hpp"

namespace torg::records {

/// What the routes of secrecy use; all outlive the router.
struct SecrecyHttp {
  SecrecyMarks& marks;
  identity::Identity const& identity;
  People people;
};

/// `secrecy/provisions`, `cases/{id}/secrecy`, `records/{id}/files/{n}/secrecy` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> secrecy_routes(SecrecyHttp services);

/// A marking as the API shows it: with `listed`, false for a provision that is not in the list.
[[nodiscard]] json::object shown_secrecy(Secrecy const& secrecy);
/// The markings that hold for a record, each with `from`: its own, its case's.
[[nodiscard]] json::array secrecy_of(RecordView const& record);
/// And those that hold for one of its files.
[[nodiscard]] json::array secrecy_of(RecordView const& record, FileView const& file);

}  // namespace torg::records
