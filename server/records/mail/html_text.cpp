#include "records/mail/html_text.hpp"

#include "base/late_library.hpp"

#include <algorithm>
#include <array>
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <memory>
#include <vector>

namespace torg::records {
namespace {

// Loaded by the process that reads a mail, and by no other: it brings ICU along.
#define TORG_LIBXML(name) \
  constexpr LateFunction<decltype(::name), "libxml2.so.2", #name> name {}
TORG_LIBXML(htmlReadMemory);
TORG_LIBXML(xmlDocGetRootElement);
TORG_LIBXML(xmlFreeDoc);
TORG_LIBXML(xmlGetProp);
#undef TORG_LIBXML

/// `xmlFree` is a variable that points to a function.
void free_text(xmlChar* text) { (*static_cast<xmlFreeFunc*>(late_symbol("libxml2.so.2", "xmlFree")))(text); }

constexpr std::array<std::string_view, 9> kSkipped{"script",   "style",  "head",   "title",   "template",
                                                   "noscript", "object", "iframe", "textarea"};
/// Stand on lines of their own.
constexpr std::array<std::string_view, 8> kLines{"div", "tr",      "li",      "dt",
                                                 "dd",  "section", "article", "header"};
/// The same, with an empty line around.
constexpr std::array<std::string_view, 14> kParagraphs{"p",  "h1", "h2", "h3", "h4",  "h5",    "h6",
                                                       "hr", "ul", "ol", "dl", "pre", "table", "blockquote"};

std::string_view text_of(xmlChar const* text) { return text ? reinterpret_cast<char const*>(text) : ""; }

template <std::size_t N>
bool is_one_of(std::array<std::string_view, N> const& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// Collects text with white space folded as a browser would.
class Collector {
 public:
  void words(std::string_view text) {
    for (char const c : text) {
      bool const space = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
      if (!space)
        out_ += c;
      else if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n')
        out_ += ' ';
    }
  }
  /// Ends the line, and with `lines` = 2 the paragraph.
  void end(unsigned lines) {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (out_.empty()) return;
    auto const text_end = out_.find_last_not_of('\n') + 1;
    while (out_.size() - text_end < lines) out_ += '\n';
  }
  void line_break() { end(out_.ends_with('\n') ? 2 : 1); }
  [[nodiscard]] std::string take() {
    auto const end = out_.find_last_not_of(" \n");
    out_.resize(end == std::string::npos ? 0 : end + 1);
    return std::move(out_);
  }
  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] std::string_view since(std::size_t start) const {
    return std::string_view(out_).substr(std::min(start, out_.size()));
  }

 private:
  std::string out_;
};

void add_link_address(xmlNode* node, std::size_t start, Collector& out) {
  std::unique_ptr<xmlChar, void (*)(xmlChar*)> const held(
      xmlGetProp(node, reinterpret_cast<xmlChar const*>("href")), free_text);
  auto const address = text_of(held.get());
  if (!address.starts_with("http")) return;
  if (!out.since(start).contains(address)) out.words(" <" + std::string(address) + ">");
}

void end_block(std::string_view name, Collector& out) {
  if (is_one_of(kParagraphs, name)) out.end(2);
  if (is_one_of(kLines, name)) out.end(1);
}

void enter(xmlNode* node, Collector& out) {
  auto const name = text_of(node->name);
  end_block(name, out);
  if (name == "br") out.line_break();
  if (name == "li") out.words("- ");
  if (name == "td" || name == "th") out.words(" ");
}

/// Depth-first without recursion: nesting is the sender's choice.
void walk(xmlNode* root, Collector& out) {
  std::vector<std::size_t> starts;
  for (xmlNode* node = root; node;) {
    bool const skipped = node->type == XML_ELEMENT_NODE && is_one_of(kSkipped, text_of(node->name));
    if (node->type == XML_TEXT_NODE) out.words(text_of(node->content));
    if (node->type == XML_ELEMENT_NODE && !skipped) enter(node, out);
    if (node->children && node->type == XML_ELEMENT_NODE && !skipped) {
      starts.push_back(out.size());
      node = node->children;
      continue;
    }
    while (node != root && !node->next) {
      node = node->parent;
      if (!starts.empty()) {
        if (text_of(node->name) == "a") add_link_address(node, starts.back(), out);
        starts.pop_back();
      }
      end_block(text_of(node->name), out);
    }
    if (node == root) return;
    node = node->next;
  }
}

}  // namespace

std::string html_to_text(std::string_view html) {
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING;
  std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> const document(
      htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "UTF-8", kOptions), xmlFreeDoc);
  auto* const root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (!root) return {};
  Collector out;
  walk(root, out);
  return out.take();
}

}  // namespace torg::records
