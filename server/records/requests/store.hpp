#pragma once
#include "records/requests/requests.hpp"

/// All SQL of disclosure requests.
namespace torg::records::requests_store {

/// Takes the next number of the authority's year. @return the request with id and number filled in
[[nodiscard]] DisclosureRequest add(db::Transaction& transaction, DisclosureRequest request,
                                    std::string_view code, int year);
[[nodiscard]] std::optional<DisclosureRequest> find(db::Reader& reader, DisclosureId id);
[[nodiscard]] std::vector<DisclosureRequest> open(db::Reader& reader, AuthorityId authority);
[[nodiscard]] std::vector<DisclosureRequest> answered(db::Reader& reader, AuthorityId authority, int limit);

struct Answer {
  DisclosureId id;
  Outcome outcome = Outcome::released;
  Instant at{};
  UserNid by;
  std::string note;
};
/// @return false when it was answered already
[[nodiscard]] bool answer(db::Transaction& transaction, Answer const& answer);

}  // namespace torg::records::requests_store
