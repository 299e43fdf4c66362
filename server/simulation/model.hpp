#pragma once
#include "base/ids.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace torg::simulation {

/// An event as a client saw it.
struct Seen {
  std::string event_id;
  std::string body;  ///< of a message; empty for anything else
  friend bool operator==(Seen const&, Seen const&) = default;
};
using Timeline = std::vector<Seen>;

/// A word that only internal titles, names of private persons and reasons hold: no public byte may.
inline constexpr std::string_view kSecretWord = "hemligord";

/// What clients tried, what the server acknowledged, and what it showed; says where these disagree.
class Model {
 public:
  struct Message {
    std::string room_id, event_id;
    std::vector<AuthorityId> lifted_for;  ///< boards that somebody has begun to lift it for
  };

  void attempted(std::string const& body) { attempted_.insert(body); }
  /// A send was answered; `body` tells sends apart and stays the same when one is repeated.
  void acknowledged(std::string const& room_id, std::string const& body, std::string const& event_id);
  /// A lift is known to be committed under this number.
  void committed(std::string const& key, std::string const& number);
  /// A reader saw this, at the end of what it had seen in the room.
  void saw(Timeline& timeline, Seen event);

  [[nodiscard]] std::map<std::string, Message>& messages() { return messages_; }
  [[nodiscard]] std::size_t lifts() const { return numbers_.size(); }
  /// Of committed lifts, by key.
  [[nodiscard]] std::map<std::string, std::string> const& numbers() const { return numbers_; }

  // After the last crash.
  /// `whole` is the room from its first event; readers began at any place in it.
  void judge_room(std::string const& room_id, Timeline const& whole, std::vector<Timeline> const& readers);
  /// `numbers` as the register of one board has them, in any order.
  void judge_numbers(std::vector<std::string> numbers);
  /// Once all boards' numbers were judged.
  void judge_lifts();

  void fail(std::string what) { failures_.push_back(std::move(what)); }
  [[nodiscard]] std::vector<std::string> const& failures() const { return failures_; }

 private:
  void judge_reader(std::string const& room_id, Timeline const& whole, Timeline const& reader);

  std::set<std::string> attempted_;
  std::map<std::string, Message> messages_;     ///< acknowledged, by body
  std::map<std::string, std::string> numbers_;  ///< by the lift's key
  std::set<std::string> registered_;
  std::vector<std::string> failures_;
};

}  // namespace torg::simulation
