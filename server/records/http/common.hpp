#pragma once
#include "identity/http.hpp"
#include "records/http/routes.hpp"

#include <memory>

// What the handlers of these routes share.
namespace torg::records {

using HttpServices = std::shared_ptr<RegisterHttp const>;
using HttpAnswer = Result<net::Response>;

inline RecordNames names(HttpServices const& services) { return {services->governance, services->people}; }

/// The authority named by `code`; `not_found`.
[[nodiscard]] Result<AuthorityId> authority_by(HttpServices const& services, std::string_view code);
/// The authority a request names as `authority`, else the one the person is registrar of, else where she
/// works.
[[nodiscard]] Result<AuthorityId> authority_or_own(HttpServices const& services, UserNid user,
                                                   std::optional<std::string> code);
/// Authorities named in the query, else all whose register the person may read.
[[nodiscard]] Result<std::vector<AuthorityId>> authorities_of(HttpServices const& services, UserNid user,
                                                              std::vector<std::string> codes);
/// A record's or case's number in a path; `not_found` when it is none.
[[nodiscard]] Result<std::int64_t> id_of(std::string_view text);
/// `Record` as JSON, with the log's size.
[[nodiscard]] Task<Result<json::object>> record_json(HttpServices services, RecordView record);
/// What became of a record's rendition and its files.
[[nodiscard]] json::object rendition_json(HttpServices const& services, RenditionState state,
                                          RenditionReport report);
/// The answer to a draft that lacks what the information plan asks for, naming the field; none when all is
/// there.
[[nodiscard]] std::optional<net::Response> plan_refusal(HttpServices const& services, AuthorityId authority,
                                                        Draft const& draft);
/// An error as its answer. What is said in both languages, `English. / Svenska.`, is `why: {sv, en}` too.
[[nodiscard]] net::Response refusal_in_words(Error error);
/// The record for one who may read it; `not_found` for everyone else, so that ids tell nothing.
[[nodiscard]] Task<Result<RecordView>> readable_record(HttpServices services, UserNid user, RecordId id);

}  // namespace torg::records
