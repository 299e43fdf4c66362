#include "records/log/log_service.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::int64_t kExportPage = 500;  // entries read at once: about 1 MB
constexpr int kMostRotations = 100;

bool show_all(StoredEntry const&, std::string_view) { return true; }

/// Stores `head` unless another coroutine was faster; the lane runs these one after the other.
Result<StoredHead> store_head(db::Transaction& transaction, StoredHead const& head) {
  auto const last = log_store::last_head(transaction);
  if (last && last->size >= head.size) return *last;
  if (log_store::last_time(transaction) > head.at || (last && last->at > head.at)) {
    return fail(ErrorCode::bad_state, "The server's clock stands before the log's last head.");
  }
  log_store::add_head(transaction, head);
  // Entries after the head are not older than it: so a back-dated one shows.
  log_store::raise_time(transaction, head.at);
  return head;
}

}  // namespace

LogService::LogService(Runtime& runtime, db::Database& database, crypto::SigningKey key, std::string log_name,
                       std::filesystem::path kept_head)
    : runtime_(runtime),
      database_(database),
      key_(std::move(key)),
      name_(std::move(log_name)),
      keys_(key_.public_key()) {
  if (!kept_head.empty()) kept_.emplace(std::move(kept_head));
}

Result<> LogService::check_kept(db::Reader& reader) const {
  if (!kept_) return {};
  auto const kept = kept_->read();
  if (!kept) return std::unexpected(kept.error());
  if (!*kept) return {};
  auto const& head = **kept;
  if (log_store::size(reader) < head.size || log_store::root(reader, head.size) != head.root) {
    return fail(
        ErrorCode::bad_state,
        "The register is older than a head of its log that was given out: was a backup restored? See the "
        "administrator's guide.");
  }
  return {};
}

Result<> LogService::load_keys(db::Reader& reader) {
  auto const changes = read_key_changes(reader);
  if (!changes) return std::unexpected(changes.error());
  KeyChain keys(changes->empty() ? key_.public_key() : changes->front().previous);
  for (auto const& change : *changes) {
    if (auto added = keys.add(name_, change); !added) return added;
  }
  if (keys.last() != key_.public_key())
    return fail(ErrorCode::bad_state, "The log's key is not the one that was brought in last.");
  keys_ = std::move(keys);
  return {};
}

Task<Result<SignedHead>> LogService::keep(SignedHead head) {
  // While one is being written the next is not: a burst of readers costs one flush, and the file is one head
  // behind for a moment at most.
  if (!kept_ || keeping_ || kept_size_ >= head.size) co_return head;
  keeping_ = true;
  auto kept = co_await run_offloaded(runtime_, [file = *kept_, head] { return file.keep(head); });
  keeping_ = false;
  if (!kept) co_return fail(std::move(kept));
  kept_size_ = std::max(kept_size_, head.size);
  co_return head;
}

Result<> LogService::check() {
  Result<> result;
  database_.read_now([&](db::Reader& reader) {
    result = load_keys(reader);
    if (result) result = check_kept(reader);
    auto const last = log_store::last_head(reader);
    if (!result || !last) return;
    if (log_store::size(reader) < last->size) {
      result = fail(ErrorCode::bad_state, "The log is shorter than the head it has signed.");
    } else if (log_store::root(reader, last->size) != last->root) {
      result = fail(ErrorCode::bad_state, "The log does not match the head it has signed.");
    } else if (!signature_holds(to_signed(*last))) {
      result = fail(ErrorCode::bad_state, "The log's last head was signed with another key.");
    }
  });
  return result;
}

Task<Result<SignedHead>> LogService::head() {
  struct Now {
    std::optional<StoredHead> last;
    std::int64_t size = 0;
    crypto::Sha256 root{};
  };
  auto now = co_await database_.read([](db::Reader& reader) {
    Now read{log_store::last_head(reader), log_store::size(reader), {}};
    if (!read.last || read.last->size < read.size) read.root = log_store::root(reader, read.size);
    return read;
  });
  if (!now) co_return fail(std::move(now));
  if (now->last && now->last->size == now->size) co_return co_await keep(to_signed(*now->last));

  auto const fresh = sign(now->size, now->root);
  StoredHead row{fresh.size, fresh.root, fresh.at,
                 std::string(reinterpret_cast<char const*>(fresh.signature.data()), fresh.signature.size())};
  auto stored =
      co_await database_.write([row](db::Transaction& transaction) { return store_head(transaction, row); });
  if (!stored) co_return fail(std::move(stored));
  co_return co_await keep(to_signed(*stored));
}

Task<Result<>> LogService::cover() {
  auto const size = co_await database_.read([](db::Reader& reader) { return log_store::size(reader); });
  if (!size) co_return std::unexpected(size.error());
  if (*size == 0) co_return Result<>{};
  auto const covered = co_await head();
  if (!covered) co_return std::unexpected(covered.error());
  co_return Result<>{};
}

Task<Result<Consistency>> LogService::consistency(std::int64_t from, std::int64_t to) {
  auto read = co_await database_.read([from, to](db::Reader& reader) -> Result<Consistency> {
    if (from <= 0 || from > to || to > log_store::size(reader)) {
      return fail(ErrorCode::invalid_param, "The log has no such sizes.");
    }
    return Consistency{from, to, log_store::consistency(reader, from, to)};
  });
  if (!read) co_return fail(std::move(read));
  co_return std::move(*read);
}

Task<Result<ProofFile>> LogService::proof(RecordId record, MayShow may_show) {
  auto current = co_await head();
  if (!current) co_return fail(std::move(current));
  auto const size = current->size;
  auto entries = co_await database_.read([record, size, &may_show](db::Reader& reader) {
    std::vector<ShownEntry> shown;
    for (auto const& entry : log_store::entries_of(reader, record)) {
      if (entry.index >= size) break;  // written after the head: the next proof has it
      shown.push_back(show(entry, may_show));
      shown.back().inclusion = log_store::inclusion(reader, entry.index, size);
    }
    return shown;
  });
  if (!entries) co_return fail(std::move(entries));
  if (entries->empty()) co_return fail(ErrorCode::not_found, "The log has nothing about this record.");
  auto keys = co_await database_.read([size](db::Reader& reader) {
    std::vector<ShownEntry> shown;
    for (auto const index : log_store::key_places(reader)) {
      auto const entry = log_store::entry(reader, index);
      if (index >= size || !entry) break;
      shown.push_back(show(*entry, show_all));
      shown.back().inclusion = log_store::inclusion(reader, index, size);
    }
    return shown;
  });
  if (!keys) co_return fail(std::move(keys));
  co_return ProofFile{std::move(*current), std::move(*entries), std::move(*keys)};
}

Task<Result<>> LogService::export_lines(MayShow may_show, std::function<void(std::string_view)> line) {
  auto current = co_await head();
  if (!current) co_return fail(std::move(current));
  line(json::serialize(json::object{{"torg_register", 1}, {"head", to_json(*current)}}));
  for (std::int64_t from = 0; from < current->size; from += kExportPage) {
    auto const count = std::min(kExportPage, current->size - from);
    auto page = co_await database_.read(
        [from, count](db::Reader& reader) { return log_store::entries(reader, from, count); });
    if (!page) co_return fail(std::move(page));
    for (auto const& entry : *page) line(json::serialize(to_json(show(entry, may_show))));
  }
  co_return Result<>{};
}

Task<Result<SignedHead>> LogService::rotate(crypto::SigningKey next) {
  for (int attempt = 0; attempt < kMostRotations; ++attempt) {
    auto const last = co_await head();
    if (!last) co_return std::unexpected(last.error());
    KeyChange change{last->size, key_.public_key(), next.public_key(), {}};
    change.signature = key_.sign(key_message(name_, change));
    auto const entered =
        co_await database_.write([change, at = runtime_.now(), seed = draw_salt_seed(runtime_)](
                                     db::Transaction& transaction) -> Result<bool> {
          if (log_store::size(transaction) != change.index) return false;  // grown meanwhile
          LogAppender::append(transaction, to_entry(change, at, seed));
          log_store::add_key(transaction, change.index);
          return true;
        });
    if (!entered) co_return std::unexpected(entered.error());
    if (!*entered) continue;
    if (auto added = keys_.add(name_, change); !added) co_return std::unexpected(added.error());
    key_ = std::move(next);
    co_return co_await head();
  }
  co_return fail(ErrorCode::conflict, "The log grows too fast to change its key now.");
}

SignedHead LogService::to_signed(StoredHead const& stored) const {
  SignedHead head{name_, keys_.at(stored.size), stored.size, stored.root, stored.at, {}};
  std::copy_n(stored.signature.begin(), std::min(stored.signature.size(), head.signature.size()),
              head.signature.begin());
  return head;
}

SignedHead LogService::sign(std::int64_t size, crypto::Sha256 root) const {
  SignedHead head{name_, key_.public_key(), size, root, runtime_.now(), {}};
  head.signature = key_.sign(head_message(head));
  return head;
}

}  // namespace torg::records
