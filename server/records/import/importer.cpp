#include "records/import/importer.hpp"

#include "base/json.hpp"
#include "governance/zone.hpp"
#include "records/register/store.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kAtOnce = 200;  ///< lines of one transaction

/// What the register says of a line, before anything is written.
class Look {
 public:
  Look(db::Reader& reader, AuthorityId authority, std::string code,
       std::vector<std::pair<std::string, std::vector<NumberSeries>>> others)
      : reader_(reader), authority_(authority), code_(std::move(code)), others_(std::move(others)) {}

  ImportedLine at(ImportLine const& line) {
    ImportedLine out{line.line, LineState::fresh, line.number.empty() ? line.case_number : line.number,
                     line.problems};
    if (out.problems.empty()) compare(line, out);
    if (!out.problems.empty()) out.state = LineState::refused;
    return out;
  }

 private:
  static void problem(ImportedLine& out, std::string sv, std::string en) {
    out.problems.push_back({std::move(sv), std::move(en)});
  }
  void compare(ImportLine const& line, ImportedLine& out) {
    auto const there = register_store::case_row(reader_, line.case_number);
    if (there && there->authority != authority_)
      problem(out, "Ärendenumret finns hos en annan myndighet.", "The case's number is another authority's.");
    if (!there && line.case_title.empty() && !titled_.contains(line.case_number))
      problem(out, "Ärendet finns inte och raden har ingen ärendemening.",
              "The case isn't there, and the line has no title for it.");
    if (!line.case_title.empty()) titled_.insert(line.case_number);
    if (line.number.empty()) {
      if (there || !cases_.insert(line.case_number).second) out.state = LineState::there;
      return belongs_here(line, out);
    }
    if (!seen_.insert(line.number).second)
      problem(out, "Diarienumret står två gånger i filen.", "The number stands twice in the file.");
    if (auto const record = register_store::record(reader_, line.number)) {
      bool const same = record->authority == authority_ && record->case_number == line.case_number;
      if (same)
        out.state = LineState::there;
      else
        problem(out, "Diarienumret finns redan, i ett annat ärende.",
                "The number is there already, in another case.");
    }
    belongs_here(line, out);
  }
  /// A number that another authority's series could give is not ours to bring.
  void belongs_here(ImportLine const& line, ImportedLine& out) {
    for (auto const& [code, series] : others_) {
      for (auto const& one : series) {
        if (one.pattern.read_case(line.case_number, code) || one.pattern.read_record(line.number, code))
          return problem(out, fmt::format("Numret hör till {}s serie.", code),
                         fmt::format("The number belongs to a series of {}.", code));
      }
    }
  }

  db::Reader& reader_;
  AuthorityId authority_;
  std::string code_;
  std::vector<std::pair<std::string, std::vector<NumberSeries>>> others_;
  std::set<std::string> seen_, cases_, titled_;
};

/// What one line needs in the lane.
struct Prepared {
  ImportLine line;
  NewRecord record;
  std::vector<NumberSeries> series;
};

/// The case the line names, made when it isn't there.
CaseId case_of(db::Transaction& transaction, Prepared const& one) {
  if (auto const row = register_store::case_row(transaction, one.line.case_number)) return row->id;
  register_store::NewCaseRow row;
  auto const& record = one.record;
  row.authority = record.series.authority;
  row.number = one.line.case_number;
  row.title = one.line.case_title;
  row.classification = one.line.classification;
  row.at = record.at;
  row.today = one.line.opened.value_or(one.line.day.value_or(record.today));
  row.year = static_cast<int>(std::chrono::year_month_day(row.today).year());
  row.by = record.by;
  row.series = record.series.n;
  for (auto const& series : one.series) {
    auto const parts = series.pattern.read_case(row.number, record.series.code);
    if (!parts) continue;
    row.series = series.n;
    row.pattern = series.pattern.text();
    row.year = parts->year;
    register_store::pass_serial(transaction, {row.authority, series.n}, parts->year, parts->case_serial);
    break;
  }
  return register_store::add_case(transaction, row);
}

Result<> write_line(db::Transaction& transaction, Prepared const& one) {
  auto const id = case_of(transaction, one);
  if (!one.line.number.empty() && !register_store::record(transaction, one.line.number)) {
    GivenNumber given{id, one.line.case_number, one.line.number, 0};
    for (auto const& series : one.series) {
      auto const parts = series.pattern.read_record(given.number, one.record.series.code);
      if (!parts) continue;
      given.document = parts->document;
      if (!series.pattern.counts_documents())
        register_store::pass_serial(transaction, {one.record.series.authority, series.n}, parts->year,
                                    parts->case_serial);
      break;
    }
    static_cast<void>(register_given(transaction, one.record, given));
  }
  if (one.line.closed)
    (void)close_case(transaction, id, *one.line.closed);  // closed by a line before: it stays so
  return {};
}

}  // namespace

std::string_view to_text(LineState state) {
  switch (state) {
    case LineState::fresh:
      return "new";
    case LineState::there:
      return "there";
    case LineState::refused:
      return "refused";
  }
  return {};
}

Task<Result<ImportReport>> Importer::look(ImportRequest const& request) {
  std::vector<std::pair<std::string, std::vector<NumberSeries>>> others;
  for (auto const& authority : governance_.authorities())
    if (authority.id != request.authority)
      others.emplace_back(authority.code, records_.all_series(authority.id));
  auto const* own = governance_.authority(request.authority);
  co_return co_await database_.read_aside([lines = request.sheet.lines, authority = request.authority,
                                           code = own->code, others](db::Reader& reader) {
    ImportReport report;
    Look look(reader, authority, code, others);
    for (auto const& line : lines) {
      report.lines.push_back(look.at(line));
      auto const state = report.lines.back().state;
      ++(state == LineState::fresh   ? report.fresh
         : state == LineState::there ? report.there
                                     : report.refused);
    }
    return report;
  });
}

NewRecord Importer::record_of(ImportRequest const& request, ImportLine const& line) {
  auto const now = runtime_.now();
  NewRecord record;
  record.series = records_.series(request.authority, line.record_type);
  record.at = now;
  record.today = governance::day_of(now);
  record.by = request.by;
  record.by_id = request.by ? people_.user_id(request.by) : "torg import";
  record.title = line.title;
  record.internal_title = line.internal_title;
  record.direction = line.direction;
  record.sender = line.sender;
  record.recipient = line.recipient;
  record.private_person = line.private_person;
  record.came_or_made_day = line.day.value_or(record.today);
  record.classification = line.classification;
  record.record_type = line.record_type;
  if (!line.secrecy.empty()) record.secrecy = Secrecy{line.secrecy, record.today, ""};
  record.manifest = json::serialize(
      json::object{{"imported", json::object{{"file", request.file},
                                             {"line", line.line},
                                             {"cells", parse_json(line.cells).value_or(nullptr)}}}});
  record.seed = draw_salt_seed(runtime_);
  return record;
}

Task<Result<>> Importer::write(ImportRequest const& request, ImportReport const& report) {
  auto const all = records_.all_series(request.authority);
  std::vector<Prepared> batch;
  for (std::size_t n = 0; n < request.sheet.lines.size(); ++n) {
    auto const& line = request.sheet.lines[n];
    if (report.lines[n].state == LineState::fresh) batch.push_back({line, record_of(request, line), all});
    bool const last = n + 1 == request.sheet.lines.size();
    if (batch.empty() || (batch.size() < kAtOnce && !last)) continue;
    auto const done = co_await database_.write([batch](db::Transaction& transaction) -> Result<> {
      for (auto const& one : batch)
        if (auto written = write_line(transaction, one); !written) return written;
      return {};
    });
    if (!done) co_return std::unexpected(done.error());
    batch.clear();
  }
  co_return Result<>{};
}

Task<Result<ImportReport>> Importer::run(ImportRequest request) {
  if (governance_.authority(request.authority) == nullptr)
    co_return fail(ErrorCode::not_found, "There is no such authority.");
  bool const may = !request.by || records_.is_registrar(request.by, request.authority) ||
                   governance_.has_role(request.by, request.authority, governance::Role::archivist);
  if (!may)
    co_return fail(ErrorCode::forbidden,
                   "A registrar or archivist of the authority imports into its register.");
  auto report = co_await look(request);
  if (!report) co_return fail(std::move(report));
  report->ignored = request.sheet.ignored;
  if (request.mode == ImportMode::dry_run || report->refused > 0) co_return std::move(*report);
  auto const done = co_await write(request, *report);
  if (!done) co_return std::unexpected(done.error());
  report->written = true;
  co_return std::move(*report);
}

json::object to_json(ImportReport const& report) {
  json::array lines, ignored;
  for (auto const& line : report.lines) {
    json::array problems;
    for (auto const& one : line.problems) problems.push_back(json::object{{"sv", one.sv}, {"en", one.en}});
    lines.push_back(json::object{{"line", line.line},
                                 {"state", to_text(line.state)},
                                 {"number", line.number},
                                 {"problems", std::move(problems)}});
  }
  for (auto const& one : report.ignored) ignored.emplace_back(one);
  return {{"written", report.written}, {"new", report.fresh},           {"there", report.there},
          {"refused", report.refused}, {"ignored", std::move(ignored)}, {"lines", std::move(lines)}};
}

}  // namespace torg::records
