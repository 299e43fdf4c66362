// The register against the log. An entry's openings say what was written in the act; the columns of the
// register say what it holds now. Where both are there they must agree, but for what later entries changed.
#include "records/verify/record_check.hpp"

#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "records/register/entry_json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

using verify_store::CorrectionRow;
using verify_store::FileRow;

/// What an entry opens, by name.
struct Opened {
  std::int64_t index = 0;
  std::string kind;
  json::object values;
  std::vector<json::object> files;
  bool destroyed = false;  ///< in part
};

std::optional<Opened> open_entry(verify_store::LeafRow const& row) {
  auto const leaf = parse_leaf(row.leaf);
  auto const openings = read_openings(row);
  if (!leaf || !openings) return std::nullopt;  // said by LogCheck
  Opened opened{row.index, leaf->frame.kind, {}, {}};
  for (auto const& field : openings->fields) {
    if (field.destroyed) opened.destroyed = true;
    if (!field.destroyed) opened.values[field.name] = field.value;
  }
  for (auto const& file : openings->files) {
    if (auto const* object = file.value.if_object(); object != nullptr && !file.destroyed)
      opened.files.push_back(*object);
  }
  return opened;
}

std::string text_of(json::object const& object, std::string_view name) {
  return std::string(optional_string(object, name).value_or(""));
}

/// Looks at one record.
class RecordCheck {
 public:
  RecordCheck(VerifyReport& report, RecordCase const& of) : report_(report), of_(of) {
    for (auto const& row : of.entries) {
      if (auto opened = open_entry(row)) entries_.push_back(std::move(*opened));
    }
    auto const found = std::ranges::find(entries_, "record", &Opened::kind);
    if (found != entries_.end()) registered_ = &*found;
  }

  void run() {
    ++report_.directory->records;
    bool const in_log = std::ranges::any_of(
        of_.entries, [this](verify_store::LeafRow const& row) { return row.index == of_.row.log_index; });
    if (!in_log) find(FindingKind::changed, "it is not in the log: the server did not register it");
    if (registered_ != nullptr) check_registered();
    check_corrections();
    check_corrected();
    check_publication();
    check_files();
    check_manifest();
    if (of_.row.disposed) check_disposed();
  }

 private:
  void find(FindingKind kind, std::string text, std::string file = {}) {
    report_.add({kind, of_.row.log_index, of_.row.number, "record " + of_.row.number + ": " + text,
                 std::nullopt, std::move(file)});
  }

  void compare(std::string_view field, json::value const& in_register) {
    auto const* in_log = registered_->values.if_contains(field);
    if (in_log == nullptr || *in_log == in_register) return;
    find(FindingKind::changed, fmt::format("the {} in the register is not what was registered", field));
  }

  /// A time or a day that says less than the log does.
  void compare_time(std::string_view field, json::value const& in_register, std::string_view shown_log,
                    std::string_view shown_register) {
    auto const* in_log = registered_->values.if_contains(field);
    if (in_log == nullptr || *in_log == in_register) return;
    bool const earlier = in_log->is_string()
                             ? in_register.as_string() < in_log->get_string()
                             : in_register.to_number<std::int64_t>() < in_log->to_number<std::int64_t>();
    find(earlier ? FindingKind::back_dated : FindingKind::changed,
         fmt::format("it was {}: the register says {}, the log {}", earlier ? "back-dated" : "dated anew",
                     shown_register, shown_log));
  }

  void check_registered() {
    auto const& row = of_.row;
    compare("number", json::string(row.number));
    compare("document", row.document);
    compare_times();
    compare("direction", json::string(to_text(static_cast<Direction>(row.direction))));
    compare("classification", json::string(row.classification));
    compare("record_type", json::string(row.record_type));
    if (row.disposed) return;
    compare("title", json::string(row.title));
    compare("internal_title", json::string(row.internal_title));
    compare("sender", json::string(row.sender));
    compare("recipient", json::string(row.recipient));
    compare("private_person", row.private_person);
    auto const secrecy =
        row.secrecy.empty() ? Result<json::value>(json::value(nullptr)) : parse_json(row.secrecy);
    if (secrecy) compare("secrecy", *secrecy);
    auto const moved = std::ranges::find(of_.corrections, "case", &CorrectionRow::field);
    auto const of_case = moved != of_.corrections.end() ? moved->from : row.case_number.value_or("");
    compare("case", json::string(of_case));
  }

  void compare_times() {
    auto const& values = registered_->values;
    auto const day = governance::to_text(governance::Day(std::chrono::days(of_.row.day)));
    compare_time("came_or_made_day", json::string(day), text_of(values, "came_or_made_day"), day);
    auto const text = [](std::int64_t ms) {
      return fmt::format("{} ({} ms)", governance::to_text(governance::day_of(instant_from_ms(ms))), ms);
    };
    compare_time("registered_at", of_.row.registered_at,
                 text(optional_integer(values, "registered_at").value_or(0)), text(of_.row.registered_at));
  }

  void check_corrections() {
    std::vector<CorrectionRow> rows = of_.corrections;
    for (auto const& entry : entries_) {
      if (entry.kind != "correction") continue;
      auto const row = std::ranges::find(rows, entry.index, &CorrectionRow::log_index);
      auto const field = text_of(entry.values, "field");
      if (row == rows.end()) {
        find(FindingKind::missing, fmt::format("a correction of its {} is missing", field));
        continue;
      }
      bool const same =
          entry.destroyed || of_.row.disposed ||
          (row->field == field && row->from == text_of(entry.values, "from") &&
           row->to == text_of(entry.values, "to") && row->reason == text_of(entry.values, "reason"));
      if (!same) find(FindingKind::changed, fmt::format("a correction of its {} was changed", field));
      rows.erase(row);
    }
    for (auto const& row : rows)
      find(FindingKind::changed, fmt::format("a correction of its {} is not in the log", row.field));
  }

  /// What corrections put in place is what the last of each field says.
  void check_corrected() {
    if (of_.row.disposed) return;
    json::object expected;
    for (auto const& entry : entries_) {
      auto const field = text_of(entry.values, "field");
      if (entry.kind == "correction" && field != "case") expected[field] = text_of(entry.values, "to");
    }
    auto const stored = of_.row.corrected.empty() ? Result<json::object>(json::object())
                                                  : parse_json_object(of_.row.corrected);
    if (!stored) return find(FindingKind::changed, "what corrections put in place can't be read");
    for (auto const& member : *stored) {
      auto const* value = expected.if_contains(member.key());
      if (value == nullptr || *value != member.value())
        find(FindingKind::changed,
             fmt::format("the corrected {} is not what a correction said", std::string_view(member.key())));
    }
    for (auto const& member : expected) {
      if (!stored->contains(member.key()))
        find(FindingKind::missing,
             fmt::format("the corrected {} is missing", std::string_view(member.key())));
    }
  }

  void check_publication() {
    if (of_.row.disposed) return;
    Opened const* last = nullptr;
    for (auto const& entry : entries_) {
      if (entry.kind == "publication") last = &entry;
    }
    auto const show = static_cast<Publication>(of_.row.publication);
    if (last == nullptr) {
      bool const as_registered = show == Publication::waiting || show == Publication::full;
      if (!as_registered || (of_.row.public_title && *of_.row.public_title != of_.row.title))
        find(FindingKind::changed, "what the web shows of it was decided by nobody");
      return;
    }
    auto const title = optional_string(last->values, "title");
    bool const shown_right =
        show != Publication::full || (title && of_.row.public_title == std::string(*title));
    if (text_of(last->values, "show") != to_text(show) || !shown_right)
      find(FindingKind::changed, "what the web shows of it is not what was decided last");
  }

  /// Files as the log lists them: the manifest first, then attachments, then renditions as they were made.
  void check_files() {
    if (of_.row.disposed) return;
    std::vector<FileRow> rows = of_.files;
    for (auto const& entry : entries_) {
      for (auto const& file : entry.files) {
        if (text_of(file, "role") != to_text(FileRole::original)) check_file(file, rows);
      }
    }
    for (auto const& row : rows)
      find(FindingKind::changed, fmt::format("the file {} is not in the log", row.name), row.name);
  }

  void check_file(json::object const& file, std::vector<FileRow>& rows) {
    auto const name = text_of(file, "name");
    auto const same = [&](FileRow const& row) {
      return row.name == name && row.blob == text_of(file, "sha256") &&
             row.size == optional_integer(file, "size") && row.type == text_of(file, "type") &&
             to_text(static_cast<FileRole>(row.role)) == text_of(file, "role");
    };
    auto row = std::ranges::find_if(rows, same);
    if (row == rows.end()) {
      row = std::ranges::find(rows, name, &FileRow::name);
      bool const there = row != rows.end();
      find(there ? FindingKind::changed : FindingKind::missing,
           fmt::format("the file {} {}", name,
                       there ? "was replaced in the register" : "is missing from the register"),
           name);
    }
    if (row != rows.end()) rows.erase(row);
  }

  void check_manifest() {
    if (of_.row.disposed) return;
    if (!of_.manifest)
      return find(FindingKind::missing, "its originals (manifest.json) are missing", "manifest.json");
    auto const hash = hex_encode(crypto::view(of_.manifest->hash));
    auto const listed = registered_ == nullptr ? nullptr : original();
    bool const as_in_log = listed == nullptr || (text_of(*listed, "sha256") == hash &&
                                                 optional_integer(*listed, "size") == of_.manifest->size);
    if (hash != of_.row.manifest_hash || of_.manifest->size != of_.row.manifest_size || !as_in_log)
      find(FindingKind::changed, "its originals (manifest.json) were changed", "manifest.json");
  }

  [[nodiscard]] json::object const* original() const {
    auto const found = std::ranges::find_if(registered_->files, [](json::object const& file) {
      return text_of(file, "role") == to_text(FileRole::original);
    });
    return found == registered_->files.end() ? nullptr : &*found;
  }

  /// A tombstone keeps neither content nor what would prove a guess of it.
  void check_disposed() {
    bool const opened = std::ranges::any_of(entries_, [](Opened const& entry) {
      return !entry.files.empty() || entry.values.contains("title") ||
             entry.values.contains("internal_title");
    });
    if (opened || of_.manifest || !of_.files.empty())
      find(FindingKind::changed,
           "it is called disposed of, but the log or the register still holds its content");
  }

  VerifyReport& report_;
  RecordCase const& of_;
  std::vector<Opened> entries_;
  Opened const* registered_ = nullptr;
};

}  // namespace

void check_record(VerifyReport& report, RecordCase const& of) { RecordCheck(report, of).run(); }

}  // namespace torg::records
