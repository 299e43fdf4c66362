#pragma once
#include "net/client.hpp"

#include <boost/beast/http/basic_parser.hpp>

namespace torg::net {

/// Turns the bytes of one answer into a `ClientAnswer`, within limits, whatever the other side sends. One
/// parser per answer; an interim one (1xx) counts as one.
class AnswerParser final : public boost::beast::http::basic_parser<false> {
 public:
  struct Limits {
    std::size_t header_bytes;
    std::size_t headers;
    std::uint64_t body_bytes;
  };
  /// `body`: whether the request asked for one (`HEAD` does not).
  enum class Body : std::uint8_t { expected, none };
  AnswerParser(Limits limits, Body body);

  /// Takes what it can of `bytes`; the caller keeps the rest and brings it again with what follows.
  /// @return how much it took
  std::size_t feed(std::string_view bytes);
  /// The other side has closed.
  void end();

  /// The answer is whole, or `problem` says why it never will be.
  [[nodiscard]] bool finished() const { return problem_.has_value() || is_done(); }
  [[nodiscard]] std::optional<torg::Error> const& problem() const { return problem_; }
  [[nodiscard]] bool is_interim() const { return answer_.status / 100 == 1; }
  [[nodiscard]] ClientAnswer take() { return std::move(answer_); }

 private:
  using Error = boost::beast::http::error;
  using Code = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb, Text, Text, int, Code&) override {}
  void on_response_impl(int status, Text, int, Code&) override {
    answer_.status = static_cast<unsigned>(status);
  }
  void on_field_impl(boost::beast::http::field field, Text name, Text value, Code& ec) override;
  void on_header_impl(Code& ec) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const&, Code&) override {}
  std::size_t on_body_impl(Text body, Code& ec) override;
  void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, Code& ec) override {
    return on_body_impl(body, ec);
  }
  void on_finish_impl(Code&) override {}

  void refuse(Code& ec, ErrorCode code, std::string message);

  Limits limits_;
  ClientAnswer answer_;
  std::optional<torg::Error> problem_;
  std::size_t header_size_ = 0;
  std::size_t fields_ = 0;
  bool header_seen_ = false;
};

}  // namespace torg::net
