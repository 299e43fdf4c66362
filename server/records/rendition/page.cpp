#include "base/catalogue.hpp"
#include "base/encoding.hpp"
#include "base/templates.hpp"
#include "embedded/rendition.hpp"
#include "records/mail/file_name.hpp"
#include "records/rendition/content.hpp"
#include "records/text/csv.hpp"
#include "records/text/dates.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

/// Larger tables are shown as their text: a table costs more to lay out than it is worth.
constexpr std::size_t kMostCells = 2'000;
constexpr std::size_t kMostColumns = 12;

class Page {
 public:
  explicit Page(RenditionContent const& content)
      : content_(content),
        catalogue_(embedded::rendition()),
        language_(catalogue_.has(content.language) ? content.language : "sv") {}

  [[nodiscard]] std::string html() const {
    auto const& record = content_.record;
    return Templates(embedded::rendition())
        .render("rendition", {{"language", language_},
                              {"t", catalogue_.all(language_)},
                              {"number", clean(record.number)},
                              {"title", clean(title())},
                              {"authority", clean(content_.authority)},
                              {"facts", facts()},
                              {"has_items", !content_.items.empty()},
                              {"items", items()},
                              {"has_files", !files().empty()},
                              {"files", files()},
                              {"attached", attached()}});
  }

 private:
  static std::string clean(std::string_view text) { return clean_text(text, Lines::one); }

  std::string const& title() const {
    return content_.record.internal_title.empty() ? content_.record.title : content_.record.internal_title;
  }

  json::array facts() const {
    auto const& r = content_.record;
    json::array out;
    auto const add = [&](std::string_view key, std::string const& value) {
      if (!value.empty())
        out.push_back(json::object{{"name", catalogue_.text(language_, fmt::format("facts.{}", key))},
                                   {"value", clean(value)}});
    };
    add("number", r.number);
    add("authority", content_.authority);
    add("direction", catalogue_.text(language_, fmt::format("direction.{}", to_text(r.direction))));
    add("day", long_day(r.came_or_made_day, language_));
    add("sender", r.sender);
    add("recipient", r.recipient);
    add("case", r.case_number.empty() ? "" : fmt::format("{} {}", r.case_number, r.case_title));
    add("classification", r.classification);
    add("type", r.record_type);
    if (r.secrecy)
      add("secrecy", fmt::format("{}, {}", r.secrecy->provision, long_day(r.secrecy->day, language_)));
    add("source", content_.source);
    add("original", content_.original_place);
    auto const when = long_time(r.registered_at, language_);
    add("registered", content_.registered_by.empty()
                          ? when
                          : catalogue_.text(language_, "facts.registered_by",
                                            {{"when", when}, {"who", content_.registered_by}}));
    return out;
  }

  /// Long texts as one paragraph per empty line: a screen reader then has something to step through.
  static json::array paragraphs(std::string const& raw) {
    json::array out;
    auto const text = clean_text(raw, Lines::many);
    std::string_view rest = text;
    while (!rest.empty()) {
      auto const end = rest.find("\n\n");
      auto const one = rest.substr(0, end);
      if (one.find_first_not_of(" \n\t") != std::string_view::npos) out.emplace_back(one);
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 2);
    }
    return out;
  }

  json::array items() const {
    json::array out;
    for (auto const& item : content_.items) {
      json::array earlier, reactions;
      for (auto const& one : item.earlier)
        earlier.push_back(json::object{
            {"label", catalogue_.text(language_, "earlier", {{"when", long_time(one.at, language_)}})},
            {"text", clean_text(one.text, Lines::many)}});
      for (auto const& one : item.reactions) reactions.emplace_back(clean(one));
      json::array sources;
      for (auto const& source : item.sources)
        sources.emplace_back(source.who.empty() ? catalogue_.text(language_, "note.gone")
                                                : clean(source.who) + ", " + long_time(source.at, language_));
      out.push_back(
          json::object{{"note", item.note},
                       {"has_sources", !sources.empty()},
                       {"sources", std::move(sources)},
                       {"handed_over", clean(language_ == "en" ? item.handed_over.en : item.handed_over.sv)},
                       {"who", clean(item.who)},
                       {"when", long_time(item.at, language_)},
                       {"removed", item.removed},
                       {"paragraphs", paragraphs(item.text)},
                       {"earlier", std::move(earlier)},
                       {"reactions", std::move(reactions)}});
    }
    return out;
  }

  [[nodiscard]] ShownFile const* shown(int n) const {
    auto const found =
        std::ranges::find_if(content_.shown, [n](ShownFile const& file) { return file.report.n == n; });
    return found == content_.shown.end() ? nullptr : &*found;
  }

  /// Where the file can be read, or why it can't.
  std::string copy_of(FileView const& file) const {
    auto const* known = shown(file.n);
    if (known == nullptr) return {};
    auto const& report = known->report;
    auto const why = report.why ? sentence(*report.why, language_) : std::string();
    auto const text = catalogue_.text(language_, fmt::format("copy.{}", to_text(report.outcome)),
                                      {{"name", file.name + ".pdf"}, {"why", why}});
    bool const also = report.why && report.outcome != FileOutcome::failed;
    return clean(also ? text + " " + why : text);
  }

  json::array files() const {
    json::array out;
    for (auto const& file : content_.record.files) {
      if (file.role == FileRole::rendition) continue;
      auto const size = catalogue_.text(language_, "bytes", {{"count", std::to_string(file.size)}});
      out.push_back(json::object{{"name", clean(file.name)},
                                 {"type", clean(file.type)},
                                 {"size", size},
                                 {"copy", copy_of(file)},
                                 {"hash", file.blob.value}});
    }
    return out;
  }

  /// What its sender said of a picture; a screen reader needs something in any case.
  std::string description_of(FileView const& file) const {
    auto const said = content_.descriptions.find(file.blob.value);
    if (said != content_.descriptions.end() && !said->second.empty()) return clean(said->second);
    return catalogue_.text(language_, "picture.undescribed", {{"name", clean(file.name)}});
  }

  json::object picture_of(FileView const& file, ShownFile const& shown) const {
    auto const frames = std::to_string(shown.frames);
    return {{"source",
             fmt::format("data:{};base64,{}", shown.type, base64_encode(shown.bytes, Base64::standard))},
            {"alt", description_of(file)},
            {"caption", shown.frames > 1 ? catalogue_.text(language_, "picture.moving", {{"count", frames}})
                                         : std::string()}};
  }

  static json::array cells(CsvRow const& row, std::size_t columns) {
    json::array out;
    for (std::size_t n = 0; n < columns; ++n)
      out.emplace_back(n < row.cells.size() ? clean(row.cells[n]) : std::string());
    return out;
  }

  /// The first row names the columns, as in most tables; null where it is none, or too large a one.
  static json::value table_of(std::string const& text) {
    auto const rows = read_csv(text);
    if (!rows || rows->size() < 2) return nullptr;
    auto const widest = std::ranges::max(*rows, {}, [](CsvRow const& row) { return row.cells.size(); });
    auto const columns = widest.cells.size();
    if (columns < 2 || columns > kMostColumns || columns * rows->size() > kMostCells) return nullptr;
    json::array body;
    for (auto row = rows->begin() + 1; row != rows->end(); ++row)
      body.push_back(json::object{{"cells", cells(*row, columns)}});
    return json::object{{"head", cells(rows->front(), columns)}, {"rows", std::move(body)}};
  }

  /// Pictures and texts that were filed, after everything else.
  json::array attached() const {
    json::array out;
    for (auto const& file : content_.record.files) {
      auto const* known = shown(file.n);
      if (known == nullptr || known->type.empty()) continue;
      json::object one{{"name", clean(file.name)}, {"picture", nullptr}, {"table", nullptr}};
      if (known->type != "text/plain") {
        one["picture"] = picture_of(file, *known);
      } else {
        if (file.name.ends_with(".csv") || file.type.starts_with("text/csv"))
          one["table"] = table_of(known->bytes);
        if (one["table"].is_null()) one["paragraphs"] = paragraphs(known->bytes);
      }
      out.push_back(std::move(one));
    }
    return out;
  }

  RenditionContent const& content_;
  Catalogue catalogue_;
  std::string language_;
};

}  // namespace

std::string rendition_page(RenditionContent const& content) { return Page(content).html(); }

}  // namespace torg::records
