#include "records/external/answer.hpp"

#include "records/mail/file_name.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

using Kind = ExternalAnswer::Kind;

constexpr std::size_t kMaxNumber = 100;   // bytes
constexpr std::size_t kMaxPlace = 1000;   // bytes
constexpr std::size_t kMaxReason = 1000;  // bytes

std::string reason_of(json::object const& body, unsigned status) {
  for (auto const* key : {"refused", "error", "reason"}) {
    auto text = clean_text(optional_string(body, key).value_or(""), Lines::one);
    if (text.size() > kMaxReason) text = clean_text(std::string_view(text).substr(0, kMaxReason), Lines::one);
    if (!text.empty()) return text;
  }
  return fmt::format("The register answers {}.", status);
}

/// Of what a client did wrong, these say that the way to the register is wrong, not the record.
bool may_pass(unsigned status) {
  return status == 401 || status == 403 || status == 404 || status == 405 || status == 407 || status == 408 ||
         status == 425 || status == 429;
}

}  // namespace

Result<ExternalAnswer> read_external_answer(json::object const& body) {
  ExternalAnswer answer;
  if (body.contains("refused")) {
    answer.kind = Kind::refused;
    answer.reason = reason_of(body, 422);
    return answer;
  }
  if (!body.contains("number") || body.at("number").is_null()) return answer;
  auto const number = optional_string(body, "number").value_or("");
  auto const visible = number.find_first_not_of(' ') != std::string_view::npos;
  if (!visible || number.size() > kMaxNumber || !deceiving_character(number).empty())
    return fail(ErrorCode::invalid_param, "The register's answer has no usable number.");
  answer.kind = Kind::registered;
  answer.number = number;
  auto const place = optional_string(body, "url").value_or("");
  auto const link = place.starts_with("https://") || place.starts_with("http://");
  if (link && place.size() <= kMaxPlace && deceiving_character(place).empty()) answer.place = place;
  return answer;
}

Result<ExternalAnswer> read_external_answer(unsigned status, std::string_view body) {
  auto const parsed = parse_json_object(body);
  auto const object = parsed ? *parsed : json::object{};
  if (status == 200 || status == 201) {
    auto answer = read_external_answer(object);
    if (answer && answer->kind == Kind::accepted)
      return fail(ErrorCode::unavailable, fmt::format("The register answers {} without a number.", status));
    return answer;
  }
  if (status == 202 || status == 409) return read_external_answer(object);
  if (status >= 400 && status < 500 && !may_pass(status))
    return ExternalAnswer{
        .kind = Kind::refused, .number = {}, .place = {}, .reason = reason_of(object, status)};
  return fail(ErrorCode::unavailable, fmt::format("The register answers {}.", status));
}

}  // namespace torg::records
