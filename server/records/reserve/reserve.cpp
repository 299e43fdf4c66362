#include "records/reserve/reserve.hpp"

#include "governance/governance.hpp"
#include "records/register/store.hpp"
#include "records/reserve/store.hpp"

#include <algorithm>

namespace torg::records {
namespace {

bool holds_class(NumberPattern const& pattern) {
  return std::ranges::any_of(pattern.record_pieces(), [](NumberPattern::Piece const& piece) {
    return piece.token == NumberPattern::Token::classification;
  });
}

json::array names(std::vector<ReservedNumber> const& numbers) {
  json::array all;
  for (auto const& one : numbers) all.emplace_back(one.number);
  return all;
}

json::array names(std::vector<std::string> const& numbers) {
  json::array all;
  for (auto const& one : numbers) all.emplace_back(one);
  return all;
}

std::vector<ReservedNumber> take_numbers(db::Transaction& transaction, Reserve const& request) {
  std::vector<ReservedNumber> numbers;
  for (int n = 0; n < request.count; ++n) {
    NumberParts parts{request.code, request.year, 0, 1, {}};
    parts.case_serial =
        register_store::take_serial(transaction, {request.authority, request.series}, request.year);
    ReservedNumber one;
    one.number = request.pattern.record_number(parts);
    one.case_number = request.pattern.case_number(parts);
    one.authority = request.authority;
    one.series = request.series;
    one.pattern = request.pattern.text();
    one.year = request.year;
    one.document = request.pattern.counts_documents() ? 1 : 0;
    numbers.push_back(std::move(one));
  }
  return numbers;
}

}  // namespace

Result<std::int64_t> reserve(db::Transaction& transaction, Reserve const& request) {
  if (auto const known = reserve_store::of_key(transaction, request.by, request.key)) return *known;
  if (holds_class(request.pattern)) {
    return fail(ErrorCode::rule_refuses,
                "Numbers of this series hold the class of the case, which isn't known yet: reserve in "
                "another series.");
  }
  auto const numbers = take_numbers(transaction, request);
  auto const appended = LogAppender::append(transaction, {.kind = kReservationEntry,
                                                          .at = request.at,
                                                          .record = {},
                                                          .fields = {{"authority", request.code},
                                                                     {"numbers", names(numbers)},
                                                                     {"reason", request.reason},
                                                                     {"by", request.by_id}},
                                                          .files = {},
                                                          .seed = request.seed});
  auto const id = reserve_store::add(transaction, request, appended.index, numbers);
  governance::Governance::audit(transaction, request.at, request.by, "numbers.reserved",
                                {{"authority", request.code},
                                 {"first", numbers.front().number},
                                 {"last", numbers.back().number},
                                 {"reason", request.reason}});
  return id;
}

Result<> declare_void(db::Transaction& transaction, VoidNumbers const& request) {
  for (auto const& number : request.numbers) {  // a sheet has at most a hundred
    auto open = reserve_store::open_number(transaction, request.authority, number);
    if (!open) return fail(std::move(open));
  }
  auto const appended = LogAppender::append(transaction, {.kind = kVoidEntry,
                                                          .at = request.at,
                                                          .record = {},
                                                          .fields = {{"authority", request.code},
                                                                     {"numbers", names(request.numbers)},
                                                                     {"reason", request.reason},
                                                                     {"by", request.by_id}},
                                                          .files = {},
                                                          .seed = request.seed});
  for (auto const& number : request.numbers) {
    if (!reserve_store::set_void(transaction, request, number, appended.index))
      return fail(ErrorCode::invalid_param, "The number " + number + " is named twice.");
  }
  governance::Governance::audit(
      transaction, request.at, request.by, "numbers.void",
      {{"authority", request.code}, {"numbers", names(request.numbers)}, {"reason", request.reason}});
  return {};
}

}  // namespace torg::records
