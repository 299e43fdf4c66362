// An event is written by its fields in the order of canonical JSON, so it is never sorted and never becomes a
// tree:
//
//   head    {"auth_events":[…],"content":
//   content {…}
//   middle  ,"depth":7 and, in room versions 1 and 2, ,"event_id":"…"
//   hashes  ,"hashes":{"sha256":"…"}
//   tail    ,"msc4354_sticky":{…} where it has that,
//   ,"origin_server_ts":…,"prev_events":[…],"room_id":"…","sender":"…","state_key":"…","type":"…"}
//
// The content hash covers all but `hashes`, the reference hash covers all with the redacted content: both run
// over the same pieces without joining them.
#include "matrix/event/event.hpp"

#include "base/encoding.hpp"
#include "base/identifiers.hpp"

#include <span>
#include <stdexcept>

namespace torg::matrix {
namespace {

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kHashText = 43;  ///< base64 of a SHA-256

std::string base64_of(crypto::Sha256 const& hash, Base64 alphabet) {
  return base64_encode(crypto::view(hash), alphabet);
}

void append_citation(std::string& out, Citation const& cited, Citations form) {
  if (form == Citations::ids) return append_json_string(out, cited.id);
  out += '[';
  append_json_string(out, cited.id);
  out += R"(,{"sha256":")" + base64_of(cited.reference_hash, Base64::standard) + R"("}])";
}

void append_list(std::string& out, std::span<Citation const> items, Citations form) {
  char separator = '[';
  for (auto const& item : items) {
    out += separator;
    separator = ',';
    append_citation(out, item, form);
  }
  if (separator == '[') out += separator;
  out += ']';
}

void append_text(std::string& out, std::string_view key, std::string_view value) {
  out += key;
  append_json_string(out, value);
}

enum class Form : std::uint8_t { whole, redacted };

struct Pieces {
  std::string head, middle, tail;
};

bool keeps_origin(Event const& event, Form form) {
  return form == Form::whole || traits(event.version).redaction != Redaction::v11;
}

std::string tail_of(Event const& event, Form form) {
  std::string tail;
  if (event.sticky_ms && form == Form::whole)
    tail += ",\"msc4354_sticky\":{\"duration_ms\":" + std::to_string(*event.sticky_ms) + '}';
  if (event.origin && keeps_origin(event, form)) append_text(tail, ",\"origin\":", *event.origin);
  tail += ",\"origin_server_ts\":" + std::to_string(event.origin_server_ts);
  tail += ",\"prev_events\":";
  append_list(tail, event.prev_events, traits(event.version).citations);
  if (event.redacts && form == Form::whole) append_text(tail, ",\"redacts\":", *event.redacts);
  if (!event.room_id.empty()) append_text(tail, ",\"room_id\":", event.room_id);
  append_text(tail, ",\"sender\":", event.sender);
  if (event.state_key) append_text(tail, ",\"state_key\":", *event.state_key);
  append_text(tail, ",\"type\":", event.type);
  tail += '}';
  return tail;
}

std::string hashes_of(crypto::Sha256 const& content_hash) {
  return ",\"hashes\":{\"sha256\":\"" + base64_of(content_hash, Base64::standard) + "\"}";
}

Pieces pieces_of(Event const& event) {
  Pieces pieces;
  pieces.head = "{\"auth_events\":";
  append_list(pieces.head, event.auth_events, traits(event.version).citations);
  pieces.head += ",\"content\":";
  pieces.middle = ",\"depth\":" + std::to_string(event.depth);
  if (!event.event_id.empty()) append_text(pieces.middle, ",\"event_id\":", event.event_id);
  pieces.tail = tail_of(event, Form::whole);
  return pieces;
}

/// The tail of the redacted event where it is another one than that of the whole event.
std::optional<std::string> redacted_tail(Event const& event) {
  bool const same =
      !event.redacts && !event.sticky_ms && (!event.origin || keeps_origin(event, Form::redacted));
  return same ? std::nullopt : std::optional(tail_of(event, Form::redacted));
}

std::string join(std::span<std::string_view const> pieces) {
  std::size_t size = 0;
  for (auto piece : pieces) size += piece.size();
  std::string out;
  out.reserve(size);
  for (auto piece : pieces) out += piece;
  return out;
}

Result<> check_field(std::string_view name, std::string_view value) {
  if (value.size() > kMaxFieldBytes) {
    return fail(ErrorCode::too_large, "The field '" + std::string(name) + "' is longer than 255 bytes.");
  }
  return {};
}

Result<> check_fields(Event const& event) {
  std::pair<std::string_view, std::string_view> const fields[] = {
      {"type", event.type},
      {"sender", event.sender},
      {"room_id", event.room_id},
      {"event_id", event.event_id},
      {"state_key", event.state_key ? std::string_view(*event.state_key) : std::string_view()}};
  for (auto const& [name, value] : fields) {
    if (auto checked = check_field(name, value); !checked) return checked;
  }
  if (event.type.empty()) return fail(ErrorCode::invalid_param, "The event has no type.");
  if (!is_valid_user_id(event.sender)) return fail(ErrorCode::invalid_param, "The sender is not a user id.");
  bool const becomes_room_id =
      event.type == "m.room.create" && traits(event.version).room_ids == RoomIds::create_hash;
  if (!becomes_room_id && !event.room_id.starts_with('!')) {
    return fail(ErrorCode::invalid_param, "The room id is not one.");
  }
  bool const has_id = traits(event.version).event_ids == EventIds::chosen;
  if (has_id != event.event_id.starts_with('$'))
    return fail(ErrorCode::invalid_param, "The event id is not one.");
  return {};
}

Result<> check_numbers(Event const& event) {
  auto const canonical = [](std::int64_t number) { return number >= 0 && number <= kLargestInteger; };
  if (!canonical(event.depth)) return fail(ErrorCode::invalid_param, "The depth is out of range.");
  if (!canonical(event.origin_server_ts))
    return fail(ErrorCode::invalid_param, "The time stamp is out of range.");
  if (event.prev_events.size() > kMaxPrevEvents || event.auth_events.size() > kMaxAuthEvents) {
    return fail(ErrorCode::invalid_param, "The event cites too many events.");
  }
  return {};
}

}  // namespace

std::size_t signature_bytes(std::string_view server_name) {
  constexpr std::size_t kSignatureText = 86;  // base64 of 64 bytes
  std::string quoted;
  append_json_string(quoted, server_name);
  return std::string_view(R"("signatures":{:{"":""}},)").size() + quoted.size() + kMaxKeyIdBytes +
         kSignatureText;
}

std::string pdu_bytes(Event const& event) {
  auto const p = pieces_of(event);
  auto const hashes = hashes_of(event.content_hash);
  std::string_view const whole[] = {p.head, event.content, p.middle, hashes, p.tail};
  return join(whole);
}

namespace {

/// `event.content` after the redaction algorithm, parsed only for the few types that keep something.
std::string redacted_content_of(Event const& event) {
  bool const keeps_all = traits(event.version).redaction == Redaction::v11;
  if (event.type == "m.room.create" && keeps_all) return event.content;
  if (!keeps_content(event.version, event.type)) return "{}";
  auto content = parse_json_object(event.content);
  if (!content) throw std::invalid_argument("the content of an event is not canonical JSON");
  return redacted_content(event.version, event.type, *content);
}

std::string id_of(Event const& event) {
  switch (traits(event.version).event_ids) {
    case EventIds::chosen:
      return event.event_id;
    case EventIds::hash:
      return '$' + base64_of(event.reference_hash, Base64::standard);
    case EventIds::hash_for_urls:
      break;
  }
  std::string id;
  id.reserve(1 + kHashText);
  id += '$';
  id += base64_of(event.reference_hash, Base64::url);
  return id;
}

}  // namespace

std::string redacted_pdu_bytes(Event const& event) {
  auto const p = pieces_of(event);
  auto const content = redacted_content_of(event);
  auto const hashes = hashes_of(event.content_hash);
  auto const tail = redacted_tail(event);
  std::string_view const whole[] = {p.head, content, p.middle, hashes, tail ? *tail : p.tail};
  return join(whole);
}

EventId seal(Event& event) {
  auto const p = pieces_of(event);
  std::string_view const hashed[] = {p.head, event.content, p.middle, p.tail};
  event.content_hash = crypto::sha256(hashed);

  auto const content = redacted_content_of(event);
  auto const hashes = hashes_of(event.content_hash);
  auto const tail = redacted_tail(event);
  std::string_view const redacted[] = {p.head, content, p.middle, hashes, tail ? *tail : p.tail};
  event.reference_hash = crypto::sha256(redacted);
  return EventId(id_of(event));
}

RoomId room_id_of_create(EventId const& create) { return RoomId("!" + create.value.substr(1)); }

Result<> check_limits(Event const& event, std::string_view server_name) {
  if (auto fields = check_fields(event); !fields) return fields;
  if (auto numbers = check_numbers(event); !numbers) return numbers;
  auto const p = pieces_of(event);
  auto const size = p.head.size() + event.content.size() + p.middle.size() +
                    hashes_of(event.content_hash).size() + p.tail.size();
  if (size + signature_bytes(server_name) > kMaxEventBytes) {
    return fail(ErrorCode::too_large, "The event is larger than 65,536 bytes.");
  }
  return {};
}

}  // namespace torg::matrix
