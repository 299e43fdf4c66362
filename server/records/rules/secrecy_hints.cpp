#include "records/rules/secrecy_hints.hpp"

#include "records/rules/text.hpp"

#include <array>
#include <span>

#include <fmt/format.h>

namespace torg::records {
namespace {

struct Provision {
  std::string_view cite, subject_sv, subject_en;
  std::span<std::string_view const> stems;
};

constexpr std::string_view kSecurity[]{"lösenord",     "larmkod",         "portkod",    "inbrottslarm",
                                       "passersystem", "brandväggsregel", "nätritning", "sårbarhetsskanning",
                                       "password",     "alarm code"};
constexpr std::string_view kPreparedness[]{"risk- och sårbarhetsanalys", "sårbarhetsanalys",
                                           "krisberedskapsplan", "vulnerability analysis"};
constexpr std::string_view kTender[]{"anbudspris", "anbudsgivare", "anbudsöppning", "utvärdering av anbud",
                                     "tenderer"};
constexpr std::string_view kHealth[]{
    "diagnos",        "sjukdom",  "cancer",  "depression", "läkarintyg", "funktionsnedsättning",
    "psykisk ohälsa", "missbruk", "illness", "diagnosis",  "disability"};
constexpr std::string_view kThreat[]{
    "skyddade personuppgifter", "skyddad identitet", "skyddad adress", "skyddat boende", "hotad",
    "protected identity"};
constexpr std::string_view kSchool[]{"elevhälsa", "åtgärdsprogram", "skolpsykolog", "skolkurator",
                                     "pupil health"};
constexpr std::string_view kCare[]{"patient", "journalanteckning", "vårdplan"};
constexpr std::string_view kSocial[]{"socialtjänst", "orosanmälan", "biståndsbeslut", "ekonomiskt bistånd",
                                     "hemtjänst",    "lss-insats",  "social services"};
constexpr std::string_view kWhistle[]{"visselblås", "whistleblow"};
constexpr std::string_view kGuardian[]{"god man", "förvaltare för", "överförmyndar", "huvudmannen"};
constexpr std::string_view kStaff[]{"rehabiliter", "sjukskriv", "omplacering", "sick leave"};

constexpr std::array kProvisions{
    Provision{"18 kap. 8 § OSL", "säkerhetsåtgärder", "security measures", kSecurity},
    Provision{"18 kap. 13 § OSL", "krisberedskap", "crisis preparedness", kPreparedness},
    Provision{"19 kap. 3 § OSL", "upphandling", "procurement", kTender},
    Provision{"21 kap. 1 § OSL", "hälsa", "health", kHealth},
    Provision{"21 kap. 3 § OSL", "hotad person", "a threatened person", kThreat},
    Provision{"23 kap. 2 § OSL", "elevhälsa", "pupil health", kSchool},
    Provision{"25 kap. 1 § OSL", "hälso- och sjukvård", "health care", kCare},
    Provision{"26 kap. 1 § OSL", "socialtjänst", "social services", kSocial},
    Provision{"32 kap. 3 b § OSL", "visselblåsning", "whistleblowing", kWhistle},
    Provision{"32 kap. 4 § OSL", "överförmyndare", "chief guardian", kGuardian},
    Provision{"39 kap. 2 § OSL", "personal: hälsa, omplacering", "staff: health, redeployment", kStaff}};

}  // namespace

std::vector<SecrecyHint> secrecy_hints(std::string_view text) {
  auto const plain = make_plain(text).plain;
  std::vector<SecrecyHint> hints;
  for (auto const& provision : kProvisions) {
    for (auto const stem : provision.stems) {
      if (!has_word_beginning(plain, stem)) continue;
      hints.push_back({provision.cite,
                       {fmt::format("Ordet \"{}\" kan röra {}.", stem, provision.subject_sv),
                        fmt::format("The word \"{}\" may concern {}.", stem, provision.subject_en)}});
      break;
    }
  }
  return hints;
}

}  // namespace torg::records
