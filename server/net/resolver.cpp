#include "net/resolver.hpp"

#include <cstring>
#include <netdb.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace torg::net {
namespace {

constexpr std::chrono::seconds kKept{30};
constexpr std::size_t kMostKept = 512;
constexpr std::size_t kMostAsked = 256;
constexpr std::size_t kThreads = 4;

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<Resolver::Addresses> ask_system(std::string const& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int const error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0)
    return fail(ErrorCode::unavailable, "The server " + host + " cannot be found.", ::gai_strerror(error));
  std::unique_ptr<addrinfo, FreeAddresses> const owned(found);
  Resolver::Addresses addresses;
  for (auto const* entry = found; entry != nullptr; entry = entry->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (entry->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoint.resize(entry->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  return addresses;
}

}  // namespace

struct Resolver::Threads {
  asio::thread_pool pool{kThreads};
};

Resolver::Resolver(Runtime& runtime) : runtime_(runtime) {}

Resolver::~Resolver() {
  self_.reset();
  if (!threads_) return;
  threads_->pool.stop();
  threads_->pool.join();
}

void Resolver::look_up(std::string host, Then then) {
  boost::system::error_code error;
  auto const literal = asio::ip::make_address(host, error);
  if (!error) return then(Addresses{literal});
  if (auto const known = known_.find(host);
      known != known_.end() && known->second.until > runtime_.steady_now())
    return then(known->second.addresses);
  auto const asked = asked_.find(host);
  if (asked != asked_.end()) return asked->second.push_back(std::move(then));
  if (asked_.size() >= kMostAsked)
    return then(fail(ErrorCode::unavailable, "Too many names are being looked up. Please try again."));
  asked_[host].push_back(std::move(then));
  if (!threads_) threads_ = std::make_unique<Threads>();
  asio::post(threads_->pool, [&runtime = runtime_, weak = std::weak_ptr(self_), host = std::move(host)] {
    auto found = ask_system(host);
    runtime.post([weak, host, found = std::move(found)] {
      auto const self = weak.lock();
      if (!self) return;
      if (found) (*self)->remember(host, *found);
      auto waiting = std::move((*self)->asked_.extract(host).mapped());
      for (auto& each : waiting) each(found);
    });
  });
}

void Resolver::remember(std::string const& host, Addresses const& addresses) {
  auto const now = runtime_.steady_now();
  if (known_.size() >= kMostKept)
    std::erase_if(known_, [&](auto const& entry) { return entry.second.until <= now; });
  if (known_.size() >= kMostKept) known_.erase(known_.begin());
  known_.insert_or_assign(host, Known{addresses, now + kKept});
}

}  // namespace torg::net
