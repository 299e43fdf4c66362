#pragma once
#include "base/result.hpp"

#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace torg::net {

/// Whether anybody on the internet may be at this address: neither private, loopback, link-local, multicast
/// nor reserved for anything else (the IANA registries of special-purpose addresses, RFC 6890). An IPv4
/// address inside an IPv6 one (RFC 4291, 2.5.5.2; RFC 6052) is judged itself.
[[nodiscard]] bool is_public(boost::asio::ip::address const& address);

/// Networks and addresses that an administrator named.
class NetworkList {
 public:
  /// @return `invalid_param` with a sentence for the administrator
  [[nodiscard]] static Result<NetworkList> parse(std::vector<std::string> const& entries);
  [[nodiscard]] bool contains(boost::asio::ip::address const& address) const;

 private:
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace torg::net
