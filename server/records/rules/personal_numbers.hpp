#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

enum class NumberKind : std::uint8_t {
  personal,      ///< personnummer
  coordination,  ///< samordningsnummer: day + 60
  organisation,  ///< organisationsnummer: no personal data in itself
  phone,
  ambiguous,  ///< a personal number or a phone number
  reserve,    ///< a date with letters where digits should be, as hospitals use
};
enum class Confidence : std::uint8_t { low, medium, high };

/// A number found in a text. Never log it: kind and position are enough.
struct FoundNumber {
  NumberKind kind;
  Confidence confidence;
  std::size_t position = 0;  ///< bytes from the start of the text
  std::size_t length = 0;    ///< bytes
  std::string normalised;    ///< twelve digits, ten for organisations; empty for phones
};

/// Looks for Swedish personal, coordination and organisation numbers. Phones are told apart first; a hit is
/// graded by its separator and the words before it, for about 0.7 % of random ten-digit strings pass the
/// check digit.
/// @param as_of a birth date after it is none
/// @see Folkbokföringslag (1991:481) 18 §; lag (1974:174) om identitetsbeteckning
[[nodiscard]] std::vector<FoundNumber> find_numbers(std::string_view text, Day as_of);

/// Whether a hit should make a person look: personal and coordination numbers, and ambiguous ones at low
/// confidence.
[[nodiscard]] bool is_personal(FoundNumber const& found);

}  // namespace torg::records
