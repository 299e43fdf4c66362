#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace torg {
namespace asio = boost::asio;

/// What every coroutine of the server returns. Parameters by value; references only to services that outlive
/// it.
template <class T = void>
using Task = asio::awaitable<T, asio::any_io_executor>;

}  // namespace torg
