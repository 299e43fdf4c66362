#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

/// A guess that a provision of the secrecy act may apply, from words in the text. It only asks a person to
/// look; the absence of a hint means nothing.
struct SecrecyHint {
  std::string_view provision;  ///< `21 kap. 1 § OSL`
  Bilingual why;
};

/// At most one hint per provision, in the order of the act.
[[nodiscard]] std::vector<SecrecyHint> secrecy_hints(std::string_view text);

}  // namespace torg::records
