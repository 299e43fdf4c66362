#include "runtime/turns.hpp"

#include "runtime/single_flight.hpp"
#include "runtime/testing.hpp"

#include <gmock/gmock.h>

namespace torg {
namespace {

/// A task that others wait for until the test opens it.
class Door {
 public:
  Task<> pass(RealRuntime& runtime) {
    while (!open) co_await sleep_for(runtime, std::chrono::milliseconds(1));
  }
  bool open = false;
};

TEST(Turns, LetThroughAsManyAsTheyMayAndTheRestInOrder) {
  RealRuntime runtime(1);
  Turns turns(runtime, 2, 10);
  Door door;
  std::vector<int> order;
  int inside = 0, most = 0, done = 0;
  auto const visitor = [&](int number) -> Task<> {
    auto turn = co_await turns.take();
    order.push_back(number);
    most = std::max(most, ++inside);
    co_await door.pass(runtime);
    --inside;
    ++done;
  };
  for (int i = 0; i < 5; ++i) asio::co_spawn(runtime.executor(), visitor(i), [](std::exception_ptr) {});
  while (turns.waiting() < 3) runtime.run_one();
  EXPECT_EQ(inside, 2);
  door.open = true;
  while (done < 5) runtime.run_one();
  EXPECT_EQ(most, 2);
  EXPECT_THAT(order, ::testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(Turns, RefuseWhenTooManyWait) {
  RealRuntime runtime(1);
  Turns turns(runtime, 1, 0);
  auto const first = run(runtime, turns.take());
  ASSERT_TRUE(first);
  EXPECT_EQ(run(runtime, turns.take()).error().code, ErrorCode::unavailable);
}

TEST(SingleFlight, DoesOnceWhatManyAskForAtTheSameTime) {
  RealRuntime runtime(1);
  SingleFlight<int> flights(runtime);
  Door door;
  int started = 0;
  std::vector<int> answers;
  auto const ask = [&](std::string key) -> Task<> {
    auto const answer = co_await flights.run(key, [&]() -> Task<int> {
      auto const mine = ++started;
      co_await door.pass(runtime);
      co_return mine;
    });
    answers.push_back(answer);
  };
  for (auto const* key : {"a", "a", "b", "a"})
    asio::co_spawn(runtime.executor(), ask(key), [](std::exception_ptr) {});
  while (started < 2) runtime.run_one();
  door.open = true;
  while (answers.size() < 4) runtime.run_one();
  EXPECT_EQ(started, 2);
  EXPECT_THAT(answers, ::testing::UnorderedElementsAre(1, 1, 1, 2));
  EXPECT_EQ(flights.size(), 0U);
}

TEST(SingleFlight, TellsEverybodyOfAFailure) {
  RealRuntime runtime(1);
  SingleFlight<int> flights(runtime);
  auto const ask = [&]() -> Task<int> {
    return flights.run("a", []() -> Task<int> {
      throw std::runtime_error("broken");
      co_return 0;
    });
  };
  EXPECT_THROW(run(runtime, ask()), std::runtime_error);
  EXPECT_THROW(run(runtime, ask()), std::runtime_error) << "and nothing is kept";
}

}  // namespace
}  // namespace torg
