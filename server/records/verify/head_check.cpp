#include "records/verify/head_check.hpp"

#include <algorithm>
#include <date/date.h>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kPage = 500;

std::string day_text(Instant at) {
  return date::format("%Y-%m-%d %H:%M:%S UTC", std::chrono::floor<std::chrono::seconds>(at));
}

/// As far as its columns have the right lengths; the rest shows as a root or signature that doesn't fit.
SignedHead to_head(verify_store::HeadRow const& row, std::string const& log, KeyChain const& chain) {
  SignedHead head{log, chain.at(row.size), row.size, {}, row.at, {}};
  if (row.root.size() == head.root.size()) std::ranges::copy(row.root, head.root.begin());
  if (row.signature.size() == head.signature.size()) std::ranges::copy(row.signature, head.signature.begin());
  return head;
}

}  // namespace

HeadCheck::HeadCheck(db::Reader& reader, VerifyReport& report, DirectoryRequest const& request,
                     KeyChain const& chain)
    : reader_(reader), report_(report), request_(request), chain_(chain) {
  watch(request.kept);
  load();
}

void HeadCheck::watch(std::vector<KeptCopy> const& kept) {
  for (auto const& copy : kept) kept_.push_back({copy.head, copy.name});
  std::ranges::sort(kept_, {}, [](Watched const& w) { return w.head.size; });
  for (auto const& watched : kept_) check_signature(watched);
}

void HeadCheck::load() {
  if (!waiting_.empty() || all_loaded_) return;
  auto const rows = verify_store::heads(reader_, loaded_, kPage);
  all_loaded_ = rows.empty();
  for (auto const& row : rows) {
    waiting_.push_back({to_head(row, request_.log, chain_), {}});
    loaded_ = row.size;
    ++report_.directory->heads;
    check_signature(waiting_.back());
    if (row.at < last_head_) {
      find(FindingKind::back_dated, waiting_.back(),
           fmt::format("was back-dated: it bears an earlier time than the head before it, {}",
                       day_text(last_head_)));
    }
    last_head_ = std::max(last_head_, row.at);
  }
}

std::string HeadCheck::title(Watched const& watched) {
  auto const title = fmt::format("tree head {}", watched.head.size);
  return watched.name.empty() ? title : fmt::format("{} in {}", title, watched.name);
}

void HeadCheck::find(FindingKind kind, Watched const& watched, std::string text) {
  report_.add({kind, std::nullopt, {}, title(watched) + ": " + text, watched.head.size});
}

void HeadCheck::check_signature(Watched const& watched) {
  auto const& head = watched.head;
  if (head.log != request_.log)
    find(FindingKind::signature, watched, fmt::format("it is of another log, {}", head.log));
  if (head.key != chain_.at(head.size)) {
    find(FindingKind::signature, watched,
         chain_.holds(head.key) ? "the signature is by a key of this log that was not in force then"
                                : "the signature is not by this log's key");
  }
  if (!signature_holds(head)) find(FindingKind::signature, watched, "the signature is not by this key");
}

void HeadCheck::check_root(Watched const& watched, Instant last, Root const& root) {
  auto const& head = watched.head;
  if (head.at < last) {
    find(FindingKind::back_dated, watched,
         fmt::format("was back-dated: it says {}, its last leaf was written {}", day_text(head.at),
                     day_text(last)));
  }
  if (!root) return;
  if (root() == head.root) {
    good_size_ = std::max(good_size_, head.size);
    if (signature_holds(head) && (!newest_ || newest_->size <= head.size)) newest_ = head;
    return;
  }
  if (std::exchange(rewritten_, true) && watched.name.empty()) return;
  find(FindingKind::changed, watched,
       fmt::format("among leaves {} to {} something was changed, added, removed or moved since {}",
                   good_size_, head.size - 1, day_text(head.at)));
}

void HeadCheck::reached(std::int64_t size, Instant last, Root const& root) {
  auto const take = [&](std::deque<Watched>& heads) {
    while (!heads.empty() && heads.front().head.size <= size) {
      auto const watched = std::move(heads.front());
      heads.pop_front();
      if (watched.head.size < size) continue;  // its last leaf is missing: said where the gap is
      check_root(watched, last, root);
      // A head with a wrong signature says nothing about time.
      if (!signature_holds(watched.head)) continue;
      after_size_ = size;
      after_ = std::max(after_, watched.head.at);
    }
  };
  take(waiting_);
  load();
  take(kept_);
}

void HeadCheck::leaf(std::int64_t index, Instant at) {
  if (index < after_size_ || at >= after_) return;
  report_.add({FindingKind::back_dated,
               index,
               {},
               fmt::format("leaf {} was back-dated: it says {}, but tree head {} of {} does not hold it",
                           index, day_text(at), after_size_, day_text(after_))});
}

void HeadCheck::finish(std::int64_t size) {
  auto const gone = [&](Watched const& watched) {
    if (watched.head.size <= size) return;
    find(FindingKind::missing, watched,
         fmt::format("the log had {} leaves on {}, now it has {}: leaves were cut off, or the whole log is "
                     "an older state of itself",
                     watched.head.size, day_text(watched.head.at), size));
  };
  bool said = false;
  while (!waiting_.empty()) {
    if (!std::exchange(said, true)) gone(waiting_.back());
    waiting_.clear();
    load();
  }
  std::ranges::for_each(kept_, gone);
  kept_.clear();
  report_.directory->unsigned_entries = std::max<std::int64_t>(0, size - (newest_ ? newest_->size : 0));
}

}  // namespace torg::records
