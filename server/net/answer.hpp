#pragma once
#include "base/time.hpp"
#include "net/http.hpp"

namespace torg::net {

/// What the head of an answer needs besides the `Response`.
struct AnswerFacts {
  Method method = Method::get;
  std::uint64_t content_length = 0;
  RequestId id;
  bool keep_alive = true;
  bool http_1_0 = false;
};

/// The headers that every answer carries: CORS as the client-server specification asks ("Web browser
/// clients"), and the date. Made once a second.
[[nodiscard]] std::string common_headers(Instant now);
/// Appends status line and headers. Line breaks in a header's value are dropped, so that no value can add a
/// header.
void append_head(std::string& out, Response const& response, AnswerFacts const& facts,
                 std::string_view common);
/// 1xx, 204 and 304 have no body (RFC 9112, 6.3), and the answer to HEAD is only the head.
[[nodiscard]] bool carries_body(unsigned status, Method method);

/// Whether compressing would pay: text of at least 1 KiB that isn't compressed yet.
[[nodiscard]] bool worth_gzip(Response const& response);
/// gzip (RFC 1952) at a level for answers made on the spot.
[[nodiscard]] std::string gzip(std::string_view bytes);
/// Puts a compressed body in, with the headers that say so; weakens an `etag`.
void replace_with_gzip(Response& response, std::string compressed);

}  // namespace torg::net
