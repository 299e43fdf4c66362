// Part of database.hpp.
namespace torg::db {

template <class T, class F, class Handler>
struct Database::PendingWrite final : Database::Pending {
  PendingWrite(F w, Handler h) : work(std::move(w)), handler(std::move(h)) {}

  bool run(Transaction& transaction) override {
    result.emplace(work(transaction));
    return result->has_value();
  }
  void complete(std::optional<Error> failure) override {
    if (failure) result.emplace(std::unexpected(std::move(*failure)));
    std::move(handler)(std::move(*result));
  }

  F work;
  Handler handler;
  std::optional<T> result;
};

template <class F>
auto Database::write(F work) -> Task<std::invoke_result_t<F&, Transaction&>> {
  using T = std::invoke_result_t<F&, Transaction&>;
  return asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void(T)>(
      [this](auto handler, F w) {
        submit(std::make_unique<PendingWrite<T, F, decltype(handler)>>(std::move(w), std::move(handler)));
      },
      asio::use_awaitable, std::move(work));
}

template <class F>
auto Database::read(F work) -> Task<Result<std::invoke_result_t<F&, Reader&>>> {
  using T = std::invoke_result_t<F&, Reader&>;
  if (!reads_block()) {
    std::optional<T> value;
    try {
      read_now([&](Reader& reader) { value.emplace(work(reader)); });
    } catch (Failure const& failure) {
      co_return std::unexpected(to_error(failure));
    }
    co_return Result<T>(std::move(*value));
  }
  co_return co_await read_aside(std::move(work));
}

template <class F>
auto Database::read_aside(F work) -> Task<Result<std::invoke_result_t<F&, Reader&>>> {
  using T = std::invoke_result_t<F&, Reader&>;
  auto value = std::make_shared<std::optional<T>>();
  auto failure = co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const,
                                               void(std::optional<Error>)>(
      [this, value](auto handler, F w) {
        submit_read(
            [value, w = std::move(w)](Reader& reader) mutable { value->emplace(w(reader)); },
            [h = std::move(handler)](std::optional<Error> error) mutable { std::move(h)(std::move(error)); });
      },
      asio::use_awaitable, std::move(work));
  if (failure) co_return std::unexpected(std::move(*failure));
  co_return Result<T>(std::move(**value));
}

}  // namespace torg::db
