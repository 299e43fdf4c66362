// Who is asking when a proxy passes it on.
#include "net/session.hpp"

#include <algorithm>

namespace torg::net {

/// Where the request comes from; behind trusted proxies, the address that the first of them saw.
std::string Session::origin_of(Request const& request) const {
  auto const& proxies = core_->trusted_proxies;
  auto const trusted = [&](auto const& a) { return std::ranges::find(proxies, a) != proxies.end(); };
  auto origin = remote_address_;
  for (auto field = request.headers.rbegin(); field != request.headers.rend(); ++field) {
    if (field->first != "x-forwarded-for") continue;
    for (std::string_view rest = field->second; !rest.empty() && trusted(origin);) {
      auto const comma = rest.find_last_of(", ");
      auto const last = rest.substr(comma + 1);  // npos + 1 is the beginning
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
      if (last.empty()) continue;
      boost::system::error_code error;
      auto const address = asio::ip::make_address(last, error);
      if (error) return origin;
      origin = address.to_string();
    }
  }
  return origin;
}

}  // namespace torg::net
