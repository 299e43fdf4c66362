// Roles × acts through the whole server: every route, asked by every kind of person, refuses exactly when the
// table does, and nobody is shown a word of a register that they may not read (docs/roles.md).
#include "roles_ways.hpp"

namespace torg::testing {
namespace {

using governance::Open;
using governance::Role;
using net::Method;

class Roles : public RolesWays {
 protected:
  std::size_t words_shown = 0;  ///< to those who may see them

  // ---- What is asked of each

  [[nodiscard]] std::vector<net::Route const*> own_routes() {
    std::vector<net::Route const*> found;
    for (auto const* route : server.app().router().routes())
      if (route->pattern.starts_with(kOwn)) found.push_back(route);
    return found;
  }

  /// A decision about many items is refused item by item.
  static bool is_refusal(Bytes const& answer) {
    auto const of_item = Reply{.status = 0, .body = answer.body}.text("/results/0/errcode");
    return answer.status == 403 || answer.status == 404 || of_item == "M_FORBIDDEN" ||
           of_item == "M_NOT_FOUND";
  }

  void expect_no_foreign_word(RolePerson const& by, std::string const& route, Bytes const& answer) {
    for (auto const& [authority, words] : planted) {
      bool const may = by.rights.may(Act::read_register, authority);
      for (auto const& hidden : words) {
        bool const shown = answer.all.contains(hidden);
        EXPECT_TRUE(may || !shown) << by.name << " is shown a register by " << route;
        words_shown += shown ? 1 : 0;
      }
    }
  }

  void expect_as_the_table_says(RolePerson const& by, net::Route const& route, Acts acts) {
    auto const name = named(route.method, route.pattern);
    auto const [first, last] = ways.equal_range(name);
    ASSERT_NE(first, last) << "say here how " << name << " is used, with everything in it";
    for (auto found = first; found != last; ++found) {
      auto const way = found->second(by);
      auto const act = way.act ? *way.act : only(acts);
      ASSERT_TRUE(acts.has(act)) << name;
      bool const may = way.where == For::any ? by.rights.may_somewhere(act) : by.rights.may(act, ks);
      // Of these two the other act opens the same list.
      if (name == "GET holds" && !may &&
          by.rights.may_somewhere(act == Act::set_hold ? Act::release_hold : Act::set_hold))
        continue;
      auto const answer = ask(route.method, std::string(kOwn) + way.target, by.token, way.body, way.type);
      EXPECT_EQ(is_refusal(answer), !may)
          << by.name << ": " << name << " (" << governance::to_text(act) << ") answered " << answer.status
          << " " << answer.all.substr(0, 300);
      EXPECT_LT(answer.status, 500u) << name << answer.all;
      expect_no_foreign_word(by, name, answer);
    }
  }
  static Act only(Acts acts) {
    for (auto const& rule : governance::act_rules())
      if (acts.has(rule.act)) return rule.act;
    return Act::administer_server;
  }

  /// What is read is asked of what is there; what is changed, of what isn't.
  std::string sample_target(net::Route const& route) const {
    bool const reads = route.method == Method::get;
    auto target = std::string(route.pattern);
    auto const put = [&](std::string_view parameter, std::string const& value) {
      if (auto const at = target.find(parameter); at != std::string::npos)
        target.replace(at, parameter.size(), in_path(value));
    };
    put("{userId}", TestServer::user_id(reads ? "sandra" : "nobody"));
    put("{roomId}", reads ? room : "!nothing:test.example");
    put("{eventId}", item);
    put("{mediaId}", "nothing");
    put("{token}", "nothing");
    put("{id}", "1");
    return target;
  }
  void expect_administrators_only(RolePerson const& by, net::Route const& route) {
    auto const body = route.method == Method::get ? "" : R"({"reason":"prov"})";
    auto const answer = ask(route.method, sample_target(route), by.token, body);
    EXPECT_EQ(answer.status == 403, !by.rights.may_somewhere(Act::administer_server))
        << by.name << ": " << route.pattern << " answered " << answer.status;
    expect_no_foreign_word(by, std::string(route.pattern), answer);
  }

  void expect_no_word_in_the_open(RolePerson const& by, net::Route const& route) {
    if (route.method != Method::get) return;
    auto const answer = ask(route.method, sample_target(route), by.token, "");
    EXPECT_LT(answer.status, 500u) << route.pattern;
    expect_no_foreign_word(by, std::string(route.pattern), answer);
  }

  void expect_all_as_the_table_says(RolePerson const& by) {
    for (auto const* route : own_routes()) {
      auto const* needs = app::route_act(route->method, route->pattern);
      ASSERT_NE(needs, nullptr) << named(route->method, route->pattern)
                                << " names no act (app/route_acts.cpp)";
      auto const* acts = std::get_if<Acts>(&needs->needs);
      if (acts == nullptr)
        expect_no_word_in_the_open(by, *route);
      else if (acts->has(Act::administer_server))
        expect_administrators_only(by, *route);
      else
        expect_as_the_table_says(by, *route, *acts);
    }
  }

  /// As data may be, whatever the API lets people make: roles in any mix, and delegations of all kinds.
  RolePerson anybody(std::string name) {
    auto somebody = person(std::move(name));
    auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    auto const either = [&] { return below(2) == 0 ? ks : bn; };
    for (auto n = below(3); n > 0; --n)
      give_role(somebody, either(), static_cast<Role>(below(governance::kRoles)));
    auto const today = server.app().governance().today();
    for (auto n = below(4); n > 0; --n) {
      governance::Delegation wanted;
      wanted.user = user(somebody.name);
      wanted.by = user("karin");
      wanted.authority = either();
      wanted.what = static_cast<Act>(below(governance::kActs));
      if (below(3) == 0) wanted.what = static_cast<Role>(below(governance::kRoles));
      wanted.decision = "KS § 14";
      bool const coming = below(4) == 0;
      wanted.valid_from = today + std::chrono::days(coming ? 1 : 0);
      wanted.valid_to = today + std::chrono::days(2);
      auto const done = server.run(server.app().governance().delegate(wanted));
      if (!done) continue;
      bool const ended = below(4) == 0;
      if (ended) {
        EXPECT_TRUE(server.run(server.app().governance().end_delegation(done->id, wanted.by)));
      }
      if (coming || ended) continue;
      for (auto const& rule : governance::act_rules())
        if (governance::acts_of(wanted).has(rule.act))
          somebody.rights.given[wanted.authority].insert(rule.act);
    }
    return somebody;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, Roles, ::testing::Values(db::Database::Kind::sqlite), db::database_name);

TEST_P(Roles, EveryRouteOfTheOwnApiNamesItsAct) {
  for (auto const* route : own_routes())
    EXPECT_NE(app::route_act(route->method, route->pattern), nullptr) << named(route->method, route->pattern);
  for (auto const& row : app::route_acts()) {
    EXPECT_TRUE(std::ranges::any_of(own_routes(),
                                    [&](net::Route const* route) {
                                      return route->method == row.method && route->pattern == row.pattern;
                                    }))
        << named(row.method, row.pattern) << " is no route";
  }
}

TEST_P(Roles, ARouteRefusesExactlyWhatTheTableRefusesTheRole) {
  expect_all_as_the_table_says(person("nobody.special"));
  for (std::size_t i = 0; i < governance::kRoles; ++i) {
    auto const role = static_cast<Role>(i);
    auto somebody = person("only." + std::string(governance::to_text(role)));
    give_role(somebody, ks, role);
    expect_all_as_the_table_says(somebody);
  }
  EXPECT_GT(words_shown, 50u) << "those who may read were shown too little to test anything";
}

TEST_P(Roles, ARouteRefusesExactlyWhatTheTableRefusesOneDelegatedAct) {
  for (auto const act : {Act::read_register, Act::check_for_web, Act::answer_request, Act::approve_disposal,
                         Act::adopt_plan, Act::work_at_desk}) {
    auto somebody = person("given." + std::string(governance::to_text(act)));
    give_role(somebody, bn, Role::member);
    governance::Delegation wanted;
    wanted.user = user(somebody.name);
    wanted.by = user("karin");
    wanted.authority = ks;
    wanted.what = act;
    wanted.decision = "KS § 14";
    wanted.valid_from = wanted.valid_to = server.app().governance().today();
    ASSERT_TRUE(server.run(server.app().governance().delegate(wanted)));
    somebody.rights.given[ks].insert(act);
    expect_all_as_the_table_says(somebody);
  }
}

TEST_P(Roles, ARouteRefusesExactlyWhatTheTableRefusesAnyMixOfRolesAndDelegations) {
  for (unsigned const seed : {1u, 2u}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random.seed(seed);
    for (int n = 0; n < 5; ++n)
      expect_all_as_the_table_says(anybody("p" + std::to_string(seed) + "." + std::to_string(n)));
  }
}

TEST_P(Roles, WithoutSigningInThereIsNothingButTheDocument) {
  for (auto const* route : own_routes()) {
    auto const* needs = app::route_act(route->method, route->pattern);
    ASSERT_NE(needs, nullptr);
    auto const* open = std::get_if<Open>(&needs->needs);
    bool const to_everyone = open != nullptr && *open == Open::to_everyone && route->method == Method::get;
    EXPECT_EQ(ask(route->method, sample_target(*route), "", "").status, to_everyone ? 200u : 401u)
        << named(route->method, route->pattern);
  }
}

TEST_P(Roles, ARoomOpensToItsMembersWhateverTheirRoles) {
  auto stranger = RolePerson{"stranger", server.sign_up("stranger"), {}};
  give_role(stranger, ks, Role::registrar);
  auto member = person("member");
  auto const in_room = std::string(kOwn) + "rooms/" + in_path(room);
  for (std::string const rest : {"/plan", "/overview", "/opening"}) {
    EXPECT_EQ(ask(Method::get, in_room + rest, member.token, "").status, 200u) << rest;
    EXPECT_EQ(ask(Method::get, in_room + rest, stranger.token, "").status, 403u) << rest;
  }
}

}  // namespace
}  // namespace torg::testing
