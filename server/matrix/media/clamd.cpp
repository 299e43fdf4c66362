#include "matrix/media/clamd.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace torg::matrix {
namespace {

constexpr std::size_t kChunk = 128 * 1024;
constexpr std::size_t kLongestReply = 4096;
constexpr std::size_t kLongestName = 200;
/// For one step; the daemon reads as fast as it can and answers when it has scanned.
constexpr timeval kPatience{.tv_sec = 30, .tv_usec = 0};

std::unexpected<Error> no_verdict(std::string detail) {
  return fail(ErrorCode::unavailable, "The file can't be checked for viruses right now. Try again later.",
              std::move(detail));
}

bool connect_to(int socket, void const* address, std::size_t size) {
  return ::connect(socket, static_cast<sockaddr const*>(address), static_cast<socklen_t>(size)) == 0;
}

Result<Descriptor> connect_to(ClamdAddress const& where) {
  namespace ip = boost::asio::ip;
  auto const endpoint =
      where.path.empty() ? ip::tcp::endpoint(ip::make_address(where.host), where.port) : ip::tcp::endpoint();
  int const family = where.path.empty() ? endpoint.protocol().family() : AF_UNIX;
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  sockaddr_un local{.sun_family = AF_UNIX, .sun_path = {}};
  std::ranges::copy_n(where.path.begin(), static_cast<std::ptrdiff_t>(where.path.size()), local.sun_path);
  bool const connected = where.path.empty() ? connect_to(socket.get(), endpoint.data(), endpoint.size())
                                            : connect_to(socket.get(), &local, sizeof local);
  if (!connected) return no_verdict(fmt::format("clamd does not answer: {}", std::strerror(errno)));
  return socket;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// The length of a chunk, as it goes before it: four bytes, the most significant first.
std::array<char, 4> length_prefix(std::size_t size) {
  return {static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
          static_cast<char>(size)};
}

bool send_chunk(int socket, std::string_view bytes) {
  auto const prefix = length_prefix(bytes.size());
  return send_all(socket, {prefix.data(), prefix.size()}) && send_all(socket, bytes);
}

/// @return false when the file could not be read. A daemon that stops listening has said why: that is read
/// next.
bool send_file(int socket, int file) {
  std::vector<char> chunk(kChunk);
  for (;;) {
    auto const got = ::read(file, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    if (!send_chunk(socket, {chunk.data(), static_cast<std::size_t>(got)})) return true;
  }
  send_chunk(socket, {});
  return true;
}

std::string read_reply(int socket) {
  std::string reply;
  std::array<char, 512> part{};
  while (reply.size() < kLongestReply && reply.find('\0') == std::string::npos) {
    auto const got = ::recv(socket, part.data(), part.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    reply.append(part.data(), static_cast<std::size_t>(got));
  }
  return reply;
}

}  // namespace

Result<ClamdAddress> parse_clamd_address(std::string_view text) {
  auto const refuse = [&] {
    return fail(
        ErrorCode::invalid_param,
        fmt::format("'{}' is not where clamd could listen; examples are unix:/run/clamav/clamd.ctl and "
                    "tcp:127.0.0.1:3310.",
                    text));
  };
  if (text.starts_with("unix:/") && text.size() - 5 < sizeof(sockaddr_un::sun_path))
    return ClamdAddress{.path = std::string(text.substr(5)), .host = {}};
  auto const colon = text.rfind(':');
  if (!text.starts_with("tcp:") || colon < 4 || colon == std::string_view::npos) return refuse();
  auto host = text.substr(4, colon - 4);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  ClamdAddress address{.path = {}, .host = std::string(host)};
  auto const digits = text.substr(colon + 1);
  auto const [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  boost::system::error_code unusable;
  (void)boost::asio::ip::make_address(address.host, unusable);
  if (unusable || code != std::errc{} || stop != digits.data() + digits.size() || address.port == 0)
    return refuse();
  return address;
}

Result<std::string> parse_clamd_reply(std::string_view reply) {
  constexpr std::string_view kStream = "stream: ", kFound = " FOUND";
  reply = reply.substr(0, std::min(reply.find('\0'), reply.find('\n')));
  if (reply == "stream: OK") return std::string();
  if (!reply.starts_with(kStream) || !reply.ends_with(kFound) ||
      reply.size() <= kStream.size() + kFound.size())
    return no_verdict(fmt::format("clamd says '{}'", reply));
  reply.remove_prefix(kStream.size());
  reply.remove_suffix(kFound.size());
  std::string name(reply.substr(0, kLongestName));
  for (auto& c : name)
    if (c < 0x20 || c > 0x7E) c = '?';
  return name;
}

Result<std::string> scan_with_clamd(ClamdAddress const& address, std::filesystem::path const& file) {
  auto const opened = open_file(file, O_RDONLY);
  if (!opened) return no_verdict(fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
  auto const socket = connect_to(address);
  if (!socket) return std::unexpected(socket.error());
  using namespace std::string_view_literals;
  if (!send_all(socket->get(), "zINSTREAM\0"sv) || !send_file(socket->get(), opened.get()))
    return no_verdict("the file could not be sent to clamd");
  return parse_clamd_reply(read_reply(socket->get()));
}

}  // namespace torg::matrix
