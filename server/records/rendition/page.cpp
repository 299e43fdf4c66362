#include "base/catalogue.hpp"
#include "base/templates.hpp"
#include "embedded/rendition.hpp"
#include "records/mail/file_name.hpp"
#include "records/rendition/content.hpp"
#include "records/text/dates.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

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
                              {"files", files()}});
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

  json::array files() const {
    json::array out;
    for (auto const& file : content_.record.files) {
      if (file.role == FileRole::rendition) continue;
      auto const size = catalogue_.text(language_, "bytes", {{"count", std::to_string(file.size)}});
      out.push_back(json::object{
          {"name", clean(file.name)}, {"type", clean(file.type)}, {"size", size}, {"hash", file.blob.value}});
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
