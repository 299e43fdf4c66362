#include "net/address_policy.hpp"

#include <gtest/gtest.h>

namespace torg::net {
namespace {

boost::asio::ip::address at(char const* text) { return boost::asio::ip::make_address(text); }

TEST(AddressPolicy, TakesWhatAnybodyCanReach) {
  for (auto const* address : {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.255.255",
                              "172.32.0.0", "192.0.1.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
                              "2001:4860:4860::8888", "::ffff:1.1.1.1", "64:ff9b::8.8.8.8"})
    EXPECT_TRUE(is_public(at(address))) << address;
}

TEST(AddressPolicy, RefusesWhatIsSpecial) {
  for (auto const* address :
       {"0.0.0.0",         "0.1.2.3",        "10.0.0.1",    "10.255.255.255",  "100.64.0.1",
        "100.127.255.255", "127.0.0.1",      "127.255.0.3", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",  "192.0.0.8",      "192.0.2.1",   "192.168.1.1",     "198.18.0.1",
        "198.19.255.255",  "198.51.100.3",   "203.0.113.9", "224.0.0.1",       "239.255.255.255",
        "240.0.0.1",       "255.255.255.255"})
    EXPECT_FALSE(is_public(at(address))) << address;
}

TEST(AddressPolicy, RefusesWhatIsSpecialInVersionSix) {
  for (auto const* address :
       {"::", "::1", "::7f00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
        "fc00::1", "fdff::1", "fe80::1", "fec0::1", "ff02::1", "4000::1"})
    EXPECT_FALSE(is_public(at(address))) << address;
}

TEST(AddressPolicy, JudgesTheVersionFourAddressInsideAVersionSixOne) {
  for (auto const* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
                              "64:ff9b::127.0.0.1", "64:ff9b::192.168.0.1", "64:ff9b:1::8.8.8.8"})
    EXPECT_FALSE(is_public(at(address))) << address;
}

TEST(AddressPolicy, AListHoldsNetworksAndAddresses) {
  auto const list = NetworkList::parse({"10.1.0.0/16", "192.168.7.7", "fd00:1::/32"});
  ASSERT_TRUE(list);
  for (auto const* address : {"10.1.200.3", "192.168.7.7", "fd00:1:2::3", "::ffff:10.1.0.1"})
    EXPECT_TRUE(list->contains(at(address))) << address;
  for (auto const* address : {"10.2.0.1", "192.168.7.8", "fd00:2::1", "::ffff:10.2.0.1"})
    EXPECT_FALSE(list->contains(at(address))) << address;
}

TEST(AddressPolicy, AListSaysWhatIsNoNetwork) {
  for (auto const* entry : {"intranet", "10.1.0.0/33", "10.1.0", "fd00::/129", ""}) {
    auto const list = NetworkList::parse({entry});
    ASSERT_FALSE(list) << entry;
    EXPECT_NE(list.error().message.find("is no network"), std::string::npos);
  }
}

}  // namespace
}  // namespace torg::net
