#pragma once
#include "net/server.hpp"

#include <memory>

#include <boost/beast/http/basic_parser.hpp>

namespace torg::net {

/// What a parser needs to know of the server it works for.
struct ParserContext {
  Router const& router;
  Limits const& limits;
  std::size_t& body_memory;  ///< bytes of all bodies in memory now, against `Limits::body_memory`
};

/// Turns the bytes of one request into a `Request`, and finds its route as soon as the headers are there,
/// because the route says how large a body may be and where it goes. One parser per request.
///
/// Stricter than RFC 9112 demands where requests could be smuggled: `transfer-encoding` is `chunked` or
/// refused, and never together with `content-length`; exactly one `host`; no header over two lines; trailers
/// are dropped.
class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(ParserContext const& context);
  ~RequestParser() override;

  /// Takes what it can of `bytes`; the caller keeps the rest and brings it again with what follows.
  /// @return how much it took
  std::size_t feed(std::string_view bytes);

  /// The request is whole, or `rejection` says why it never will be.
  [[nodiscard]] bool finished() const { return rejection_ != nullptr || is_done(); }
  [[nodiscard]] Response const* rejection() const { return rejection_.get(); }
  void reject(Response response);
  [[nodiscard]] bool header_seen() const { return header_seen_; }
  /// Of the body so far, without what chunks add.
  [[nodiscard]] std::uint64_t body_size() const { return body_size_; }
  [[nodiscard]] bool is_http_1_0() const { return http_1_0_; }
  [[nodiscard]] bool accepts_gzip() const { return accepts_gzip_; }
  [[nodiscard]] Method method() const { return method_; }
  /// The client waits for `100 Continue` before it sends the body.
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  [[nodiscard]] bool take_expectation() { return std::exchange(expects_continue_, false); }
  /// The body goes to a file: the caller drains `file_part` into it.
  [[nodiscard]] bool to_file() const { return sink_ == BodyKind::file; }
  [[nodiscard]] std::string& file_part() { return call_->request.body; }
  [[nodiscard]] std::string const& file_part() const { return call_->request.body; }

  /// What the headers led to; the call has the parameters.
  [[nodiscard]] Router::Match const& match() const { return match_; }
  std::unique_ptr<Call> take_call() { return std::move(call_); }

 private:
  using Error = boost::beast::http::error;
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb verb, Text method, Text target, int version,
                       Code& ec) override;
  void on_response_impl(int, Text, int, Code&) override {}
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Code& ec) override;
  void on_header_impl(Code& ec) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, Code& ec) override;
  std::size_t on_body_impl(Text body, Code& ec) override;
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code& ec) override {
    return on_body_impl(body, ec);
  }
  void on_finish_impl(Code&) override {}

  std::size_t parse(std::string_view bytes);
  void note_field(boost::beast::http::field field, std::string_view value, Code& ec);
  void choose_sink(Code& ec);
  void refuse(Code& ec, unsigned status, ErrorCode code, std::string message);
  void explain(Code ec);

  ParserContext context_;
  std::unique_ptr<Call> call_;  ///< from the request line on, so that a connection between requests has none
  Router::Match match_;
  std::unique_ptr<Response> rejection_;
  std::string_view input_;  ///< what is being parsed
  std::uint64_t body_size_ = 0;
  std::uint64_t max_body_ = 0;
  std::size_t in_memory_ = 0;  ///< our share of `ParserContext::body_memory`
  std::uint32_t header_size_ = 0;
  std::uint16_t fields_ = 0;
  std::uint8_t hosts_ = 0;
  Method method_ = Method::other;
  BodyKind sink_ = BodyKind::none;
  bool header_seen_ = false;
  bool http_1_0_ = false;
  bool accepts_gzip_ = false;
  bool expects_continue_ = false;
};

}  // namespace torg::net
