#include "net/address_policy.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace torg::net {
namespace {

namespace ip = boost::asio::ip;

struct V4Block {
  std::uint32_t address;
  unsigned short prefix;
};

/// https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.
constexpr V4Block kSpecialV4[] = {
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // shared by a provider's customers (RFC 6598)
    {0x7F000000, 8},   // loopback
    {0xA9FE0000, 16},  // link-local; cloud providers tell secrets there
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0586300, 24},  // 6to4 relays
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 4},   // multicast
    {0xF0000000, 4},   // reserved, broadcast
};

/// What is special inside 2000::/3, the only part of IPv6 that is handed out
/// (https://www.iana.org/assignments/iana-ipv6-special-registry).
constexpr char const* kSpecialV6[] = {
    "2001::/23",      // protocol assignments, Teredo
    "2001:db8::/32",  // documentation
    "2002::/16",      // 6to4: an IPv4 address in disguise
    "3fff::/20",      // documentation
};

bool is_public_v4(ip::address_v4 const& address) {
  return std::ranges::none_of(kSpecialV4, [&](V4Block const& block) {
    return (address.to_uint() ^ block.address) >> (32 - block.prefix) == 0;
  });
}

bool lies_in(ip::address_v6 const& address, ip::network_v6 const& network) {
  return ip::network_v6(address, network.prefix_length()).canonical() == network.canonical();
}

bool lies_in(ip::address_v4 const& address, ip::network_v4 const& network) {
  return ip::network_v4(address, network.prefix_length()).canonical() == network.canonical();
}

ip::address_v4 last_four_bytes(ip::address_v6 const& address) {
  auto const bytes = address.to_bytes();
  return ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

bool is_public_v6(ip::address_v6 const& address) {
  if (address.is_v4_mapped() || lies_in(address, ip::make_network_v6("64:ff9b::/96")))
    return is_public_v4(last_four_bytes(address));
  if (!lies_in(address, ip::make_network_v6("2000::/3"))) return false;
  return std::ranges::none_of(
      kSpecialV6, [&](char const* block) { return lies_in(address, ip::make_network_v6(block)); });
}

/// An address alone is a network of one.
std::string with_prefix(std::string const& entry) {
  if (entry.contains('/')) return entry;
  return entry + (entry.contains(':') ? "/128" : "/32");
}

}  // namespace

bool is_public(ip::address const& address) {
  return address.is_v4() ? is_public_v4(address.to_v4()) : is_public_v6(address.to_v6());
}

Result<NetworkList> NetworkList::parse(std::vector<std::string> const& entries) {
  NetworkList list;
  for (auto const& entry : entries) {
    boost::system::error_code error;
    if (entry.contains(':'))
      list.v6_.push_back(ip::make_network_v6(with_prefix(entry), error));
    else
      list.v4_.push_back(ip::make_network_v4(with_prefix(entry), error));
    if (error) {
      return fail(ErrorCode::invalid_param,
                  fmt::format("'{}' is no network; examples are 10.1.0.0/16 and fd00::/8.", entry));
    }
  }
  return list;
}

bool NetworkList::contains(ip::address const& address) const {
  auto const holds = [&](auto const& inner) {
    return [&](auto const& network) { return lies_in(inner, network); };
  };
  if (address.is_v4()) return std::ranges::any_of(v4_, holds(address.to_v4()));
  auto const v6 = address.to_v6();
  if (v6.is_v4_mapped() && std::ranges::any_of(v4_, holds(last_four_bytes(v6)))) return true;
  return std::ranges::any_of(v6_, holds(v6));
}

}  // namespace torg::net
