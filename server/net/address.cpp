#include "net/address.hpp"

#include <charconv>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace torg::net {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  auto const refuse = [&] {
    return fail(ErrorCode::invalid_param,
                fmt::format("'{}' is no address to listen on; an example is http://127.0.0.1:8008.", text));
  };
  auto const url = boost::urls::parse_uri({text.data(), text.size()});
  if (!url || (url->encoded_path() != "" && url->encoded_path() != "/") || url->has_query()) return refuse();
  if (url->scheme_id() != boost::urls::scheme::http && url->scheme_id() != boost::urls::scheme::https)
    return refuse();
  auto const tls = url->scheme_id() == boost::urls::scheme::https;
  boost::system::error_code error;
  auto const address = boost::asio::ip::make_address(std::string(url->host_address()), error);
  if (error) return refuse();
  std::uint16_t port = tls ? 443 : 80;
  if (url->has_port()) {
    // Not `port_number()`: it makes something of 99999.
    auto const digits = url->port();
    auto const [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (code != std::errc{} || end != digits.data() + digits.size()) return refuse();
  }
  return ListenAddress{tls, {address, port}};
}

std::string to_text(ListenAddress const& address) {
  auto const host = address.endpoint.address().to_string();
  return fmt::format("{}://{}:{}", address.tls ? "https" : "http",
                     address.endpoint.address().is_v6() ? '[' + host + ']' : host, address.endpoint.port());
}

}  // namespace torg::net
