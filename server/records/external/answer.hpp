#pragma once
#include "base/json.hpp"

#include <string>
#include <string_view>

namespace torg::records {

/// What a register says of a record that was handed to it.
struct ExternalAnswer {
  enum class Kind : std::uint8_t {
    registered,  ///< it has `number`
    accepted,    ///< it has everything, and no number yet
    refused,     ///< it will not be registered, because of `reason`
    unknown,     ///< the register has nothing under this key
  };
  Kind kind = Kind::accepted;
  std::string number, place, reason;
};

/// The body of an answer: `{"number": …, "url"?: …}`, `{"refused": …}`, or neither: accepted. `invalid_param`
/// for a number that nobody could read: empty, longer than 100 bytes, or with characters that control a
/// screen or turn the direction of text.
[[nodiscard]] Result<ExternalAnswer> read_external_answer(json::object const& body);

/// An answer by HTTP (docs/external-register.md). Errors are what may pass: the register is down, or the way
/// to it is wrong; the record is handed over again.
[[nodiscard]] Result<ExternalAnswer> read_external_answer(unsigned status, std::string_view body);

}  // namespace torg::records
