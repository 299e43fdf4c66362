#pragma once
#include <string_view>

/// What the demo organisation is made of. All of it is invented.
namespace torg::app::story {

struct Board {
  std::string_view code, name_sv, name_en, organisation_number, mark;
};
inline constexpr Board kBoards[] = {
    {"KS", "Kommunstyrelsen", "The Municipal Executive Board", "212000-9991", "wave"},
    {"BN", "Byggnadsnämnden", "The Building Board", "212000-9991", "house"},
    {"TN", "Tekniska nämnden", "The Technical Board", "212000-9991", "drop"},
};

/// `roles` in the order of boards they hold: `officer@KS registrar@BN`.
struct Person {
  std::string_view localpart, name, unit, roles;
};
inline constexpr Person kPeople[] = {
    {"maja.ekdahl", "Maja Ekdahl", "Samhällsbyggnad", "officer@KS"},
    {"tove.lindgren", "Tove Lindgren", "Kansliet", "officer@KS"},
    {"amira.nordin", "Amira Nordin", "Kommunikation", "officer@KS"},
    {"erik.sandell", "Erik Sandell", "Vatten och avlopp", "officer@TN"},
    {"petra.holm", "Petra Holm", "Vatten och avlopp", "officer@TN"},
    {"asa.lindqvist", "Åsa Lindqvist", "Plan och bygg", "officer@BN"},
    {"sandra.wiik", "Sandra Wiik", "Registraturen", "registrar@KS registrar@BN registrar@TN"},
    {"arne.palm", "Arne Palm", "Kommunarkivet", "archivist@KS archivist@BN archivist@TN"},
    {"birgitta.ros", "Birgitta Ros", "Kommunarkivet", "archivist@KS archivist@BN archivist@TN"},
    {"henning.palm", "Henning Palm", "It-avdelningen", "administrator@KS"},
};

/// A room made from a plan; the first member proposes it. Shared rooms have a standing decision (R17).
struct Room {
  std::string_view key, name, purpose, level, host, parties, members, classification;
};
inline constexpr Room kRooms[] = {
    {"laxan", "Översvämningsskydd Laxån", "Skydda Strandängen före vårfloden 2027", "shared", "KS",
     "KS TN BN", "maja.ekdahl tove.lindgren erik.sandell petra.holm asa.lindqvist sandra.wiik", "1.3.2"},
    {"skyfall", "Skyfallsplan 2027", "En gemensam plan för skyfall", "shared", "TN", "TN KS",
     "erik.sandell petra.holm maja.ekdahl", "1.4.1"},
    {"dricksvatten", "Dricksvatten", "Reservvattentäkt vid Norrsjön", "shared", "BN", "BN TN KS",
     "asa.lindqvist erik.sandell maja.ekdahl", "1.4.1"},
    {"krisledning", "Krisledning", "Öva och leda vid kris", "shared", "KS", "KS BN TN",
     "tove.lindgren maja.ekdahl erik.sandell asa.lindqvist", "1.4.1"},
    {"samhallsbyggnad", "Samhällsbyggnad", "Förvaltningens eget rum", "within", "KS", "KS",
     "maja.ekdahl tove.lindgren amira.nordin sandra.wiik", "1.3.1"},
    {"enhetsmote", "Enhetsmöte tisdagar", "Förbered och minns mötena", "within", "KS", "KS",
     "tove.lindgren maja.ekdahl", "1.3.1"},
    {"fikarummet", "Fikarummet", "Prat om allt annat", "within", "KS", "KS",
     "amira.nordin maja.ekdahl tove.lindgren", "1.3.1"},
    {"detaljplan", "Detaljplan Strandängen", "Byggnadsnämndens arbete med planen", "within", "BN", "BN",
     "asa.lindqvist", "3.1.2"},
};

struct Post {
  std::string_view room, by, text, attachment;
};
inline constexpr Post kPosts[] = {
    {"laxan", "maja.ekdahl", "Här är utkastet till beslutsunderlag. Kommentera fritt fram till onsdag lunch.",
     ""},
    {"laxan", "petra.holm", "Tack, jag läser i kväll.", ""},
    {"laxan", "erik.sandell",
     "Pegeln vid Kvarnbron visade 2,41 i morse, elva centimeter över larmnivå ett. Vi bemannar pumpstationen "
     "från klockan tolv.",
     ""},
    {"laxan", "asa.lindqvist",
     "God morgon! Här är vårt yttrande om vallen. Vi tillstyrker, med två villkor om grundvattnet.",
     "Yttrande provisorisk vall Strandängen.txt"},
    {"laxan", "petra.holm", "Jag är tio minuter sen till avstämningen, börja utan mig.", ""},
    {"skyfall", "erik.sandell",
     "Vi börjar med lågpunkterna längs Hamngatan. Säg till om ni har egna observationer.", ""},
    {"skyfall", "maja.ekdahl", "Bra. Jag frågar kollegorna på torsdag.", ""},
    {"dricksvatten", "asa.lindqvist", "Mötet är flyttat till fredag klockan tio.", ""},
    {"samhallsbyggnad", "tove.lindgren", "Glöm inte att boka bil till fältbesöket på onsdag.", ""},
    {"samhallsbyggnad", "maja.ekdahl", "Första utkastet till svar ligger i min mapp, det är inte klart.", ""},
    {"fikarummet", "amira.nordin", "Det finns bullar i köket på andra våningen.", ""},
    {"detaljplan", "asa.lindqvist", "Samrådet är slut, jag sammanställer synpunkterna.", ""},
};

struct Case {
  std::string_view board, title, classification;
};
inline constexpr Case kCases[] = {
    {"KS", "Översvämningsskydd Laxån", "1.4.1"},
    {"KS", "Direktupphandling barriärer", "2.4.1"},
    {"TN", "Drift dagvatten", "3.2.1"},
    {"BN", "Detaljplan Strandängen", "3.1.2"},
};

/// What the registrar has registered before the story begins; a private person's name stays off the web.
enum class Sender : unsigned char { authority, person };
struct Record {
  std::string_view board, case_title, title, direction, sender, recipient, type, note;
  Sender kind = Sender::authority;
};
inline constexpr Record kRecords[] = {
    {"KS", "Översvämningsskydd Laxån", "Begäran om yttrande, provisorisk vall", "out", "Kommunstyrelsen",
     "Byggnadsnämnden", "Remiss",
     "Kommunstyrelsen ber om yttrande över en provisorisk vall vid Strandängen."},
    {"KS", "Översvämningsskydd Laxån", "Fråga om egna brunnar vid vallen, Hamngatan", "in", "Karin Holmgren",
     "Kommunstyrelsen", "Synpunkt",
     "En boende på Hamngatan frågar vad vallen gör med grundvattnet i brunnarna.", Sender::person},
    {"KS", "Översvämningsskydd Laxån", "Tjänsteanteckning: läget vid Kvarnbron", "internal", "", "",
     "Tjänsteanteckning", "Pegeln vid Kvarnbron läses av två gånger om dagen från och med måndag."},
    {"TN", "Drift dagvatten", "Anmälan om stopp i dagvattenbrunn, Hamngatan", "in", "En boende",
     "Tekniska nämnden", "Anmälan", "Brunnen utanför Hamngatan 4 svämmar över.", Sender::person},
    {"BN", "Detaljplan Strandängen", "Begäran om anstånd, detaljplan Strandängen", "in", "Ombud för sakägare",
     "Byggnadsnämnden", "Skrivelse", "Ombudet ber om två veckors anstånd med yttrandet."},
};

inline constexpr std::string_view kAttachment =
    "Yttrande över provisorisk vall vid Strandängen\n\nByggnadsnämnden tillstyrker förslaget med två "
    "villkor:\n"
    "1. Grundvattennivån mäts varje vecka.\n2. Vallen öppnas om nivån stiger mer än tjugo centimeter.\n";

}  // namespace torg::app::story
