#include "net/rate_limiter.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace torg::net {
namespace {

/// These are for people who have not signed in, or are about to.
bool is_by_address(Limit limit) {
  using enum Limit;
  return limit == registration || limit == login || limit == token_check || limit == public_page ||
         limit == public_request;
}

std::string_view room_of(Call const& call) {
  return call.path.empty() ? std::string_view{} : std::string_view(call.path.front());
}

}  // namespace

std::string network_of(std::string const& address) {
  boost::system::error_code error;
  auto const parsed = asio::ip::make_address(address, error);
  if (error || !parsed.is_v6()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  if (parsed.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, parsed.to_v6()).to_string();
  std::fill(bytes.begin() + bytes.size() / 2, bytes.end(), 0);
  return asio::ip::address_v6(bytes).to_string();
}

void RateLimiter::set(Limit limit, Rate rate) { kind(limit).each.emplace(runtime_, rate); }
void RateLimiter::set_in_room(Limit limit, Rate rate) { kind(limit).in_room.emplace(runtime_, rate); }
void RateLimiter::set_in_all(Limit limit, Rate rate) { kind(limit).in_all.emplace(runtime_, rate); }

std::optional<std::string> RateLimiter::name_of(Limit limit, Request const& request) const {
  // Strangers bring a token only when they act for others: an application service makes its users here.
  if (!is_by_address(limit) || request.header("authorization")) {
    auto const user = who_(request);
    if (user == kUncounted) return std::nullopt;
    if (user && !is_by_address(limit)) return "user " + std::to_string(*user);
  }
  return network_of(request.remote_address);
}

void RateLimiter::set_for(std::int64_t person, std::optional<Rate> rate) {
  own_.erase(person);
  if (rate) own_.try_emplace(person, runtime_, *rate);
}

Buckets* RateLimiter::own_buckets(Limit limit, Request const& request) {
  if (limit != Limit::message || own_.empty()) return nullptr;
  auto const person = who_(request);
  auto const found = person ? own_.find(*person) : own_.end();
  return found == own_.end() ? nullptr : &found->second;
}

std::chrono::milliseconds RateLimiter::take(Limit limit, Call const& call) {
  if (auto* own = own_buckets(limit, call.request)) return own->take({});
  auto& kind = this->kind(limit);
  if (!kind.each) return {};
  auto const name = name_of(limit, call.request);
  if (!name) return {};
  if (auto const wait = kind.each->take(*name); wait > wait.zero()) return wait;
  auto wait = kind.in_room ? kind.in_room->take(room_of(call)) : std::chrono::milliseconds{0};
  if (wait == wait.zero() && kind.in_all) wait = kind.in_all->take({});
  if (wait > wait.zero()) kind.each->give_back(*name);  // it was not theirs that was empty
  return wait;
}

void RateLimiter::was_refused(Limit limit, Call const& call) {
  if (own_buckets(limit, call.request) != nullptr) return;  // nothing of the room's was taken
  if (auto& kind = this->kind(limit); kind.in_room) kind.in_room->give_back(room_of(call));
}

}  // namespace torg::net
