#include "records/reserve/reservations.hpp"

#include "governance/zone.hpp"

namespace torg::records {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }

std::unexpected<Error> only_registrars() {
  return fail(ErrorCode::forbidden, "Only a registrar of the authority keeps numbers for bad days.");
}

}  // namespace

Task<Result<Reservation>> Reservations::reserve(Wish wish) {
  if (!governance_.may(wish.by, governance::Act::work_at_desk, wish.authority)) co_return only_registrars();
  if (wish.key.empty() || wish.key.size() > 128)
    co_return fail(ErrorCode::invalid_param, "A key has 1 to 128 characters.");
  if (wish.count < 1 || wish.count > kMostAtOnce)
    co_return fail(ErrorCode::invalid_param, "Reserve 1 to 100 numbers at once.");
  auto const series = register_.series(wish.authority, wish.record_type);
  auto const now = runtime_.now();
  auto const year = static_cast<int>(std::chrono::year_month_day(governance::day_of(now)).year());
  Reserve const request{.authority = wish.authority,
                        .code = series.code,
                        .series = series.n,
                        .pattern = series.pattern,
                        .count = wish.count,
                        .reason = wish.reason,
                        .key = wish.key,
                        .by = wish.by,
                        .by_id = people_.user_id(wish.by),
                        .at = now,
                        .year = year,
                        .seed = draw_salt_seed(runtime_)};
  auto const id = co_await database_.write(
      [request](db::Transaction& transaction) { return records::reserve(transaction, request); });
  if (!id) co_return std::unexpected(id.error());
  co_return co_await find(wish.by, *id);
}

Task<Result<>> Reservations::declare_void(UserNid by, AuthorityId authority, std::vector<std::string> numbers,
                                          std::string reason) {
  auto const* known = governance_.authority(authority);
  if (known == nullptr || !governance_.may(by, governance::Act::work_at_desk, authority))
    co_return only_registrars();
  if (is_blank(reason)) co_return fail(ErrorCode::missing_param, "Say why the numbers were not used.");
  if (numbers.empty() || numbers.size() > static_cast<std::size_t>(kMostAtOnce))
    co_return fail(ErrorCode::invalid_param, "Name 1 to 100 numbers.");
  VoidNumbers const request{authority, known->code,         std::move(numbers), std::move(reason),
                            by,        people_.user_id(by), runtime_.now(),     draw_salt_seed(runtime_)};
  co_return co_await database_.write(
      [request](db::Transaction& transaction) { return records::declare_void(transaction, request); });
}

Task<Result<Reservation>> Reservations::find(UserNid by, std::int64_t id) {
  auto found =
      co_await database_.read([id](db::Reader& reader) { return reserve_store::reservation(reader, id); });
  if (!found) co_return fail(std::move(found));
  if (!*found || !register_.may_read(by, (*found)->authority))
    co_return fail(ErrorCode::not_found, "There is no such reservation.");
  co_return std::move(**found);
}

Task<Result<std::vector<Reservation>>> Reservations::list(UserNid by, AuthorityId authority,
                                                          std::optional<ReservedState> state,
                                                          std::int64_t before) {
  if (!register_.may_read(by, authority))
    co_return fail(ErrorCode::forbidden, "You have no role in this authority's register.");
  co_return co_await database_.read(
      [=](db::Reader& reader) { return reserve_store::list(reader, authority, state, before, kPage); });
}

}  // namespace torg::records
