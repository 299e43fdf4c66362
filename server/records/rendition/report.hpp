#pragma once
#include "base/json.hpp"
#include "base/time.hpp"
#include "records/register/views.hpp"

#include <optional>
#include <string>
#include <vector>

// What became of a record's rendition and of each of its files, as registrars see it and the page says it.
namespace torg::records {

enum class FileOutcome : std::uint8_t {
  shown,     ///< in the record's own PDF
  separate,  ///< a PDF/A-2b of its own, which assistive technology reads less well
  itself,    ///< a PDF needs no other
  none,      ///< of a kind that has no readable copy: sound, archives, programs
  failed
};

enum class RenditionProblem : std::uint8_t {
  lies,        ///< it is not what it is said to be: `says`, `is`
  broken,      ///< can't be read
  locked,      ///< by a password
  pixels,      ///< a picture larger than is decoded: `width`, `height`
  unpacks,     ///< to more than is unpacked
  long_text,   ///< longer than is shown
  memory,      ///< takes more than it may have
  slow,        ///< takes longer than it may
  much,        ///< more or larger files than are shown
  missing,     ///< its bytes aren't here
  no_office,   ///< LibreOffice isn't installed
  no_sandbox,  ///< bubblewrap doesn't work, without which LibreOffice isn't started
  page,        ///< the worker fell over the page
  worker,      ///< the worker can't be started
  no_worker    ///< none is configured: renditions wait
};

[[nodiscard]] std::string_view to_text(FileOutcome outcome);
[[nodiscard]] std::string_view to_text(RenditionProblem problem);  ///< `long` for `long_text`
[[nodiscard]] std::optional<RenditionProblem> parse_problem(std::string_view text);

/// A problem with the values that its sentence names.
struct RenditionWhy {
  RenditionProblem problem = RenditionProblem::page;
  json::object values;
};
/// The sentence for people, in `language` (`sv`, `en`).
[[nodiscard]] std::string sentence(RenditionWhy const& why, std::string_view language);

struct FileReport {
  int n = 0;  ///< of the file in the record
  FileOutcome outcome = FileOutcome::none;
  std::optional<RenditionWhy> why{};  ///< why it failed; or what else is to be known, as that its type lies
  int rendition = 0;                  ///< the file that was made of it alone; 0: none
};

struct RenditionReport {
  int attempts = 0;  ///< that failed since somebody last asked
  std::optional<Instant> next_attempt{};
  std::optional<RenditionWhy> why{};  ///< why the last attempt failed as a whole
  std::vector<FileReport> files;      ///< of the last one that was made
};

/// `{attempts, next_attempt_at, problem: {code, sv, en} | null, files: [{n, state, problem, rendition}]}`
[[nodiscard]] json::object to_json(RenditionReport const& report);

}  // namespace torg::records
