#include "runtime/turns.hpp"

#include "runtime/single_flight.hpp"
#include "runtime/testing.hpp"

#include <gmock/gmock.h>

namespace torg {
namespace {

/// Others wait before it until the test opens it.
class Door {
 public:
  explicit Door(RealRuntime& runtime) : runtime_(runtime) {}

  Task<> pass() {
    if (is_open_) co_return;
    co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
        [this](auto handler) {
          waiting_.emplace_back([h = std::move(handler)]() mutable { std::move(h)(); });
        },
        asio::use_awaitable);
  }
  void open() {
    is_open_ = true;
    for (auto& resume : std::exchange(waiting_, {})) runtime_.post(std::move(resume));
  }

 private:
  RealRuntime& runtime_;
  std::vector<Runtime::Job> waiting_;
  bool is_open_ = false;
};

TEST(Turns, LetThroughAsManyAsTheyMayAndTheRestInOrder) {
  RealRuntime runtime(1);
  Turns turns(runtime, 2, 10);
  Door door(runtime);
  std::vector<int> order;
  int inside = 0, most = 0, done = 0;
  auto const visitor = [&](int number) -> Task<> {
    auto turn = co_await turns.take();
    order.push_back(number);
    most = std::max(most, ++inside);
    co_await door.pass();
    --inside;
    ++done;
  };
  for (int i = 0; i < 5; ++i) asio::co_spawn(runtime.executor(), visitor(i), [](std::exception_ptr) {});
  while (turns.waiting() < 3) runtime.run_one();
  EXPECT_EQ(inside, 2);
  door.open();
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
  Door door(runtime);
  int started = 0;
  std::vector<int> answers;
  auto const ask = [&](std::string key) -> Task<> {
    auto const answer = co_await flights.run(key, [&]() -> Task<int> {
      auto const mine = ++started;
      co_await door.pass();
      co_return mine;
    });
    answers.push_back(answer);
  };
  for (auto const* key : {"a", "a", "b", "a"})
    asio::co_spawn(runtime.executor(), ask(key), [](std::exception_ptr) {});
  while (started < 2) runtime.run_one();
  door.open();
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
