#pragma once
#include "matrix/room/room.hpp"
#include "matrix/sync/glob.hpp"

#include <functional>
#include <variant>

namespace torg::matrix {

/// What a push rule that matched says.
struct PushActions {
  bool notify = false;
  bool highlight = false;
  json::object tweaks;  ///< as push gateways get them: `sound`, `highlight`, and what else the rule sets
};

/// An event as push rules see it. Lives as long as what it points at.
struct PushSubject {
  CachedEvent const& event;
  json::object const& content;
  std::string_view sender;
  Room const& room;
};

/// For whom rules are evaluated.
struct PushReader {
  std::string_view user_id;
  std::function<std::string()> display_name = nullptr;  ///< in the room; unset or empty: they have none
  /// Whether they have subscribed to the event's thread; none for an event in no thread (MSC4306).
  std::function<std::optional<bool>()> subscribed = nullptr;
};

/// The push rules of a user, compiled.
/// @see https://spec.matrix.org/v1.19/client-server-api/#push-rules
class PushRuleSet {
 public:
  /// `global` is `{"override": […], …}`. A text in a condition that equals `own_id` stands for the id of
  /// whoever the rules are evaluated for, so that one set serves everybody who has the default rules.
  PushRuleSet(json::object const& global, std::string_view own_id);

  /// What the first rule that matches says; null when none does. Pure.
  [[nodiscard]] PushActions const* match(PushSubject const& subject, PushReader const& reader) const;
  /// Whether a rule asks which threads its owner has subscribed to.
  [[nodiscard]] bool asks_for_threads() const { return asks_for_threads_; }
  [[nodiscard]] std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  using Path = std::vector<std::string>;
  struct Matches {
    Path path;
    Glob glob;
    bool in_body = false;  ///< `content.body`: words of it
    bool own_id = false;
  };
  struct Is {
    Path path;
    json::value value;
    bool own_id = false;
  };
  struct Contains : Is {};
  struct DisplayName {};
  struct MemberCount {
    std::int64_t least = 0;
    std::int64_t most = -1;
  };
  struct SenderMayNotify {
    std::string key;
  };
  struct ThreadSubscription {
    bool subscribed;
  };
  struct NoMentions {};  ///< for rules that give way to `m.mentions`
  struct Unknown {};     ///< matches nothing
  using Condition = std::variant<Matches, Is, Contains, DisplayName, MemberCount, SenderMayNotify,
                                 ThreadSubscription, NoMentions, Unknown>;
  struct Rule {
    std::vector<Condition> conditions;
    PushActions actions;
  };
  struct Evaluation;

  void add(std::string_view kind, json::object const& rule, std::string_view own_id);
  [[nodiscard]] static Condition compile(json::object const& condition, std::string_view own_id);
  [[nodiscard]] static Condition compile_property(std::string_view kind, json::object const& condition,
                                                  std::string_view own_id);

  std::vector<Rule> rules_;
  std::size_t memory_bytes_ = 0;
  bool asks_for_threads_ = false;
};

/// The segments of a dot-separated path, where a backslash takes the next dot or backslash as it is.
/// @see https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths
[[nodiscard]] std::vector<std::string> property_path(std::string_view key);

}  // namespace torg::matrix
