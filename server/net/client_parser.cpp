#include "net/client_parser.hpp"

#include <boost/asio/buffer.hpp>

namespace torg::net {
namespace {

namespace http = boost::beast::http;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

}  // namespace

AnswerParser::AnswerParser(Limits limits, Body body) : limits_(limits) {
  eager(true);
  skip(body == Body::none);
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(boost::none);  // kept here, with a better word
}

std::size_t AnswerParser::feed(std::string_view bytes) {
  if (finished() || bytes.empty()) return 0;
  Code ec;
  auto const taken = put(asio::const_buffer(bytes.data(), bytes.size()), ec);
  // Only the line of a chunk or the trailers can be this long: Beast limits the headers itself.
  if (ec == Error::need_more) ec = bytes.size() - taken > limits_.header_bytes ? Error::header_limit : Code{};
  if (ec == Error::header_limit)
    refuse(ec, ErrorCode::too_large, "The headers of the answer are too large.");
  else if (ec)
    refuse(ec, ErrorCode::unavailable, "The answer is no valid HTTP.");
  return taken;
}

void AnswerParser::end() {
  if (finished()) return;
  Code ec;
  if (got_some()) put_eof(ec);
  if (ec || !is_done())
    refuse(ec, ErrorCode::unavailable, "The connection ended before the answer was whole.");
}

void AnswerParser::refuse(Code& ec, ErrorCode code, std::string message) {
  if (!problem_) problem_ = torg::Error{code, std::move(message), ec ? ec.message() : std::string()};
  ec = Error::bad_value;  // any error makes the parser stop
}

void AnswerParser::on_field_impl(http::field, Text name, Text value, Code& ec) {
  header_size_ += name.size() + value.size() + 4;
  if (header_size_ > limits_.header_bytes || ++fields_ > limits_.headers)
    return refuse(ec, ErrorCode::too_large, "The headers of the answer are too large.");
  if (!header_seen_) answer_.headers.emplace_back(lower(view(name)), view(value));  // no trailers
}

void AnswerParser::on_header_impl(Code& ec) {
  header_seen_ = true;
  if (answer_.status < 100 || answer_.status == 101 || answer_.status > 599)
    return refuse(ec, ErrorCode::unavailable, "The answer has a status that nobody asked for.");
  if (!skip() && content_length().value_or(0) > limits_.body_bytes)
    refuse(ec, ErrorCode::too_large, "The answer is too large.");
}

std::size_t AnswerParser::on_body_impl(Text body, Code& ec) {
  if (answer_.body.size() + body.size() > limits_.body_bytes)
    refuse(ec, ErrorCode::too_large, "The answer is too large.");
  else
    answer_.body.append(body.data(), body.size());
  return body.size();
}

}  // namespace torg::net
