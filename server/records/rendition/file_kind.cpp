#include "records/rendition/file_kind.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

using enum FileKind;

#define TORG_OOXML "application/vnd.openxmlformats-officedocument."
#define TORG_ODF "application/vnd.oasis.opendocument."

struct KnownType {
  std::string_view type, extension;
  FileKind kind;
};
constexpr KnownType kTypes[] = {{"image/jpeg", "jpg", picture},
                                {"image/jpeg", "jpeg", picture},
                                {"image/png", "png", picture},
                                {"image/gif", "gif", picture},
                                {"image/webp", "webp", picture},
                                {"text/plain", "txt", text},
                                {"text/markdown", "md", text},
                                {"text/csv", "csv", text},
                                {"application/pdf", "pdf", pdf},
                                {"application/rtf", "rtf", office},
                                {"application/msword", "doc", office},
                                {"application/vnd.ms-excel", "xls", office},
                                {"application/vnd.ms-powerpoint", "ppt", office},
                                {TORG_OOXML "wordprocessingml.document", "docx", office},
                                {TORG_OOXML "spreadsheetml.sheet", "xlsx", office},
                                {TORG_OOXML "presentationml.presentation", "pptx", office},
                                {TORG_ODF "text", "odt", office},
                                {TORG_ODF "spreadsheet", "ods", office},
                                {TORG_ODF "presentation", "odp", office},
                                {TORG_ODF "graphics", "odg", office},
                                {"image/svg+xml", "svg", office}};
/// Other names that programs give these types.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kAliases{
    {{"image/jpg", "image/jpeg"},
     {"application/x-pdf", "application/pdf"},
     {"text/rtf", "application/rtf"},
     {"application/csv", "text/csv"}}};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string plain_type(std::string_view given) {
  auto type = lower(given.substr(0, given.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  auto const* const alias =
      std::ranges::find(kAliases, type, &std::pair<std::string_view, std::string_view>::first);
  return alias == kAliases.end() ? type : std::string(alias->second);
}

std::string extension_of(std::string_view name) {
  auto const dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : lower(name.substr(dot + 1));
}

}  // namespace

std::string_view to_text(FileKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"picture", "text", "pdf", "office", "other"};
  return kNames.at(static_cast<std::size_t>(kind));
}

ClaimedKind claimed_kind(FileView const& file) {
  auto type = plain_type(file.type);
  auto const extension = extension_of(file.name);
  // Where Excel is installed, browsers call tables in text its own.
  bool const unsaid = type.empty() || type == "application/octet-stream" ||
                      (type == "application/vnd.ms-excel" && extension == "csv");
  for (auto const& known : kTypes) {
    if (unsaid ? known.extension == extension : known.type == type)
      return {known.kind, std::string(known.type)};
  }
  return {other, std::move(type)};
}

}  // namespace torg::records
