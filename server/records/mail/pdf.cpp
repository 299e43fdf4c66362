#include "records/mail/pdf.hpp"

#include "base/late_library.hpp"
#include "governance/zone.hpp"
#include "records/mail/file_name.hpp"

#include <memory>
#include <qpdf/qpdf-c.h>

#include <fmt/format.h>

namespace torg::records {
namespace {

// Loaded by the process that reads a PDF, and by no other.
#define TORG_QPDF(name) \
  constexpr LateFunction<decltype(::name), "libqpdf.so.29", #name> name {}
TORG_QPDF(qpdf_cleanup);
TORG_QPDF(qpdf_get_error);
TORG_QPDF(qpdf_get_trailer);
TORG_QPDF(qpdf_has_error);
TORG_QPDF(qpdf_init);
TORG_QPDF(qpdf_oh_get_key);
TORG_QPDF(qpdf_oh_get_utf8_value);
TORG_QPDF(qpdf_oh_is_dictionary);
TORG_QPDF(qpdf_oh_is_string);
TORG_QPDF(qpdf_read_memory);
TORG_QPDF(qpdf_set_suppress_warnings);
TORG_QPDF(qpdf_silence_errors);
#undef TORG_QPDF

constexpr std::size_t kMaxText = 500;  // bytes; a title that long is none

struct Close {
  /// An error that nobody looked at would be written to the log.
  void operator()(_qpdf_data* file) const {
    while (qpdf_has_error(file)) qpdf_get_error(file);
    qpdf_cleanup(&file);
  }
};

std::string text_of(_qpdf_data* file, qpdf_oh info, char const* key) {
  auto const value = qpdf_oh_get_key(file, info, key);
  if (!qpdf_oh_is_string(file, value)) return {};
  auto text = clean_text(qpdf_oh_get_utf8_value(file, value), Lines::one);
  return text.size() > kMaxText ? std::string() : std::move(text);
}

/// `D:20261118093000+01'00'`: the day alone counts here.
std::optional<governance::Day> day_of_pdf(std::string_view text) {
  if (text.starts_with("D:")) text.remove_prefix(2);
  if (text.size() < 8) return std::nullopt;
  return governance::parse_day(
      fmt::format("{}-{}-{}", text.substr(0, 4), text.substr(4, 2), text.substr(6, 2)));
}

}  // namespace

bool is_pdf(std::string_view bytes) { return bytes.starts_with("%PDF-"); }

Result<PdfFacts> parse_pdf(std::string_view bytes) {
  std::unique_ptr<_qpdf_data, Close> const file(qpdf_init());
  qpdf_silence_errors(file.get());
  qpdf_set_suppress_warnings(file.get(), QPDF_TRUE);
  auto const read = qpdf_read_memory(file.get(), "", bytes.data(), bytes.size(), nullptr);
  if (!is_pdf(bytes) || (read & (QPDF_ERRORS)) != 0)
    return fail(ErrorCode::invalid_param, "The PDF could not be read. Register it as a file instead.");
  PdfFacts facts;
  auto const info = qpdf_oh_get_key(file.get(), qpdf_get_trailer(file.get()), "/Info");
  if (!qpdf_oh_is_dictionary(file.get(), info)) return facts;
  facts.title = text_of(file.get(), info, "/Title");
  facts.author = text_of(file.get(), info, "/Author");
  facts.made_day = day_of_pdf(text_of(file.get(), info, "/CreationDate"));
  return facts;
}

}  // namespace torg::records
