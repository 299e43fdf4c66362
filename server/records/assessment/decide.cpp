// A person's decisions, one or many: what the rules allow goes to the store in one transaction.
#include "records/assessment/service.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using Answers = std::vector<Ruled<ShownAssessment>>;

std::unexpected<RuleRefusal> ruled(Error error) {
  return std::unexpected(RuleRefusal{std::move(error), std::nullopt});
}

std::unexpected<RuleRefusal> ruled(ErrorCode code, std::string message) {
  return ruled(Error{code, std::move(message), {}});
}

/// The rule that a person's decision rests on.
std::string_view rule_of(Handling handling) {
  switch (handling) {
    case Handling::kept_ordered:
      return "R21";
    case Handling::trivial:
      return "R22";
    case Handling::working:
      return "R7";
    default:
      return "R20";
  }
}

std::unexpected<RuleRefusal> stopped_by_another() {
  return ruled(ErrorCode::conflict, "Not done: another item of the selection was refused.");
}

}  // namespace

Task<Ruled<AssessmentService::Decision>> AssessmentService::prepare(AssessRequest request) {
  if (may_act(request.by, request.authority) && !may_decide(request.by, request.authority)) {
    co_return ruled(ErrorCode::forbidden, "This authority lets only its registrars assess; ask one of them.");
  }
  auto const row = co_await current(request.by, request.room, request.event, request.authority);
  if (!row) co_return std::unexpected(row.error());
  bool const already = request.handling == "already_registered";
  auto const handling = already ? std::optional(Handling::registered) : parse_handling(request.handling);
  if (!handling || (*handling == Handling::registered && !already) || *handling == Handling::unassessed) {
    co_return ruled(ErrorCode::invalid_param,
                    "Handling must be kept_ordered, trivial, working or already_registered.");
  }
  RecordId record;
  if (already) {
    auto const named = co_await named_record(request.authority, request.record);
    if (!named) co_return std::unexpected(named.error());
    record = *named;
  }
  bool const done_before = record && row->record == record;
  if (auto may = done_before ? Ruled<>() : check_choice(request, *handling, *row); !may)
    co_return std::unexpected(may.error());
  co_return Decision{std::move(request), *handling, record, *row, runtime_.now()};
}

Result<Assessment> AssessmentService::store(db::Transaction& transaction, Decision const& decision) {
  auto const& [request, handling, record, before, at] = decision;
  auto const now = assessment::row_of(transaction, request.room, request.event, request.authority);
  bool const done = now && now->handling == handling && now->record == record && now->by == request.by &&
                    (record || now->reason == request.reason);
  if (done) return *now;  // the same decision, sent again
  bool const changed = now && (now->status != before.status || now->handling != before.handling);
  if (changed) return fail(ErrorCode::conflict, "Somebody was faster: the item has changed meanwhile.");
  if (!record) {
    if (!now) assessment::insert_row(transaction, before);
    return assessment::decide(
        transaction, {request.event, request.authority, request.room, handling,
                      std::string(rule_of(handling)), request.reason, request.by, request.second_person, at});
  }
  auto const registered = assessment::registered(
      transaction, {request.event, request.authority, request.room, record, request.by, at});
  if (!registered) return std::unexpected(registered.error());
  return *assessment::row_of(transaction, request.room, request.event, request.authority);
}

Task<Ruled<ShownAssessment>> AssessmentService::assess(AssessRequest request) {
  std::vector<AssessRequest> one;
  one.push_back(std::move(request));
  auto answers = co_await assess_many(std::move(one), Bulk::each);
  co_return std::move(answers.front());
}

Task<Answers> AssessmentService::assess_many(std::vector<AssessRequest> requests, Bulk bulk) {
  Answers answers(requests.size(), stopped_by_another());
  if (requests.size() > kMostAtOnce) {
    std::ranges::fill(answers, Ruled<ShownAssessment>(
                                   ruled(ErrorCode::too_large, "Decide about at most 500 items at once.")));
    co_return answers;
  }
  std::vector<std::size_t> places;
  std::vector<Decision> decisions;
  for (std::size_t at = 0; at < requests.size(); ++at) {
    auto prepared = co_await prepare(std::move(requests[at]));
    if (!prepared) {
      answers[at] = std::unexpected(std::move(prepared.error()));
    } else {
      places.push_back(at);
      decisions.push_back(std::move(*prepared));
    }
  }
  bool const refused = decisions.size() < requests.size();
  if (decisions.empty() || (refused && bulk == Bulk::all_or_none)) co_return answers;

  using Stored = std::vector<Result<Assessment>>;
  auto written = co_await database_.write([decisions, bulk](db::Transaction& transaction) -> Result<Stored> {
    Stored stored;
    for (auto const& decision : decisions) {
      stored.push_back(store(transaction, decision));
      if (!stored.back() && bulk == Bulk::all_or_none) return std::unexpected(stored.back().error());
    }
    return stored;
  });
  if (!written) {
    for (auto const at : places) answers[at] = ruled(written.error());
    co_return answers;
  }
  std::vector<Assessment> rows;
  std::vector<std::size_t> shown_at;
  for (std::size_t n = 0; n < written->size(); ++n) {
    if ((*written)[n]) {
      rows.push_back(std::move(*(*written)[n]));
      shown_at.push_back(places[n]);
    } else {
      answers[places[n]] = ruled((*written)[n].error());
    }
  }
  auto shown = co_await show_all(std::move(rows));
  for (std::size_t n = 0; n < shown_at.size(); ++n) {
    if (shown)
      answers[shown_at[n]] = std::move((*shown)[n]);
    else
      answers[shown_at[n]] = ruled(shown.error());
  }
  co_return answers;
}

}  // namespace torg::records
