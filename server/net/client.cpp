#include "net/client.hpp"

#include "base/log.hpp"
#include "net/client_exchange.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>

namespace torg::net {
namespace {

bool is_token(std::string_view name) {
  auto const good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
  };
  return !name.empty() && std::ranges::all_of(name, good);
}

/// Nothing in it ends the line.
bool is_one_line(std::string_view value) {
  return std::ranges::all_of(value, [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7F); });
}

Result<> check_headers(Headers const& headers) {
  for (auto const& [name, value] : headers) {
    if (!is_token(name) || !is_one_line(value))
      return fail(ErrorCode::invalid_param, "A header of the request is not valid.", name);
  }
  return {};
}

/// An IPv6 address without its brackets, a name in lower case.
std::string host_of(boost::urls::url const& url) {
  auto host =
      std::string(url.host_type() == boost::urls::host_type::ipv6 ? url.host_address() : url.encoded_host());
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return host;
}

Result<Origin> origin_of(ClientRequest const& request) {
  auto const& url = request.url;
  auto const scheme = url.scheme_id();
  bool const known = scheme == boost::urls::scheme::http || scheme == boost::urls::scheme::https;
  if (!known || url.has_userinfo())
    return fail(ErrorCode::invalid_param, "Only http and https addresses without a user can be asked.");
  Origin origin{scheme == boost::urls::scheme::https, host_of(url), 0, request.policy};
  origin.port = origin.tls ? 443 : 80;
  if (auto const digits = url.port(); !digits.empty()) {
    // Not `port_number()`: it makes something of 99999.
    auto const [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), origin.port);
    if (code != std::errc{} || end != digits.data() + digits.size() || origin.port == 0)
      return fail(ErrorCode::invalid_param, "The port of the address is not valid.");
  }
  // What is still percent-encoded is no name that the system could look up.
  if (origin.host.empty() || origin.host.size() > 253 || origin.host.contains('%'))
    return fail(ErrorCode::invalid_param, "The address names no host.");
  return origin;
}

class RealHttpClient final : public HttpClient {
 public:
  explicit RealHttpClient(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {
    // OpenSSL writes with write(2); a server that has gone must be an error, not a signal.
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~RealHttpClient() override { stop(); }

  Task<Result<ClientAnswer>> send(ClientRequest request) override {
    auto origin = origin_of(request);
    if (!origin) co_return fail(std::move(origin));
    if (auto good = check_headers(request.headers); !good) co_return fail(std::move(good));
    if (core_->stopped) co_return std::unexpected(stopping());
    if (origin->tls && !core_->trust) {
      auto trust = TlsTrust::load(core_->settings.ca_file);
      if (!trust) co_return fail(std::move(trust));
      core_->trust = *std::move(trust);
    }
    Exchange exchange(core_, std::move(request), *std::move(origin));
    co_return co_await exchange.run();
  }

  void stop() override {
    core_->stopped = true;
    for (auto* exchange : core_->under_way) exchange->abort(stopping());
    core_->pool.clear();
  }

 private:
  static Error stopping() { return {ErrorCode::unavailable, "The server stops.", {}}; }

  std::shared_ptr<ClientCore> core_;
};

class UnconnectedClient final : public HttpClient {
 public:
  Task<Result<ClientAnswer>> send(ClientRequest) override {
    co_return fail(ErrorCode::unavailable, "There is no network here.");
  }
};

}  // namespace

std::optional<std::string_view> ClientAnswer::header(std::string_view lower_case_name) const {
  auto const found = std::ranges::find(headers, lower_case_name, &Headers::value_type::first);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

Result<std::unique_ptr<HttpClient>> make_http_client(Runtime& runtime, ClientSettings settings) {
  auto allowed = NetworkList::parse(settings.allowed_networks);
  if (!allowed) return fail(std::move(allowed));
  if (!settings.ca_file.empty()) {
    // Said at the start, not at the first request.
    if (auto trust = TlsTrust::load(settings.ca_file); !trust) return fail(std::move(trust));
  }
  return std::make_unique<RealHttpClient>(
      std::make_shared<ClientCore>(runtime, std::move(settings), *std::move(allowed)));
}

std::unique_ptr<HttpClient> make_unconnected_client() { return std::make_unique<UnconnectedClient>(); }

}  // namespace torg::net
