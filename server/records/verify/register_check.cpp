// An exported register holds every leaf, so the whole tree can be built again: its root says whether anything
// at all was changed, the openings say what, the places and numbers say what is missing, the times what was
// back-dated.
#include "records/verify/register_check.hpp"

#include "crypto/merkle.hpp"
#include "records/reserve/reserve.hpp"
#include "records/verify/checks.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace torg::records {
namespace {

Result<SignedHead> parse_first_line(std::string_view line) {
  auto object = parse_json_object(line);
  if (!object) return fail(std::move(object));
  auto const* head = optional_object(*object, "head");
  if (optional_integer(*object, "torg_register") != 1 || head == nullptr) {
    return fail(ErrorCode::bad_json, "This is no exported register that this version of torg can read.");
  }
  return parse_head(*head);
}

std::string_view take_line(std::string_view& rest) {
  auto const end = rest.find('\n');
  auto const line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

/// The root of the first `size` leaves; none when there are fewer.
class Tree {
 public:
  Tree(std::int64_t watched) : watched_(watched) {}  // NOLINT(*-explicit-*)
  void add(crypto::Sha256 const& leaf) {
    static_cast<void>(tree_.append(leaf));  // the nodes are not stored: nothing is asked of them later
    if (static_cast<std::int64_t>(tree_.size()) == watched_) watched_root_ = tree_.root();
  }
  [[nodiscard]] crypto::Sha256 root() const {
    return tree_.size() == 0 ? crypto::empty_root() : tree_.root();
  }
  [[nodiscard]] std::optional<crypto::Sha256> watched_root() const { return watched_root_; }

 private:
  crypto::MerkleAppender tree_;
  std::int64_t watched_;
  std::optional<crypto::Sha256> watched_root_;
};

/// Numbers once each, and the documents of a case from 1 without a gap; what was declared void is no
/// record's.
class Numbers {
 public:
  void add(Verifier& verifier, ShownEntry const& entry) {
    if (entry.leaf.frame.kind == kReservationEntry) return add_all(verifier, entry, kept_, nullptr);
    if (entry.leaf.frame.kind == kVoidEntry) return add_all(verifier, entry, void_, &kept_);
    auto const* number = revealed(entry, "number");
    if (entry.leaf.frame.kind != "record" || number == nullptr || !number->is_string()) return;
    if (!seen_.emplace(number->get_string()).second) {
      verifier.find(FindingKind::changed, entry, "The number stands there twice.");
    }
    auto const* of_case = revealed(entry, "case");
    auto const* document = revealed(entry, "document");
    if (of_case == nullptr || document == nullptr || !of_case->is_string() || !document->is_int64()) return;
    documents_[std::string(of_case->get_string())].insert(document->get_int64());
  }
  void check(Verifier& verifier) const {
    for (auto const& number : void_) {
      if (seen_.contains(number))
        verifier.find(FindingKind::changed, "The number " + number + " is void, and a record bears it.");
    }
    for (auto const& [number, documents] : documents_) {
      std::int64_t expected = 1;
      for (auto const document : documents) {
        for (; expected < document; ++expected) {
          verifier.find(FindingKind::missing,
                        "Document " + std::to_string(expected) + " of " + number + " is missing.");
        }
        ++expected;
      }
    }
  }

 private:
  /// `among`: only these may be named.
  static void add_all(Verifier& verifier, ShownEntry const& entry, std::set<std::string>& to,
                      std::set<std::string> const* among) {
    auto const* numbers = revealed(entry, "numbers");
    if (numbers == nullptr || !numbers->is_array()) return;
    for (auto const& one : numbers->get_array()) {
      if (!one.is_string()) continue;
      std::string const number(one.get_string());
      if (among != nullptr && !among->contains(number))
        verifier.find(FindingKind::changed, entry, "The number " + number + " is void, and was never kept.");
      if (!to.insert(number).second)
        verifier.find(FindingKind::changed, entry, "The number " + number + " stands there twice.");
    }
  }

  std::set<std::string> seen_, kept_, void_;
  std::map<std::string, std::set<std::int64_t>> documents_;
};

void check_roots(Verifier& verifier, Tree const& tree, RegisterExport const& exported,
                 SignedHead const* earlier) {
  if (static_cast<std::int64_t>(exported.entries.size()) < exported.head.size) {
    verifier.find(FindingKind::missing, "The export has fewer entries than its head.");
    return;
  }
  if (tree.root() != exported.head.root) {
    verifier.find(FindingKind::changed, "The entries do not add up to the head of the export.");
  }
  if (earlier != nullptr && earlier->size > 0 && tree.watched_root() &&
      *tree.watched_root() != earlier->root) {
    verifier.find(FindingKind::changed,
                  "Among the first " + std::to_string(earlier->size) +
                      " entries something was changed, added or removed since the earlier head.");
  }
}

}  // namespace

Result<RegisterExport> parse_register(std::string_view lines) {
  auto head = parse_first_line(take_line(lines));
  if (!head) return fail(std::move(head));
  RegisterExport exported{std::move(*head), {}};
  for (auto n = 2; !lines.empty(); ++n) {
    auto const line = take_line(lines);
    if (line.empty()) continue;
    auto const where = "Line " + std::to_string(n) + ": ";
    auto object = parse_json_object(line);
    if (!object) return fail(ErrorCode::bad_json, where + object.error().message);
    auto entry = parse_entry(*object);
    if (!entry) return fail(ErrorCode::bad_json, where + entry.error().message);
    exported.entries.push_back(std::move(*entry));
  }
  return exported;
}

void verify_register(VerifyReport& report, RegisterExport const& exported, SignedHead const* earlier) {
  Verifier verifier(report);
  Tree tree(earlier == nullptr ? 0 : earlier->size);
  Numbers numbers;
  std::int64_t next = 0;
  Instant last{};
  for (auto const& entry : exported.entries) {
    for (; next < entry.index; ++next) {
      verifier.find(FindingKind::missing, "Entry " + std::to_string(next) + " of the log is missing.");
    }
    next = entry.index + 1;
    verifier.check_entry(entry);
    verifier.check_time(entry, exported.head, earlier);
    if (entry.leaf.frame.at < last) {
      verifier.find(FindingKind::back_dated, entry,
                    "The entry bears an earlier time than the one before it.");
    }
    last = std::max(last, entry.leaf.frame.at);
    numbers.add(verifier, entry);
    tree.add(crypto::leaf_hash(leaf_bytes(entry.leaf.frame, entry.leaf.commitments)));
  }
  for (; next < exported.head.size; ++next) {
    verifier.find(FindingKind::missing, "Entry " + std::to_string(next) + " of the log is missing.");
  }
  numbers.check(verifier);
  check_roots(verifier, tree, exported, earlier);
}

}  // namespace torg::records
