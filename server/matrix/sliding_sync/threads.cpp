// Which threads the reader has subscribed to or left since the last answer.
#include "matrix/sliding_sync/reader.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::size_t kMost = 100;

}  // namespace

/// @see MSC4308
Task<Result<>> SlidingSync::append_threads(Reader& reader) {
  auto const user = reader.requester.user;
  if (threads_.last_change(user) <= reader.after()) co_return Result<>{};
  auto changes = co_await threads_.changes(user, reader.after(), reader.to.position,
                                           std::clamp<std::size_t>(reader.request.threads.limit, 1, kMost));
  if (!changes) co_return std::unexpected(changes.error());
  if (changes->body.empty()) co_return Result<>{};
  if (changes->more) changes->body["prev_batch"] = std::to_string(changes->more->value);
  append_key(reader.extensions, "io.element.msc4308.thread_subscriptions");
  reader.extensions += json::serialize(changes->body);
  reader.something = true;
  co_return Result<>{};
}

}  // namespace torg::matrix
