// ERMS through libxml2's writer. What the schema doesn't ask for and nobody knows yet – number, case – is
// left out.
#include "base/late_library.hpp"
#include "governance/zone.hpp"
#include "records/external/package.hpp"
#include "records/lift/draft.hpp"
#include "records/lift/manifest.hpp"
#include "records/mail/file_name.hpp"

#include <libxml/xmlwriter.h>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

namespace torg::records {
namespace {

// Loaded when the first record is handed over: an authority that keeps its register here never needs it.
#define TORG_LIBXML(name) \
  constexpr LateFunction<decltype(::name), "libxml2.so.2", #name> name {}
TORG_LIBXML(xmlBufferContent);
TORG_LIBXML(xmlBufferCreate);
TORG_LIBXML(xmlBufferFree);
TORG_LIBXML(xmlFreeTextWriter);
TORG_LIBXML(xmlNewTextWriterMemory);
TORG_LIBXML(xmlTextWriterEndDocument);
TORG_LIBXML(xmlTextWriterEndElement);
TORG_LIBXML(xmlTextWriterStartDocument);
TORG_LIBXML(xmlTextWriterStartElement);
TORG_LIBXML(xmlTextWriterWriteAttribute);
TORG_LIBXML(xmlTextWriterWriteString);
#undef TORG_LIBXML

using Attributes = std::initializer_list<std::pair<char const*, std::string_view>>;

/// Elements one inside another.
class Xml {
 public:
  Xml() : buffer_(xmlBufferCreate()), writer_(xmlNewTextWriterMemory(buffer_, 0)) {
    if (buffer_ == nullptr || writer_ == nullptr) throw std::bad_alloc();
    check(xmlTextWriterStartDocument(writer_, nullptr, "UTF-8", nullptr));
  }
  ~Xml() {
    if (writer_ != nullptr) xmlFreeTextWriter(writer_);
    xmlBufferFree(buffer_);
  }
  Xml(Xml const&) = delete;
  Xml& operator=(Xml const&) = delete;

  void open(char const* name, Attributes attributes = {}) {
    check(xmlTextWriterStartElement(writer_, text(name)));
    for (auto const& [key, value] : attributes) {
      check(xmlTextWriterWriteAttribute(writer_, text(key), text(clean_text(value, Lines::one).c_str())));
    }
  }
  void close() { check(xmlTextWriterEndElement(writer_)); }
  void element(char const* name, std::string_view value, Attributes attributes = {}) {
    open(name, attributes);
    check(xmlTextWriterWriteString(writer_, text(clean_text(value, Lines::many).c_str())));
    close();
  }
  [[nodiscard]] std::string finish() {
    check(xmlTextWriterEndDocument(writer_));
    xmlFreeTextWriter(writer_);
    writer_ = nullptr;
    return reinterpret_cast<char const*>(xmlBufferContent(buffer_));
  }

 private:
  static xmlChar const* text(char const* of) { return reinterpret_cast<xmlChar const*>(of); }
  static void check(int written) {
    if (written < 0) throw std::bad_alloc();  // the buffer could not grow
  }

  xmlBuffer* buffer_;
  xmlTextWriter* writer_;
};

std::string date_time(Instant at) {
  auto const day = std::chrono::floor<std::chrono::days>(at);
  std::chrono::year_month_day const ymd(day);
  std::chrono::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

void write_agent(Xml& xml, std::string_view kind, std::string_view name) {
  if (name.empty()) return;
  xml.open("agent", {{"agentType", kind}});
  xml.element("name", name);
  xml.close();
}

void write_control(Xml& xml, Delivery const& handover, ExternalSender const& sender) {
  xml.open("control");
  xml.element("identification", handover.key, {{"identificationType", "file"}});
  xml.open("maintenanceInformation");
  xml.open("maintenanceStatus", {{"value", "new"}});
  xml.close();
  xml.open("maintenanceAgency");
  xml.element("agencyName", fmt::format("{}, {}", sender.authority.name_sv, sender.authority.organisation));
  xml.close();
  xml.open("maintenanceHistory");
  xml.open("maintenanceEvent");
  xml.open("eventType", {{"value", "created"}});
  xml.close();
  xml.element("eventDateTime", date_time(handover.made_at));
  write_agent(xml, "creator", kToolVersion);
  for (int n = 0; n < 4; ++n) xml.close();
}

std::string_view direction_of(Direction direction) {
  switch (direction) {
    case Direction::in:
      return "incoming";
    case Direction::out:
      return "outgoing";
    case Direction::internal:
      return "internal_memo_without_follow-up";
  }
  return "";
}

void write_secrecy(Xml& xml, Secrecy const& secrecy) {
  xml.open("restriction", {{"restrictionType", "confidential"}});
  xml.element("regulation", secrecy.provision);
  xml.close();
}

void write_dates(Xml& xml, Delivery const& handover, Draft const& draft) {
  xml.open("dates");
  xml.element("date", date_time(handover.made_at), {{"dateType", "created"}});
  auto const what = draft.direction == Direction::in    ? "received"
                    : draft.direction == Direction::out ? "sent"
                                                        : "finished";
  xml.element("date", date_time(governance::start_of(draft.came_or_made_day)), {{"dateType", what}});
  xml.close();
}

void write_files(Xml& xml, std::vector<ExternalPart> const& parts) {
  xml.open("additionalInformation");
  for (auto const& part : parts) {
    if (part.path.empty()) continue;  // this very description
    xml.open(
        "appendix",
        {{"name", part.name}, {"description", part.role}, {"fileFormat", part.type}, {"path", part.path}});
    xml.close();
  }
  xml.close();
}

void write_record(Xml& xml, Delivery const& handover, ExternalSender const& sender, Draft const& draft,
                  std::vector<ExternalPart> const& parts) {
  xml.open("record", {{"systemIdentifier", handover.key},
                      {"recordType", draft.record_type},
                      {"recordPhysicalOrDigital", "digitial"}});  // the schema spells it so
  xml.element("objectId", handover.key);
  if (!draft.classification.empty())
    xml.element("classification", draft.classification, {{"classificationCode", draft.classification}});
  xml.element("title", draft.title);
  if (draft.secrecy) write_secrecy(xml, *draft.secrecy);
  xml.element("direction", to_text(draft.direction),
              {{"directionDefinition", direction_of(draft.direction)}});
  xml.open("agents");
  write_agent(xml, "sender", draft.sender);
  write_agent(xml, "recipient", draft.recipient);
  write_agent(xml, "user", sender.by_name);
  xml.close();
  if (!draft.internal_title.empty()) xml.element("description", draft.internal_title);
  write_dates(xml, handover, draft);
  write_files(xml, parts);
  xml.close();
}

}  // namespace

std::string erms_xml(Delivery const& handover, ExternalSender const& sender,
                     std::vector<ExternalPart> const& parts) {
  auto const object = parse_json_object(handover.draft);
  auto const draft = object ? parse_draft(*object) : Result<Draft>(std::unexpected(object.error()));
  if (!draft) throw std::runtime_error("the draft of a handover is broken: " + draft.error().message);
  Xml xml;
  xml.open("erms", {{"xmlns", "https://DILCIS.eu/XML/ERMS"}});
  write_control(xml, handover, sender);
  xml.open("records");
  write_record(xml, handover, sender, *draft, parts);
  xml.close();
  xml.close();
  return xml.finish();
}

}  // namespace torg::records
