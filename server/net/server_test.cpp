#include "net/testing/running_server.hpp"

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using testing::answer_with;
using ::testing::HasSubstr;
using testing::RunningServer;

Response echo(Call& call) { return json_response(call.request.body); }

std::vector<Route> routes() {
  return {
      {Method::get, "/hello/{name}",
       answer_with([](Call& call) { return json_response("\"" + call.path[0] + "\""); })},
      {Method::post, "/echo", answer_with(echo)},
  };
}

TEST(Server, AnswersTwoRequestsOnOneConnection) {
  RunningServer server(routes());
  auto client = server.connect();
  auto const first = client.ask("GET", "/hello/world");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 200U);
  EXPECT_EQ(first->body, "\"world\"");
  auto const second = client.ask("POST", "/echo", "{}");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->body, "{}");
}

}  // namespace
}  // namespace torg::net
