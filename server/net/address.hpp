#pragma once
#include "base/result.hpp"

#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace torg::net {

struct ListenAddress {
  bool tls = false;
  boost::asio::ip::tcp::endpoint endpoint;
};

/// `http://127.0.0.1:8008`, `https://[::]:8448`. The host must be an address: a name could change its
/// meaning. Without port 80 or 443. @return `invalid_param` with a sentence for the administrator
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);
[[nodiscard]] std::string to_text(ListenAddress const& address);

}  // namespace torg::net
