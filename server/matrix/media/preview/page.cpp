#include "matrix/media/preview/page.hpp"

#include "base/encoding.hpp"
#include "base/late_library.hpp"
#include "runtime/confine.hpp"
#include "runtime/worker.hpp"

#include <algorithm>
#include <libxml/HTMLparser.h>
#include <memory>

namespace torg::matrix {
namespace {

constexpr std::size_t kMostInput = 16u << 20;

// Loaded by the process that reads a page, and by no other: it brings ICU along.
#define TORG_LIBXML(name) \
  constexpr LateFunction<decltype(::name), "libxml2.so.2", #name> name {}
TORG_LIBXML(htmlReadMemory);
TORG_LIBXML(xmlDocGetRootElement);
TORG_LIBXML(xmlFreeDoc);
TORG_LIBXML(xmlGetProp);
#undef TORG_LIBXML

/// `xmlFree` is a variable that points to a function.
void free_text(xmlChar* text) { (*static_cast<xmlFreeFunc*>(late_symbol("libxml2.so.2", "xmlFree")))(text); }

std::string_view text_of(xmlChar const* text) { return text ? reinterpret_cast<char const*>(text) : ""; }

/// At most so many bytes, whole characters, white space folded.
std::string folded(std::string_view text) {
  std::string out;
  for (char const c : text) {
    bool const blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
    if (out.size() >= kLongestText) break;
  }
  while (!out.empty() && (out.back() == ' ' || !is_valid_utf8(out))) out.pop_back();
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text.substr(0, kLongestText));
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return is_valid_utf8(out) ? out : std::string();
}

std::string attribute(xmlNode* node, char const* name) {
  std::unique_ptr<xmlChar, void (*)(xmlChar*)> const held(
      xmlGetProp(node, reinterpret_cast<xmlChar const*>(name)), free_text);
  return folded(text_of(held.get()));
}

/// All text below a node; without recursion, since nesting is the page's choice.
std::string text_below(xmlNode* root) {
  std::string all;
  for (xmlNode* node = root; node != nullptr && all.size() < 4 * kLongestText;) {
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) all += text_of(node->content);
    if (node->children != nullptr && node->type == XML_ELEMENT_NODE) {
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr) node = node->parent;
    node = node == root ? nullptr : node->next;
  }
  return folded(all);
}

void add_property(xmlNode* node, PageFacts& facts) {
  if (facts.properties.size() >= kMostProperties) return;
  auto name = lower(attribute(node, "property"));
  if (name.empty()) name = lower(attribute(node, "name"));
  auto value = attribute(node, "content");
  if (!name.empty() && !value.empty()) facts.properties.push_back({std::move(name), std::move(value)});
}

void enter(xmlNode* node, PageFacts& facts) {
  auto const name = text_of(node->name);
  if (name == "meta") add_property(node, facts);
  if (name == "title" && facts.title.empty()) facts.title = text_below(node);
  if (name == "h1" && facts.heading.empty()) facts.heading = text_below(node);
  if (name == "base" && facts.base.empty()) facts.base = attribute(node, "href");
  if (name == "link" && facts.oembed.empty() && lower(attribute(node, "rel")) == "alternate" &&
      lower(attribute(node, "type")) == "application/json+oembed")
    facts.oembed = attribute(node, "href");
}

void walk(xmlNode* root, PageFacts& facts) {
  for (xmlNode* node = root; node != nullptr;) {
    if (node->type == XML_ELEMENT_NODE) enter(node, facts);
    if (node->children != nullptr && node->type == XML_ELEMENT_NODE) {
      node = node->children;
      continue;
    }
    while (node != root && node->next == nullptr) node = node->parent;
    if (node == root) return;
    node = node->next;
  }
}

std::string_view first_of(PageFacts const& facts, std::initializer_list<std::string_view> names) {
  for (auto const name : names)
    if (auto const value = facts.property(name); !value.empty()) return value;
  return {};
}

void fill(json::object& preview, std::string_view name, std::string_view value) {
  if (!preview.contains(name) && !value.empty()) preview[name] = value;
}

}  // namespace

std::string_view PageFacts::property(std::string_view name) const {
  auto const found = std::ranges::find(properties, name, &Property::name);
  return found == properties.end() ? std::string_view() : std::string_view(found->value);
}

PageFacts read_page(std::string_view html, std::string const& charset) {
  constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING;
  std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> const document(
      htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr,
                     charset.empty() ? nullptr : charset.c_str(), kOptions),
      xmlFreeDoc);
  PageFacts facts;
  auto* const root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (root != nullptr) walk(root, facts);
  return facts;
}

json::object preview_of(PageFacts const& facts) {
  json::object preview;
  for (auto const& [name, value] : facts.properties) {
    // A client that fetched these itself would tell their server who reads.
    bool const names_a_file =
        name.starts_with("og:image") || name.starts_with("og:video") || name.starts_with("og:audio");
    if (name.starts_with("og:") && name.size() <= 100 && !names_a_file) fill(preview, name, value);
  }
  auto const title = first_of(facts, {"twitter:title"});
  fill(preview, "og:title", !title.empty() ? title : !facts.title.empty() ? facts.title : facts.heading);
  fill(preview, "og:description", first_of(facts, {"twitter:description", "description"}));
  fill(preview, "og:site_name", first_of(facts, {"application-name", "twitter:site"}));
  return preview;
}

std::string picture_of(PageFacts const& facts) {
  return std::string(first_of(
      facts, {"og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"}));
}

void add_oembed(json::object& preview, std::string& picture, json::object const& oembed) {
  auto const text = [&](std::string_view name) { return folded(optional_string(oembed, name).value_or("")); };
  fill(preview, "og:title", text("title"));
  fill(preview, "og:site_name", text("provider_name"));
  fill(preview, "og:description", text("author_name"));
  bool const is_photo = optional_string(oembed, "type") == "photo";
  if (picture.empty()) picture = text(is_photo ? "url" : "thumbnail_url");
}

std::string encode_page(PageFacts const& facts) {
  json::array properties;
  for (auto const& [name, value] : facts.properties) properties.push_back(json::array{name, value});
  return encode_worker_answer({{"properties", std::move(properties)},
                               {"title", facts.title},
                               {"heading", facts.heading},
                               {"base", facts.base},
                               {"oembed", facts.oembed}});
}

Result<PageFacts> decode_page(std::string_view answer) {
  auto const decoded = decode_worker_answer(answer);
  if (!decoded) return std::unexpected(decoded.error());
  auto const text = [&](std::string_view name) {
    return folded(optional_string(decoded->head, name).value_or(""));
  };
  PageFacts facts{{}, text("title"), text("heading"), text("base"), text("oembed")};
  auto const* const properties = optional_array(decoded->head, "properties");
  if (properties == nullptr || properties->size() > kMostProperties)
    return fail(ErrorCode::invalid_param, "The page could not be read.");
  for (auto const& one : *properties) {
    auto const* const pair = one.if_array();
    if (pair == nullptr || pair->size() != 2 || !pair->at(0).is_string() || !pair->at(1).is_string())
      continue;
    facts.properties.push_back({folded(pair->at(0).get_string()), folded(pair->at(1).get_string())});
  }
  return facts;
}

int run_page_worker(std::string const& charset) {
  constexpr Confinement kLimits{
      .memory_bytes = 512u << 20, .cpu_seconds = 5, .open_files = 32, .files = FileAccess::none};
  (void)late_symbol("libxml2.so.2", "xmlFree");
  if (!confine_this_process(kLimits)) return 2;
  return write_standard_output(encode_page(read_page(read_standard_input(kMostInput), charset))) ? 0 : 1;
}

}  // namespace torg::matrix
