#include "app/demo.hpp"

#include "app/demo_story.hpp"

#include <ranges>

namespace torg::app {
namespace {

/// The words of a space-separated list.
std::vector<std::string> words(std::string_view list) {
  std::vector<std::string> result;
  for (auto const part : std::views::split(list, ' ')) {
    if (!part.empty()) result.emplace_back(part.begin(), part.end());
  }
  return result;
}

std::optional<governance::Role> role_of(std::string_view name) { return governance::parse_role(name); }

/// Builds the organisation step by step; each step needs what the ones before it made.
class Demo {
 public:
  explicit Demo(Application& application) : app_(application) {}

  Task<Result<>> create() {
    if (!app_.governance().authorities().empty()) {
      co_return fail(ErrorCode::conflict, "This server has an organisation already.");
    }
    if (auto done = co_await boards(); !done) co_return done;
    if (auto done = co_await people(); !done) co_return done;
    if (auto done = co_await cases(); !done) co_return done;
    for (auto const& record : story::kRecords) {
      if (auto done = co_await enter(record); !done) co_return done;
    }
    for (auto const& room : story::kRooms) {
      if (auto done = co_await make_room(room); !done) co_return done;
    }
    for (auto const& post : story::kPosts) {
      if (auto done = co_await say(post); !done) co_return done;
    }
    co_return Result<>{};
  }

 private:
  Task<Result<>> boards() {
    for (auto const& board : story::kBoards) {
      governance::Authority authority{.code = std::string(board.code),
                                      .name_sv = std::string(board.name_sv),
                                      .name_en = std::string(board.name_en),
                                      .organisation = "Älvhamns kommun",
                                      .organisation_number = std::string(board.organisation_number),
                                      .mark = std::string(board.mark),
                                      .valid_from = app_.governance().today()};
      auto const id = co_await app_.governance().add_authority(std::move(authority), {});
      if (!id) co_return std::unexpected(id.error());
    }
    co_return Result<>{};
  }

  Task<Result<>> people() {
    for (auto const& person : story::kPeople) {
      auto const user = co_await app_.identity().create_user({.localpart = std::string(person.localpart),
                                                              .password = std::string(kDemoPassword),
                                                              .displayname = std::string(person.name)});
      if (!user) co_return std::unexpected(user.error());
      users_[std::string(person.localpart)] = *user;
      for (auto const& held : words(person.roles)) {
        auto const at = held.find('@');
        auto const* authority = app_.governance().authority_by_code(held.substr(at + 1));
        auto done = co_await app_.governance().assign({.user = *user,
                                                       .authority = authority->id,
                                                       .unit = std::string(person.unit),
                                                       .role = *role_of(held.substr(0, at)),
                                                       .valid_from = app_.governance().today()},
                                                      {});
        if (!done) co_return done;
      }
    }
    co_return Result<>{};
  }

  Task<Result<>> cases() {
    for (auto const& story : story::kCases) {
      auto const* board = app_.governance().authority_by_code(story.board);
      auto const made = co_await app_.records_register().open_case(
          user("sandra.wiik"), board->id, std::string(story.title), std::string(story.classification));
      if (!made) co_return std::unexpected(made.error());
      cases_.emplace(std::pair(story.board, story.title), *made);
    }
    co_return Result<>{};
  }

  /// Through the desk, as a registrar does it: on paper, with a note of what it says.
  Task<Result<>> enter(story::Record const& record) {
    auto const* board = app_.governance().authority_by_code(record.board);
    records::Draft draft{
        .title = std::string(record.title),
        .internal_title = std::string(record.title),
        .direction = records::parse_direction(record.direction).value_or(records::Direction::in),
        .sender = std::string(record.sender),
        .recipient = std::string(record.recipient),
        .private_person = record.kind == story::Sender::person,
        .came_or_made_day = app_.governance().today(),
        .classification = "1.1.2",
        .record_type = std::string(record.type),
        .of_case = cases_.at(std::pair(record.board, record.case_title)).id};
    auto const done =
        co_await app_.manual().enter({.key = {user("sandra.wiik"), "demo " + std::string(record.title)},
                                      .kind = records::ManualKind::paper,
                                      .authority = board->id,
                                      .draft = std::move(draft),
                                      .note = std::string(record.note),
                                      .original_place = "Pärm 1"});
    if (!done) co_return std::unexpected(done.error());
    co_return Result<>{};
  }

  json::object plan_of(story::Room const& room) const {
    json::object plan{{"purpose", room.purpose},
                      {"level", room.level},
                      {"class", "internal"},
                      {"host", room.host},
                      {"registers", room.host},
                      {"archives", room.host},
                      {"discloses", "each"},
                      {"parties", json::value_from(words(room.parties))},
                      {"classification", room.classification},
                      {"retention_decision", "GB 2026-07"},
                      {"weed_after_days", 90},
                      {"dispose_after_days", 365}};
    if (room.level == "shared")
      plan["standing_decision"] = {{"number", "KS 2026-04 § 12"}, {"day", "2026-04-14"}};
    if (auto const found = cases_.find(std::pair(room.host, room.name)); found != cases_.end()) {
      plan["case"] = {
          {"id", found->second.id.value}, {"number", found->second.number}, {"title", found->second.title}};
    }
    return plan;
  }

  Task<Result<>> make_room(story::Room const& room) {
    auto const members = words(room.members);
    // Whatever the server's default: only here the service user keeps its power when others' are set.
    matrix::CreateRoom request{.creator = app_.governance().service_user(),
                               .version = matrix::RoomVersion::v12,
                               .name = std::string(room.name)};
    json::object users{};
    for (auto const& member : members) users[app_.identity().user_id(user(member))] = 50;
    request.power_level_content_override = {{"users", users},
                                            {"events", {{"org.torg.plan", 50}, {"m.room.name", 50}}}};
    request.initial_state = {
        {{"type", "org.torg.plan"}, {"state_key", ""}, {"content", plan_of(room)}},
        {{"type", "m.room.history_visibility"}, {"content", {{"history_visibility", "shared"}}}}};
    auto const made = co_await app_.rooms().create(std::move(request));
    if (!made) co_return std::unexpected(made.error());
    rooms_[std::string(room.key)] = *made;
    if (auto done = co_await accept(*made, room); !done) co_return done;
    for (auto const& member : members) {
      auto const service = app_.governance().service_user();
      auto invited =
          co_await app_.rooms().set_membership(*made, service, user(member), matrix::Membership::invite, "");
      if (!invited) co_return std::unexpected(invited.error());
      auto joined = co_await app_.rooms().set_membership(*made, user(member), user(member),
                                                         matrix::Membership::join, "");
      if (!joined) co_return std::unexpected(joined.error());
    }
    co_return Result<>{};
  }

  /// The first member of each party accepts for it.
  Task<Result<>> accept(RoomNid made, story::Room const& room) {
    for (auto const& code : words(room.parties)) {
      auto const* authority = app_.governance().authority_by_code(code);
      for (auto const& member : words(room.members)) {
        if (app_.governance().authority_of(user(member)) != authority->id) continue;
        if (auto done = co_await app_.governance().accept_plan(made, authority->id, user(member)); !done)
          co_return done;
        break;
      }
    }
    co_return Result<>{};
  }

  Task<Result<>> say(story::Post const& post) {
    auto const by = user(post.by);
    json::object content{{"msgtype", "m.text"}, {"body", post.text}};
    if (!post.attachment.empty()) {
      auto const mxc = co_await app_.media().upload_bytes(
          by, std::string(story::kAttachment), "text/plain; charset=utf-8", std::string(post.attachment));
      if (!mxc) co_return std::unexpected(mxc.error());
      content = {{"msgtype", "m.file"},
                 {"body", post.text},
                 {"filename", post.attachment},
                 {"url", *mxc},
                 {"info", {{"mimetype", "text/plain"}, {"size", std::ssize(story::kAttachment)}}}};
    }
    auto const sent = co_await app_.rooms().send({.room = rooms_.at(std::string(post.room)),
                                                  .sender = by,
                                                  .type = "m.room.message",
                                                  .content = std::move(content)});
    if (!sent) co_return std::unexpected(sent.error());
    co_return Result<>{};
  }

  [[nodiscard]] UserNid user(std::string_view localpart) const { return users_.find(localpart)->second; }

  Application& app_;
  std::map<std::string, UserNid, std::less<>> users_;
  std::map<std::string, RoomNid, std::less<>> rooms_;
  std::map<std::pair<std::string_view, std::string_view>, records::CaseView> cases_;
};

}  // namespace

Task<Result<>> create_demo(Application& application) {
  Demo demo(application);
  co_return co_await demo.create();
}

}  // namespace torg::app
