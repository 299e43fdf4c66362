#pragma once
#include "app/route_acts.hpp"
#include "office_fixture.hpp"
#include "records/disposal/store.hpp"
#include "records/external/handover.hpp"
#include "records/requests/requests.hpp"

#include <map>
#include <random>
#include <set>

namespace torg::testing {

using governance::Act;
using governance::Acts;
using governance::Role;

/// The rights of one person as the table says they must be; kept beside the server, never asked of it.
struct Rights {
  std::map<AuthorityId, std::set<Act>> given;
  bool administers = false;

  void add(AuthorityId authority, Role role) {
    for (auto const& rule : governance::act_rules())
      if (rule.roles.has(role)) given[authority].insert(rule.act);
    administers |= role == Role::administrator;
  }
  [[nodiscard]] bool may(Act act, AuthorityId authority) const {
    auto const found = given.find(authority);
    if (found == given.end()) return false;
    auto const& acts = found->second;
    bool const shows = governance::rule_of(act).shows != governance::Shows::nothing;
    if (shows && administers) return false;
    if (acts.contains(act)) return true;
    if (act == Act::read_settings || act == Act::see_roles) return !acts.empty();
    if (act != Act::read_register && act != Act::see_status) return false;
    return std::ranges::any_of(
        acts, [](Act one) { return governance::rule_of(one).shows == governance::Shows::register_; });
  }
  [[nodiscard]] bool may_somewhere(Act act) const {
    return std::ranges::any_of(given, [&](auto const& at) { return may(act, at.first); });
  }
};

struct RolePerson {
  std::string name, token;
  Rights rights;
};

/// A whole answer, headers and all.
struct Bytes {
  unsigned status = 0;
  std::string all;
  json::value body;
};

/// Two boards with records whose names are withheld, and a room in which both have received something. What
/// is not public has a planted word in it, by board.
class RolesApi : public OfficeApi {
 protected:
  AuthorityId ks, bn;
  std::map<AuthorityId, std::vector<std::string>> planted;
  std::string room, item, of_case, record, number, version, reservation;
  std::int64_t request = 0, disposal = 0, hold = 0;
  std::mt19937 random{20261122};
  int made = 0;

  void SetUp() override {
    OfficeApi::SetUp();
    auto const& governance = server.app().governance();
    ks = governance.authority_by_code("KS")->id;
    bn = governance.authority_by_code("BN")->id;
    sign("berit");
    give("berit", bn, Role::registrar);
    sign("victim");
    give("victim", ks, Role::member);
    sign("cia");
    make_room();
    auto const first = enter_for("berit", "BN", bn);
    ASSERT_EQ(first.status, 200u) << json::serialize(first.body);
    auto const second = enter_for("sandra", "KS", ks);
    ASSERT_EQ(second.status, 200u) << json::serialize(second.body);
    of_case = std::to_string(second.at("/record/case/id").as_int64());
    record = std::to_string(second.at("/record/id").as_int64());
    number = second.text("/number");
    plant_the_rest();
  }

  // ---- Words and people

  std::string word(AuthorityId authority) {
    std::string made_up = "zq";
    for (int n = 0; n < 10; ++n) made_up += static_cast<char>('a' + random() % 26);
    planted[authority].push_back(made_up);
    return made_up;
  }
  std::string key() { return "key" + std::to_string(++made); }
  std::string const& token(std::string const& name) { return tokens.at(name); }
  void sign(std::string const& name) { tokens[name] = server.sign_up(name); }
  UserNid user(std::string const& name) { return server.app().identity().find(TestServer::user_id(name)); }

  RolePerson person(std::string name) {
    sign(name);
    join(name);
    return {name, token(name), {}};
  }
  void give_role(RolePerson& to, AuthorityId authority, Role role) {
    give(to.name, authority, role);
    to.rights.add(authority, role);
  }

  // ---- What there is

  void make_room() {
    room = server
               .post("/_matrix/client/v3/createRoom", token("cia"),
                     {{"name", "Lokalen"},
                      {"preset", "public_chat"},
                      {"power_level_content_override", {{"users_default", 50}}}})
               .text("/room_id");
    tokens["sandra"] = sandra;
    join("sandra");
    join("berit");
    item = say();
  }
  /// Something that both boards have to do with. @return its event id
  std::string say() {
    auto const path = "/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/" + key();
    auto const reply =
        server.put(path, token("berit"), {{"msgtype", "m.text"}, {"body", "Hej, hur går det med lokalen?"}});
    EXPECT_EQ(reply.status, 200u) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  void join(std::string const& name) {
    ASSERT_EQ(server.post("/_matrix/client/v3/join/" + in_path(room), token(name), json::object{}).status,
              200u)
        << name;
  }
  Reply enter_for(std::string const& name, std::string_view code, AuthorityId authority) {
    json::object draft{{"title", "Om " + word(authority)},
                       {"internal_title", "Om " + word(authority)},
                       {"direction", "in"},
                       {"sender", word(authority)},
                       {"recipient", "Kommunen"},
                       {"private_person", true},
                       {"classification", "1.4.1"},
                       {"record_type", "Yttrande"},
                       {"came_or_made_day", "2026-11-20"},
                       {"case", {{"new", {{"title", "Ärende " + word(authority)}}}}}};
    auto const reply = server.post("/_torg/v1/manual", token(name),
                                   {{"key", key()},
                                    {"kind", "counter"},
                                    {"authority", code},
                                    {"note", "Sagt: " + word(authority)},
                                    {"draft", std::move(draft)}});
    // What a registrar enters herself she has checked: taken down, its wording is public no more.
    auto const path = "/_torg/v1/records/" + std::to_string(reply.at("/record/id").as_int64());
    EXPECT_EQ(server.post(path + "/publication", token(name), {{"show", "taken_down"}}).status, 200u);
    return reply;
  }
  std::int64_t new_case(std::string_view title = "Ett ärende") {
    auto const reply = server.post("/_torg/v1/cases", sandra, {{"authority", "KS"}, {"title", title}});
    EXPECT_EQ(reply.status, 200u) << json::serialize(reply.body);
    return reply.at("/id").as_int64();
  }
  void plant_the_rest() {
    auto& app = server.app();
    records::SettingsByAuthority const settings;
    records::Requests requests(server.runtime(), app.database(), app.governance(), settings);
    auto const asked = server.run(requests.ask({.authority = ks,
                                                .record = {},
                                                .record_number = {},
                                                .text = "Allt om " + word(ks),
                                                .contact = word(ks)}));
    ASSERT_TRUE(asked);
    request = asked->id.value;
    records::Disposal waiting;
    waiting.terms = {ks, "GB 2026-07", app.governance().today(), records::Handling::kept_ordered};
    waiting.proposed_by = user("karin");
    records::Delivery handover;
    handover.key = kHandover;
    handover.intent = {user("sandra"), "lyft"};
    handover.authority = ks;
    handover.by_id = TestServer::user_id("sandra");
    handover.title = "Utanför " + word(ks);
    handover.draft = handover.manifest = "{}";
    app.database().write_now([&](db::Transaction& transaction) {
      records::handover_store::add(transaction, handover);
      disposal = records::disposal_store::add_disposal(transaction, waiting, {}).value;
    });
    auto const held = server.post("/_torg/v1/holds", karin,
                                  {{"authority", "KS"},
                                   {"what", {{"record_id", std::stoll(record)}}},
                                   {"reason", "tvist om " + word(ks)}});
    ASSERT_EQ(held.status, 200u) << json::serialize(held.body);
    hold = held.at("/id").as_int64();
    ASSERT_EQ(server
                  .put("/_torg/v1/cases/" + of_case + "/secrecy", sandra,
                       {{"provision", "OSL-21-1"}, {"day", "2026-11-20"}, {"note", "rör " + word(ks)}})
                  .status,
              200u);
    auto const kept = server.post("/_torg/v1/reservations", sandra,
                                  {{"authority", "KS"}, {"key", key()}, {"count", 1}, {"reason", "prov"}});
    ASSERT_EQ(kept.status, 200u) << json::serialize(kept.body);
    reservation = std::to_string(kept.at("/id").as_int64());
    auto const plan = server.post("/_torg/v1/authorities/KS/information-plan", sandra, tables(kGoodRow));
    ASSERT_EQ(plan.status, 200u) << json::serialize(plan.body);
    version = std::to_string(plan.at("/version/id").as_int64());
  }
  static constexpr std::string_view kHandover = "handover-of-ks";
  static constexpr std::string_view kGoodRow = "1.4.1,Yttrande,,registered,preserve,,,,,\n";
  static json::object tables(std::string_view rows) {
    constexpr std::string_view kClasses =
        "code,parent,level,title_sv,title_en\n1,,1,Leda,Lead\n1.4,1,2,Trygghet,Safety\n1.4.1,1.4,3,Risker,"
        "Risks\n";
    constexpr std::string_view kHead =
        "process_code,record_type_sv,record_type_en,where,disposition,period,trigger,decision_ref,mandatory_"
        "fields,list\n";
    return {{"classification", kClasses}, {"plan", std::string(kHead) + std::string(rows)}};
  }

  // ---- Asking

  Bytes ask(net::Method method, std::string target, std::string const& by, std::string body,
            std::string_view type = "application/json") {
    net::Request asked{.method = method, .target = std::move(target), .remote_address = "192.0.2.1"};
    if (!by.empty()) asked.headers.emplace_back("authorization", "Bearer " + by);
    if (!body.empty()) asked.headers.emplace_back("content-type", type);
    asked.body = std::move(body);
    auto response = server.run(server.app().router().dispatch(std::move(asked)));
    Bytes bytes{response.status, response.body, {}};
    for (auto const& [name, value] : response.headers) bytes.all += "\n" + name + ": " + value;
    if (auto parsed = parse_json(response.body)) bytes.body = std::move(*parsed);
    return bytes;
  }

  std::map<std::string, std::string> tokens;
};

}  // namespace torg::testing
