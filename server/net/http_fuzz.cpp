// Bytes → parser → route. The first byte says how the rest is cut into pieces, for a parser must not care.
#include "net/request_parser.hpp"
#include "runtime/testing.hpp"

#include <cstdlib>

namespace {

using namespace torg;
using namespace torg::net;

Task<Response> touch(Call& call) {
  auto const& request = call.request;
  // What a handler would do with it; `query_all` walks every parameter.
  auto const seen =
      request.path().size() + request.query_all("from").size() + request.header("host").value_or("").size();
  co_return json_response(std::to_string(seen), request.query("fail") ? 400 : 200);
}

Router make_router() {
  Router router;
  router.add({{Method::get, "/a/{b}/c/{d}", touch},
              {Method::put, "/a/static/c/{d}", touch},
              {Method::post, "/body", touch, BodyKind::memory, 64},
              {Method::get, "/files/{*}", touch}});
  return router;
}

/// One connection: requests as long as they parse.
void serve(RealRuntime& runtime, Router const& router, std::string_view bytes, std::size_t step) {
  Limits limits;
  limits.header_bytes = 512;
  limits.headers = 8;
  std::size_t memory = 0;
  std::string pending;
  while (true) {
    RequestParser parser({router, limits, memory});
    while (!parser.finished()) {
      auto const before = pending.size();
      pending.erase(0, parser.feed(pending));
      if (parser.finished()) break;
      if (bytes.empty() && pending.size() == before) return;
      pending.append(bytes.substr(0, step));
      bytes.remove_prefix(std::min(step, bytes.size()));
      if (pending.size() > limits.header_bytes + step) std::abort();
    }
    if (parser.rejection() != nullptr) return;
    run(runtime, router.dispatch(parser.match(), parser.take_call()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size == 0) return 0;
  RealRuntime runtime(1);
  auto const router = make_router();
  serve(runtime, router, {reinterpret_cast<char const*>(data) + 1, size - 1}, std::size_t{data[0]} + 1);
  return 0;
}
