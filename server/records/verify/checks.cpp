#include "records/verify/checks.hpp"

#include "base/encoding.hpp"
#include "crypto/merkle.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace torg::records {

bool opens(Commitment const& commitment, Opening const& opening) {
  try {
    return commit_field(opening.salt, opening.name, opening.value) == commitment;
  } catch (std::invalid_argument const&) {
    return false;  // a float or a huge number: no value that was ever committed
  }
}

std::string place_text(std::string_view what, std::int64_t index, std::string_view number) {
  auto const place = std::string(what) + " " + std::to_string(index);
  return number.empty() ? place : place + " (" + std::string(number) + ")";
}

namespace {

/// Whether the entry's revealed list of files holds `commitment`.
bool lists_file(ShownEntry const& entry, Opening const& file) {
  auto const* list = revealed(entry, kFilesField);
  if (list == nullptr || !list->is_array()) return false;
  return std::ranges::any_of(list->get_array(), [&](json::value const& value) {
    if (!value.is_string()) return false;
    auto const commitment = parse_hash(value.get_string());
    return commitment && opens(*commitment, file);
  });
}

}  // namespace

json::value const* revealed(ShownEntry const& entry, std::string_view name) {
  auto const found = std::ranges::find(entry.revealed, name, &Opening::name);
  return found == entry.revealed.end() ? nullptr : &found->value;
}

void Verifier::find(FindingKind kind, ShownEntry const& entry, std::string text) {
  auto const* value = revealed(entry, "number");
  auto const number =
      value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  report_.add({kind, entry.index, number, place_text("entry", entry.index, number) + ": " + text});
}

KeyChain Verifier::check_keys(SignedHead const& head, std::vector<ShownEntry> const& changes) {
  std::optional<KeyChain> chain;
  for (auto const& entry : changes) {
    json::object values;
    for (auto const& opening : entry.revealed) values[opening.name] = opening.value;
    auto const change = parse_key_change(entry.index, values);
    if (!change) {
      find(FindingKind::signature, entry, "The change of key does not show its keys.");
      continue;
    }
    if (!chain) chain.emplace(change->previous);
    if (!chain->add(head.log, *change))
      find(FindingKind::signature, entry, "The new key was not brought in by the key before it.");
  }
  return chain ? std::move(*chain) : KeyChain(head.key);
}

void Verifier::check_head(SignedHead const& head, KeyChain const& keys) {
  if (!signature_holds(head))
    find(FindingKind::signature, "The head is not signed by the key that stands in it.");
  if (head.key != keys.at(head.size))
    find(FindingKind::signature, "The head's key is not the one that the log had then.");
}

void Verifier::check_order(SignedHead const& earlier, SignedHead const& head) {
  if (earlier.log != head.log) find(FindingKind::signature, "The two heads are of different logs.");
  if (earlier.size > head.size) {
    find(FindingKind::missing, "The log is shorter than it was: " + std::to_string(earlier.size - head.size) +
                                   " entries of the earlier head are gone.");
  }
  if (earlier.at > head.at)
    find(FindingKind::back_dated, "The newer head bears an earlier time than the one you kept.");
}

void Verifier::check_entry(ShownEntry const& entry) {
  ++report_.entries;
  check_names(entry);
  for (auto const& opening : entry.revealed) check_opening(entry, opening);
  check_files(entry);
  report_.fields_withheld +=
      static_cast<std::int64_t>(entry.leaf.frame.fields.size() - entry.revealed.size());
}

void Verifier::check_names(ShownEntry const& entry) {
  std::set<std::string_view> names;
  for (auto const& name : entry.leaf.frame.fields) {
    if (!names.insert(name).second)
      find(FindingKind::changed, entry, "The field " + name + " stands there twice.");
  }
  std::set<std::string_view> shown;
  for (auto const& opening : entry.revealed) {
    if (!shown.insert(opening.name).second) {
      find(FindingKind::changed, entry, "The field " + opening.name + " is shown twice.");
    }
  }
}

void Verifier::check_opening(ShownEntry const& entry, Opening const& opening) {
  auto const& names = entry.leaf.frame.fields;
  auto const place = std::ranges::find(names, opening.name);
  auto const n = static_cast<std::size_t>(place - names.begin());
  if (place == names.end() || !opens(entry.leaf.commitments[n], opening)) {
    find(FindingKind::changed, entry, "The field " + opening.name + " is not what was written to the log.");
    return;
  }
  ++report_.fields_shown;
}

void Verifier::check_files(ShownEntry const& entry) {
  for (auto const& file : entry.revealed_files) {
    if (!lists_file(entry, file))
      find(FindingKind::changed, entry, "A file shown is not among those of the entry.");
  }
}

void Verifier::check_time(ShownEntry const& entry, SignedHead const& head, SignedHead const* earlier) {
  auto const at = entry.leaf.frame.at;
  if (at > head.at) find(FindingKind::back_dated, entry, "The entry is later than the head that holds it.");
  if (earlier != nullptr && entry.index >= earlier->size && at < earlier->at) {
    find(FindingKind::back_dated, entry,
         "The entry claims a time before the earlier head, which does not hold it.");
  }
  if (earlier != nullptr && entry.index < earlier->size && at > earlier->at) {
    find(FindingKind::back_dated, entry, "The entry claims a time after the earlier head, which holds it.");
  }
  auto const* registered = revealed(entry, "registered_at");
  if (entry.leaf.frame.kind == "record" && registered != nullptr && *registered != json::value(to_ms(at))) {
    find(FindingKind::back_dated, entry, "The time of registration is not the time the log was written.");
  }
}

void verify_proof(VerifyReport& report, ProofFile const& file, SignedHead const* earlier,
                  Consistency const* consistency) {
  Verifier verifier(report);
  std::vector<ShownEntry> all = file.entries;
  all.insert(all.end(), file.keys.begin(), file.keys.end());
  for (auto const& entry : all) {
    verifier.check_entry(entry);
    verifier.check_time(entry, file.head, earlier);
    auto const leaf = crypto::leaf_hash(leaf_bytes(entry.leaf.frame, entry.leaf.commitments));
    auto const in_tree =
        entry.index < file.head.size && crypto::verify_inclusion(static_cast<std::uint64_t>(entry.index),
                                                                 static_cast<std::uint64_t>(file.head.size),
                                                                 leaf, entry.inclusion, file.head.root);
    if (!in_tree)
      verifier.find(FindingKind::changed, entry, "The entry does not stand in the log at its place.");
  }
  if (earlier == nullptr || earlier->size == 0 || earlier->size > file.head.size) return;
  if (earlier->size == file.head.size) {
    if (earlier->root != file.head.root)
      verifier.find(FindingKind::changed, "The log was rewritten since the earlier head.");
    return;
  }
  if (consistency == nullptr || consistency->from != earlier->size || consistency->to != file.head.size) {
    verifier.find(FindingKind::unproven,
                  "Nothing shows that the log only grew: give the consistency proof from " +
                      std::to_string(earlier->size) + " to " + std::to_string(file.head.size) + ".");
  } else if (!crypto::verify_consistency(static_cast<std::uint64_t>(earlier->size),
                                         static_cast<std::uint64_t>(file.head.size), earlier->root,
                                         file.head.root, consistency->proof)) {
    verifier.find(FindingKind::changed, "The log was rewritten since the earlier head.");
  }
}

}  // namespace torg::records
