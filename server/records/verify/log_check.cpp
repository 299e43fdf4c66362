#include "records/verify/log_check.hpp"

#include "records/reserve/reserve.hpp"
#include "records/verify/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kPage = 1000;

using verify_store::LeafRow;

/// Whether the entry's revealed list of files holds what `file` opens.
bool lists(Openings const& openings, Opening const& file) {
  auto const list = std::ranges::find(openings.fields, kFilesField, &Opening::name);
  if (list == openings.fields.end() || !list->value.is_array()) return false;
  return std::ranges::any_of(list->value.get_array(), [&](json::value const& value) {
    auto const commitment = value.is_string() ? parse_hash(value.get_string())
                                              : Result<Commitment>(fail(ErrorCode::bad_json, ""));
    return commitment && opens(*commitment, file);
  });
}

void check_files(Openings const& openings, std::vector<std::string>& faults) {
  auto const list = std::ranges::find(openings.fields, kFilesField, &Opening::name);
  if (list == openings.fields.end() || list->destroyed || !list->value.is_array()) return;
  if (openings.files.size() != list->value.get_array().size())
    faults.emplace_back("another number of files than was written");
  for (auto const& file : openings.files) {
    if (file.destroyed || lists(openings, file)) continue;
    auto const* object = file.value.if_object();
    auto const name = object == nullptr ? std::nullopt : optional_string(*object, "name");
    faults.push_back(fmt::format("what it says of the file {} was changed", name.value_or("")));
  }
}

}  // namespace

std::optional<Openings> read_openings(LeafRow const& row) {
  try {
    return from_stored(row.fields, row.salts);
  } catch (std::exception const&) {
    return std::nullopt;
  }
}

std::vector<std::string> opening_faults(VerifyReport& report, LeafRow const& row, Leaf const& leaf) {
  if (!row.has_opening) return {"its values and salts are missing"};
  auto const openings = read_openings(row);
  if (!openings) return {"its values and salts can't be read"};
  std::vector<std::string> faults;
  if (openings->fields.size() != leaf.commitments.size())
    faults.emplace_back("it has another number of values than of commitments");
  auto const count = std::min(openings->fields.size(), leaf.commitments.size());
  for (std::size_t n = 0; n < count; ++n) {
    auto const& opening = openings->fields[n];
    if (opening.destroyed && opening.name == leaf.frame.fields[n]) {
      ++report.fields_withheld;
    } else if (opening.name == leaf.frame.fields[n] && opens(leaf.commitments[n], opening)) {
      ++report.fields_shown;
    } else {
      faults.push_back(fmt::format("the field {} was changed", leaf.frame.fields[n]));
    }
  }
  check_files(*openings, faults);
  return faults;
}

void LogCheck::find(FindingKind kind, LeafRow const& row, std::string text) {
  auto const sentence = place_text("leaf", row.index, row.number) + ": " + text;
  if (of_leaves_.size() < kMostFindings) of_leaves_.push_back({kind, row.index, row.number, sentence});
}

void LogCheck::skip_to(std::int64_t index) {
  if (index == next_) return;
  whole_ = false;
  report_.add({FindingKind::missing,
               next_,
               {},
               index == next_ + 1 ? fmt::format("leaf {} is missing", next_)
                                  : fmt::format("leaves {} to {} are missing", next_, index - 1)});
  next_ = index;
}

std::optional<Leaf> LogCheck::read_leaf(LeafRow const& row, crypto::Sha256 const& hash) {
  if (crypto::view(hash) != row.hash) find(FindingKind::changed, row, "its bytes do not make its hash");
  auto leaf = parse_leaf(row.leaf);
  if (!leaf) {
    find(FindingKind::changed, row, "its bytes are no entry of a log");
    return std::nullopt;
  }
  return std::move(*leaf);
}

void LogCheck::check_time(LeafRow const& row, Leaf const& leaf) {
  if (leaf.frame.at < last_)
    find(FindingKind::back_dated, row, "it was back-dated: it bears an earlier time than the one before it");
  last_ = std::max(last_, leaf.frame.at);
  heads_.leaf(row.index, leaf.frame.at);
}

void LogCheck::check_openings(LeafRow const& row, Leaf const& leaf) {
  for (auto& fault : opening_faults(report_, row, leaf))
    find(fault.ends_with("missing") ? FindingKind::missing : FindingKind::changed, row, std::move(fault));
}

/// A record that the register puts elsewhere: what stands there instead either belongs there, or changed
/// places with it.
void LogCheck::check_place(LeafRow const& row, std::int64_t place) {
  auto const other = verify_store::leaf(reader_, place);
  auto const parsed = other ? parse_leaf(other->leaf) : Result<Leaf>(fail(ErrorCode::not_found, ""));
  bool const is_record = parsed && parsed->frame.kind == "record";
  if (!parsed || (is_record && other->register_index == place)) {
    find(FindingKind::changed, row, fmt::format("the register says that it stands at place {}", place));
    return;
  }
  tree_.belongs(row.index, place);
  if (!is_record) tree_.belongs(place, row.index);
}

void LogCheck::check_owner(LeafRow const& row, Leaf const& leaf) {
  if (row.record && !row.register_index) {
    find(FindingKind::missing, row, "the record it is about is missing from the register");
  } else if (leaf.frame.kind == "record" && !row.record) {
    find(FindingKind::changed, row, "it belongs to no record");
  } else if (leaf.frame.kind == "record" && *row.register_index != row.index) {
    check_place(row, *row.register_index);
  } else if (leaf.frame.kind == "disposal" && !row.record &&
             !verify_store::has_disposal(reader_, row.index)) {
    find(FindingKind::missing, row, "the disposal it certifies is missing");
  } else if ((leaf.frame.kind == kReservationEntry || leaf.frame.kind == kVoidEntry) &&
             !reserve_store::tells(reader_, row.index)) {
    find(FindingKind::missing, row, "the numbers that it keeps or declares void are missing");
  } else if (leaf.frame.kind == kKeyEntry &&
             std::ranges::find(chain_.changes(), row.index, &KeyChange::index) == chain_.changes().end()) {
    find(FindingKind::changed, row, "a change of key that is not in force");
  }
}

void LogCheck::take(LeafRow const& row) {
  skip_to(row.index);
  ++report_.entries;
  auto const hash = crypto::leaf_hash(row.leaf);
  tree_.leaf(row.index, hash);
  if (auto const leaf = read_leaf(row, hash)) {
    check_time(row, *leaf);
    check_openings(row, *leaf);
    check_owner(row, *leaf);
  }
  if (whole_) static_cast<void>(roots_.append(hash));  // nodes are compared by `tree_`
  ++next_;
  heads_.reached(next_, last_, whole_ ? [this] { return roots_.root(); } : HeadCheck::Root());
}

/// The end as the log's own row knows it.
void LogCheck::check_end() {
  auto const edge = verify_store::edge(reader_);
  auto const said = edge ? edge->size : 0;
  if (said > next_) {
    skip_to(said);
  } else if (said < next_) {
    report_.add({FindingKind::changed,
                 said,
                 {},
                 fmt::format("leaves {} to {} stand behind the end of the log: they were not written by the "
                             "server, or its end was moved",
                             said, next_ - 1)});
  } else if (edge && edge->at < last_) {
    report_.add({FindingKind::back_dated, std::nullopt, {}, "the log's last time was back-dated"});
  }
}

void LogCheck::run() {
  heads_.reached(0, {}, [] { return crypto::empty_root(); });
  for (;;) {
    auto const rows = verify_store::leaves(reader_, next_, kPage);
    if (rows.empty()) break;
    for (auto const& row : rows) take(row);
  }
  auto const there = next_;
  check_end();
  heads_.finish(there);
  tree_.finish(there);
  for (auto& finding : of_leaves_) {
    if (!tree_.moved().contains(*finding.index)) report_.add(std::move(finding));
  }
}

}  // namespace torg::records
