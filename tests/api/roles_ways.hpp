#pragma once
#include "roles_fixture.hpp"

#include <functional>

namespace torg::testing {

inline constexpr std::string_view kOwn = "/_torg/v1/";

inline std::string named(net::Method method, std::string_view pattern) {
  return std::string(net::to_text(method)) + " " + std::string(pattern.substr(kOwn.size()));
}

/// Where the authority of a request is looked for.
enum class For : std::uint8_t { ks, any };

/// One way to use a route: with everything in it, so that only rights can be in the way.
struct Way {
  std::string target;
  std::string body;
  For where = For::ks;
  std::string_view type = "application/json";
  std::optional<Act> act{};  ///< where the route takes one of several
};

/// How each route that is an act of the table is used.
class RolesWays : public RolesApi {
 protected:
  void SetUp() override {
    RolesApi::SetUp();
    name_cases();
    name_records();
    name_rooms();
    name_archive();
    name_governance();
  }

  using Make = std::function<Way(RolePerson const&)>;
  std::multimap<std::string, Make, std::less<>> ways;

  void way(std::string route, Make make) { ways.emplace(std::move(route), std::move(make)); }
  /// The same for everybody.
  void way(std::string route, std::string target, json::object body = {}, For where = For::ks,
           std::optional<Act> act = std::nullopt) {
    bool const reads = route.starts_with("GET ");
    auto text = reads ? std::string() : json::serialize(body);
    way(std::move(route), [made = Way{std::move(target), std::move(text), where, "application/json", act}](
                              RolePerson const&) { return made; });
  }
  static std::string id_in(json::value const& body, std::string_view path) {
    auto const value = Reply{.status = 0, .body = body}.at(path);
    return value.is_int64() ? std::to_string(value.as_int64()) : std::string("0");
  }
  static json::object draft() {
    return {{"title", "Ett yttrande"},
            {"internal_title", ""},
            {"direction", "in"},
            {"sender", "Granviks kommun"},
            {"recipient", "Kommunen"},
            {"private_person", false},
            {"classification", "1.4.1"},
            {"record_type", "Yttrande"},
            {"came_or_made_day", "2026-11-20"},
            {"case", nullptr}};
  }
  /// Of an item of its own: one that waits is registered by itself after ten seconds.
  json::object lift(std::string key) {
    return {{"key", std::move(key)},
            {"room_id", room},
            {"event_ids", {say()}},
            {"authority", "KS"},
            {"commit", "after"},
            {"draft", draft()},
            {"confirmed", {"new_case", "personal_number", "secrecy"}}};
  }

  void name_cases() {
    auto const path = "cases/" + of_case;
    way("GET cases", "cases?authority=KS");
    way("POST cases", "cases", {{"authority", "KS"}, {"title", "Ett nytt ärende"}});
    for (std::string const rest : {"", "/review", "/collections", "/daybook", "/secrecy"})
      way("GET cases/{id}" + rest, path + rest);
    way("POST cases/{id}/changes", path + "/changes", {{"field", "unit"}, {"value", "Kansliet"}});
    way("POST cases/{id}/review", path + "/review", {{"review", json::object{}}});
    way("PUT cases/{id}/secrecy", path + "/secrecy", {{"provision", "OSL-21-1"}, {"day", "2026-11-20"}});
    way("POST cases/{id}/secrecy/end", path + "/secrecy/end", {{"reason", "fel"}});
    way("POST cases/{id}/close",
        [this](RolePerson const&) { return Way{"cases/" + std::to_string(new_case()) + "/close", "{}"}; });
    way("POST relations", "relations",
        {{"of", "cases"}, {"kind", "see"}, {"from", std::stoll(of_case)}, {"to", new_case()}});
    way("POST relations/{id}/end", [this](RolePerson const&) {
      auto const made =
          server.post("/_torg/v1/relations", sandra,
                      {{"of", "cases"}, {"kind", "see"}, {"from", std::stoll(of_case)}, {"to", new_case()}});
      return Way{"relations/" + id_in(made.body, "/id") + "/end", "{}"};
    });
  }

  void name_records() {
    auto const path = "records/" + record;
    way("GET records", "records?number=" + in_path(number));
    way("GET records/{id}", path);
    way("GET records/{id}/files/{n}", path + "/files/1");
    way("GET records/search", "records/search?authority=KS", {}, For::any);  // of others what the web shows
    for (std::string const list : {"records/day", "records/days", "daylist", "checks", "queue", "requests",
                                   "renditions", "handovers", "reservations"})
      way("GET " + list, list + "?authority=KS");
    auto const show = path + "/publication", correct = path + "/corrections";
    way("POST records/{id}/publication", show, {{"show", "number_only"}}, For::ks, Act::check_for_web);
    way("POST records/{id}/publication", show, {{"show", "taken_down"}}, For::ks, Act::take_down);
    way("POST records/{id}/corrections", correct,
        {{"field", "recipient"}, {"value", "Kommunen"}, {"reason", "fel"}}, For::ks, Act::correct_record);
    way("POST records/{id}/corrections", [this](RolePerson const&) {
      auto const made = enter(sandra, key(), {});
      return Way{"records/" + id_in(made.body, "/record/id") + "/corrections",
                 R"({"field":"not_a_record","value":"true","reason":"privat"})", For::ks, "application/json",
                 Act::strike_record};
    });
    way("PUT records/{id}/files/{n}/secrecy", path + "/files/1/secrecy",
        {{"provision", "OSL-21-1"}, {"day", "2026-11-20"}});
    way("POST records/{id}/files/{n}/secrecy/end", path + "/files/1/secrecy/end", {{"reason", "fel"}});
    way("POST requests/{id}/answer", "requests/" + std::to_string(request) + "/answer",
        {{"outcome", "released"}});
    way("POST records/{id}/rendition", path + "/rendition");
    auto const handover = "handovers/" + std::string(kHandover);
    way("GET handovers/{key}", handover);
    way("POST handovers/{key}/retry", handover + "/retry");
    way("GET reservations/{id}/sheet", "reservations/" + reservation + "/sheet");
    way("POST reservations", [this](RolePerson const&) {
      json::object const body{{"authority", "KS"}, {"key", key()}, {"count", 1}, {"reason", "prov"}};
      return Way{"reservations", json::serialize(body)};
    });
    way("POST reservations/void", [this](RolePerson const&) {
      auto const kept = server.post("/_torg/v1/reservations", sandra,
                                    {{"authority", "KS"}, {"key", key()}, {"count", 1}, {"reason", "prov"}});
      json::object const body{
          {"authority", "KS"}, {"numbers", json::array{kept.at("/numbers/0/number")}}, {"reason", "prov"}};
      return Way{"reservations/void", json::serialize(body)};
    });
    way("POST handovers/{key}/answer", handover + "/answer", {{"number", "Dnr 17"}});
    way("POST manual/preview", [](RolePerson const&) {
      return Way{"manual/preview?authority=KS&name=a.txt", "En text", For::ks, "text/plain"};
    });
    way("POST manual", [this](RolePerson const&) {
      json::object const body{
          {"key", key()}, {"kind", "counter"}, {"authority", "KS"}, {"note", ""}, {"draft", draft()}};
      return Way{"manual", json::serialize(body)};
    });
    way("POST manual/assess", [this](RolePerson const& by) {
      auto const shown = ask(net::Method::post, std::string(kOwn) + "manual/preview?authority=KS&name=a.txt",
                             by.token, "En text", "text/plain");
      json::object const body{{"key", key()},
                              {"authority", "KS"},
                              {"upload", Reply{.status = 0, .body = shown.body}.text("/upload")},
                              {"handling", "kept_ordered"},
                              {"reason", "rutin"}};
      return Way{"manual/assess", json::serialize(body)};
    });
    way("POST imports", [](RolePerson const&) {
      return Way{"imports?authority=KS&dry_run=true",
                 "Ärende;Ärendemening;Öppnat;Avslutat;Diarienummer;Rubrik;Riktning;Avsändare;Datum\n"
                 "KS 2019/00041;Bron;2019-02-01;;KS 2019/00041-1;Fråga om bron;in;Gun;2019-02-01\n",
                 For::ks, "text/csv"};
    });
    way("POST tables", [](RolePerson const&) {
      return Way{"tables", "Ärende;Rubrik\nKS 2019/00041;Bron\n", For::any, "text/csv"};
    });
  }

  void name_rooms() {
    auto const in_room = "rooms/" + in_path(room);
    auto const on_item = in_room + "/items/" + in_path(item);
    way("POST rooms/{roomId}/plan/accept", in_room + "/plan/accept", {{"authority", "KS"}});
    way("POST rooms/{roomId}/items/{eventId}/assess", on_item + "/assess",
        {{"authority", "KS"}, {"handling", "kept_ordered"}, {"reason", "rutin"}});
    way("POST rooms/{roomId}/items/{eventId}/mark-sent", on_item + "/mark-sent",
        {{"authority", "KS"}, {"to", "Granvik"}, {"day", "2026-11-20"}});
    way("POST queue/assess", "queue/assess",
        {{"items", {{{"event_id", item}, {"authority", "KS"}}}},
         {"handling", "kept_ordered"},
         {"reason", "rutin"}});
    way("POST lifts/preview", "lifts/preview",
        {{"room_id", room}, {"event_ids", {item}}, {"authority", "KS"}});
    way("POST lifts", [this](RolePerson const&) { return Way{"lifts", json::serialize(lift(key()))}; });
    way("POST lifts/{key}/commit", [this](RolePerson const& by) {
      auto const of_lift = key();
      (void)ask(net::Method::post, std::string(kOwn) + "lifts", by.token, json::serialize(lift(of_lift)));
      return Way{"lifts/" + of_lift + "/commit", "{}"};
    });
  }

  void name_archive() {
    auto const order = json::object{
        {"authority", "KS"}, {"decision", "GB 1"}, {"before_day", "2020-01-01"}, {"handling", "trivial"}};
    way("POST disposals/preview", "disposals/preview", order);
    way("POST disposals", "disposals", order);
    way("GET disposals", "disposals", {}, For::any);
    auto const path = "disposals/" + std::to_string(disposal);
    way("GET disposals/{id}", path);
    way("POST disposals/{id}/sample", path + "/sample");
    way("POST disposals/{id}/approve", path + "/approve");
    way("GET holds", "holds", {}, For::any, Act::set_hold);
    way("GET holds", "holds", {}, For::any, Act::release_hold);
    way("POST holds", "holds",
        {{"authority", "KS"}, {"what", {{"record_id", std::stoll(record)}}}, {"reason", "tvist"}});
    way("POST holds/{id}/release", "holds/" + std::to_string(hold) + "/release", {{"reason", "slut"}});
    way("GET weeding", "weeding", {}, For::any);
    way("POST weeding", "weeding", {{"paused", false}}, For::any);
    way("POST weeding/run", "weeding/run", {}, For::any);
  }

  void name_governance() {
    std::string const place = "authorities/KS/", plan = "authorities/{code}/information-plan";
    way("GET authorities/{code}/people", place + "people");
    way("POST authorities/{code}/assignments", place + "assignments",
        {{"user_id", TestServer::user_id("victim")}, {"role", "member"}});
    way("POST authorities/{code}/assignments/end", place + "assignments/end",
        {{"user_id", TestServer::user_id("victim")}, {"role", "lawyer"}});
    way("POST authorities/{code}/delegations", place + "delegations",
        {{"user_id", TestServer::user_id("victim")}, {"act", "adopt_plan"}, {"to", "2199-12-31"}});
    way("GET authorities/{code}/lists", place + "lists");
    way("GET authorities/{code}/series", place + "series");
    way("PUT authorities/{code}/series", place + "series",
        {{"decision", "x"}, {"series", {{{"name", {{"sv", "S"}}}, {"pattern", "{case}"}}}}});
    way("GET settings", "settings?authority=KS");
    way("PUT settings/{key}", "settings/internal_talk",
        {{"authority", "KS"}, {"value", "not_finalised"}, {"decision", "KS § 1"}});
    way("GET " + plan, place + "information-plan");
    way("POST " + plan, place + "information-plan", tables("7,Brev,,registered,,,,,,\n"));
    way("POST " + plan + "/check", place + "information-plan/check", tables(kGoodRow));
    way("GET " + plan + "/versions/{id}", place + "information-plan/versions/" + version);
    way("POST " + plan + "/versions/{id}/adopt", place + "information-plan/versions/" + version + "/adopt",
        {{"decision", "KS § 7"}, {"valid_from", "2199-12-31"}});
    way("GET admin/audit", "admin/audit?limit=200", {}, For::any);
  }
};

}  // namespace torg::testing
