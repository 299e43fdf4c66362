#include "net/answer.hpp"

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <zlib.h>

#include <boost/beast/http/status.hpp>
#include <fmt/chrono.h>

namespace torg::net {
namespace {

constexpr std::size_t kSmallestGzip = 1024;
constexpr int kGzipLevel = 4;
constexpr int kGzipWindow = 15 + 16;  ///< zlib's way to say: a gzip header

void append_number(std::string& out, std::uint64_t number) {
  fmt::format_int const text(number);
  out.append(text.data(), text.size());
}

void append_status_line(std::string& out, unsigned status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  append_number(out, status);
  out += ' ';
  auto const reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) {
    out += value;
  } else {
    std::ranges::copy_if(value, std::back_inserter(out),
                         [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
  }
  out += "\r\n";
}

std::string_view header(Response const& response, std::string_view name) {
  auto const found =
      std::ranges::find(response.headers, name, [](auto const& h) -> auto const& { return h.first; });
  return found == response.headers.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string common_headers(Instant now) {
  auto const seconds = static_cast<std::time_t>(to_ms(now) / 1000);
  return fmt::format(
      "access-control-allow-origin: *\r\n"
      "access-control-allow-methods: GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS\r\n"
      "access-control-allow-headers: X-Requested-With, Content-Type, Authorization\r\n"
      "date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
      fmt::gmtime(seconds));
}

bool carries_body(unsigned status, Method method) {
  return status >= 200 && status != 204 && status != 304 && method != Method::head;
}

void append_head(std::string& out, Response const& response, AnswerFacts const& facts,
                 std::string_view common) {
  append_status_line(out, response.status);
  for (auto const& [name, value] : response.headers) append_header(out, name, value);
  if (response.status != 204 && response.status != 304) {
    out += "content-length: ";
    append_number(out, facts.content_length);
    out += "\r\n";
  }
  out += common;
  out += "x-request-id: ";
  auto const reference = to_text(facts.id);
  out += reference;
  if (!facts.keep_alive)
    out += "\r\nconnection: close";
  else if (facts.http_1_0)
    out += "\r\nconnection: keep-alive";
  out += "\r\n\r\n";
}

bool worth_gzip(Response const& response) {
  if (response.body.size() < kSmallestGzip || response.file || response.status == 206) return false;
  if (!header(response, "content-encoding").empty() || !header(response, "content-range").empty())
    return false;
  auto const type = header(response, "content-type");
  return type.starts_with("text/") || type.starts_with("application/json") ||
         type.starts_with("application/javascript") || type.starts_with("image/svg+xml") ||
         type.starts_with("application/xml") || type.contains("+json") || type.contains("+xml");
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  int const result = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw std::runtime_error("zlib did not finish");
  return out;
}

void replace_with_gzip(Response& response, std::string compressed) {
  response.body = std::move(compressed);
  for (auto& [name, value] : response.headers) {
    if (name == "etag" && !value.starts_with("W/")) value.insert(0, "W/");
  }
  response.headers.emplace_back("content-encoding", "gzip");
}

}  // namespace torg::net
