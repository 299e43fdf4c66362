#include "net/request_parser.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>

namespace torg::net {
namespace {

namespace http = boost::beast::http;

/// A body that nobody reads is skipped up to this size, to keep the connection; a larger one ends it.
constexpr std::uint64_t kSkippedBody = 64 * 1024;
/// Memory is not reserved for more than this on the word of a `content-length`.
constexpr std::uint64_t kReservedBody = 64 * 1024;

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::delete_:
      return Method::delete_;
    case http::verb::options:
      return Method::options;
    case http::verb::patch:
      return Method::patch;
    default:
      return Method::other;
  }
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

/// Of the absolute form (`http://host/path`, RFC 9112, 3.2.2) the path; other forms as they are.
std::string_view origin_form(std::string_view target) {
  if (target.starts_with('/')) return target;
  auto const scheme = target.find("://");
  if (scheme == std::string_view::npos || lower(target.substr(0, scheme)).find("http") != 0) return target;
  auto const path = target.find_first_of("/?", scheme + 3);
  return path == std::string_view::npos || target[path] == '?' ? "/" : target.substr(path);
}

/// How much of `bytes` is empty lines, which some clients send after a body (RFC 9112, 2.2).
std::size_t skip_empty_lines(std::string_view bytes) {
  std::size_t skipped = 0;
  while (bytes.substr(skipped).starts_with("\r\n")) skipped += 2;
  return skipped;
}

/// `gzip` in `accept-encoding`, unless with weight zero.
bool offers_gzip(std::string_view value) {
  auto const at = value.find("gzip");
  if (at == std::string_view::npos) return false;
  auto const item = value.substr(at, value.find(',', at) - at);
  auto const weight = item.find("q=");
  return weight == std::string_view::npos ||
         item.find_first_of("123456789", weight) != std::string_view::npos;
}

}  // namespace

RequestParser::RequestParser(ParserContext const& context) : context_(context) {
  eager(true);
  header_limit(static_cast<std::uint32_t>(context.limits.header_bytes));
  body_limit(boost::none);  // the route's limit is kept here
}

RequestParser::~RequestParser() { context_.body_memory -= in_memory_; }

std::size_t RequestParser::feed(std::string_view bytes) {
  if (finished()) return 0;
  bool const between = !got_some();
  auto const skipped = between ? skip_empty_lines(bytes) : 0;
  bytes.remove_prefix(skipped);
  if (bytes.empty() || (between && bytes == "\r")) return skipped;
  return skipped + parse(bytes);
}

std::size_t RequestParser::parse(std::string_view bytes) {
  Code ec;
  input_ = bytes;
  auto const taken = put(asio::const_buffer(bytes.data(), bytes.size()), ec);
  if (ec == Error::need_more) {
    // Only the line of a chunk or the trailers can be this long: Beast limits the headers itself.
    if (bytes.size() - taken > context_.limits.header_bytes)
      ec = Error::header_limit;
    else
      ec = {};
  }
  if (ec && !rejection_) explain(ec);
  return taken;
}

void RequestParser::reject(Response response) {
  if (!rejection_) rejection_ = std::make_unique<Response>(std::move(response));
}

void RequestParser::refuse(Code& ec, unsigned status, ErrorCode code, std::string message) {
  auto response = error_response({code, std::move(message), {}});
  response.status = status;
  reject(std::move(response));
  ec = Error::bad_value;  // any error makes the parser stop
}

void RequestParser::explain(Code ec) {
  Code ignored;
  if (ec != Error::header_limit)
    return refuse(ignored, 400, ErrorCode::bad_request, "This is not a valid HTTP request.");
  if (header_size_ == 0)
    return refuse(ignored, 414, ErrorCode::too_large, "The address of the request is too long.");
  refuse(ignored, 431, ErrorCode::too_large, "The headers of the request are too large.");
}

void RequestParser::on_request_impl(http::verb verb, Text method, Text target, int version, Code& ec) {
  header_size_ = static_cast<std::uint32_t>(method.size() + target.size() + 12);
  http_1_0_ = version < 11;
  method_ = method_of(verb);
  call_ = std::make_unique<Call>();
  auto& request = call_->request;
  request.method = method_;
  request.target = origin_form(view(target));
  request.headers.reserve(8);
  bool const asterisk = request.target == "*" && method_ == Method::options;
  if (!request.target.starts_with('/') && !asterisk)
    refuse(ec, 400, ErrorCode::bad_request, "The request has no path.");
}

void RequestParser::on_field_impl(http::field field, Text name, Text value, Code& ec) {
  header_size_ += static_cast<std::uint32_t>(name.size() + value.size() + 4);
  if (header_size_ > context_.limits.header_bytes || ++fields_ > context_.limits.headers) {
    return refuse(ec, 431, ErrorCode::too_large, "The headers of the request are too large.");
  }
  // A value that was continued on a second line has been put together elsewhere (RFC 9112, 5.2: refuse or
  // replace).
  if (!value.empty() && (std::less<>{}(value.data(), input_.data()) ||
                         !std::less<>{}(value.data(), input_.data() + input_.size()))) {
    return refuse(ec, 400, ErrorCode::bad_request, "A header must be on one line.");
  }
  if (header_seen_) return;  // a trailer: nobody asks for one, and it must not pass for a header
  note_field(field, view(value), ec);
  call_->request.headers.emplace_back(lower(view(name)), view(value));
}

void RequestParser::note_field(http::field field, std::string_view value, Code& ec) {
  if (field == http::field::host) {
    ++hosts_;
  } else if (field == http::field::accept_encoding) {
    accepts_gzip_ = offers_gzip(value);
  } else if (field == http::field::transfer_encoding) {
    if (http_1_0_)
      refuse(ec, 400, ErrorCode::bad_request, "HTTP/1.0 has no transfer encodings.");
    else if (lower(value) != "chunked")
      refuse(ec, 501, ErrorCode::bad_request, "This transfer encoding is not supported.");
  } else if (field == http::field::expect && !http_1_0_) {
    if (lower(value) == "100-continue")
      expects_continue_ = true;
    else
      refuse(ec, 417, ErrorCode::bad_request, "This expectation cannot be met.");
  }
}

void RequestParser::on_header_impl(Code& ec) {
  header_seen_ = true;
  if (hosts_ > 1 || (hosts_ == 0 && !http_1_0_)) {
    return refuse(ec, 400, ErrorCode::bad_request, "A request needs exactly one host.");
  }
  match_ = context_.router.match(method_, call_->request.path());
  call_->path = std::move(match_.parameters);
  choose_sink(ec);
  if (is_done()) expects_continue_ = false;
}

void RequestParser::choose_sink(Code& ec) {
  auto const* route = match_.route;
  sink_ = route == nullptr ? BodyKind::none : route->body;
  max_body_ = sink_ == BodyKind::none ? kSkippedBody : route->max_body;
  auto const length = content_length().value_or(0);
  if (length > max_body_)
    return refuse(ec, 413, ErrorCode::too_large, "The body of the request is too large.");
  if (auto refusal = context_.router.admit(match_, *call_)) {
    reject(*std::move(refusal));
    ec = Error::bad_value;
  }
}

void RequestParser::on_body_init_impl(boost::optional<std::uint64_t> const& length, Code&) {
  if (sink_ == BodyKind::memory) call_->request.body.reserve(std::min(length.value_or(0), kReservedBody));
}

std::size_t RequestParser::on_body_impl(Text body, Code& ec) {
  expects_continue_ = false;
  body_size_ += body.size();
  if (body_size_ > max_body_) {
    refuse(ec, 413, ErrorCode::too_large, "The body of the request is too large.");
  } else if (sink_ == BodyKind::memory && context_.body_memory + body.size() > context_.limits.body_memory) {
    refuse(ec, 503, ErrorCode::unavailable, "The server is busy. Please try again in a moment.");
  } else if (sink_ != BodyKind::none) {
    call_->request.body.append(body.data(), body.size());
    if (sink_ == BodyKind::memory) {
      in_memory_ += body.size();
      context_.body_memory += body.size();
    }
  }
  return body.size();
}

}  // namespace torg::net
