#pragma once
#include "records/rules/types.hpp"

#include <span>

namespace torg::records {

/// A provision that an official may mark something by (`files/provisions.json`). A summary, never the law.
struct Provision {
  std::string id;    ///< `OSL-21-1`; stays the same when the words of the list change
  std::string cite;  ///< `21 kap. 1 § OSL`
  Bilingual subject, description;
  std::string protects;          ///< `public` or `individual` interest
  std::string presumption;       ///< straight, reversed, absolute or mixed
  std::string strength;          ///< normal or weaker
  std::optional<int> max_years;  ///< longest time for a public record; none: the provision states none
};

/// The list, in the order of the act.
[[nodiscard]] std::span<Provision const> provisions();

/// What the text says as an id (`OSL-21-1`), a citation (`21 kap. 1 § OSL`) or its short form (`OSL 21:1`);
/// null when the list has no such provision.
[[nodiscard]] Provision const* find_provision(std::string_view text);

/// Provisions with all words of `query` in citation, subject or description, Swedish or English; those whose
/// citation or subject says it come first. At most `limit`.
[[nodiscard]] std::vector<Provision const*> search_provisions(std::string_view query, std::size_t limit);

}  // namespace torg::records
