// What happens to a record after it was registered: shown, corrected, rendered. Each is an entry of the log;
// the as-registered columns never change.
#include "base/json.hpp"
#include "records/register/contains.hpp"
#include "records/register/entry.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/staff_search.hpp"
#include "records/register/store.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 4> kTextFields{"title", "internal_title", "sender", "recipient"};

std::string search_text(PublicRecordView const& view) {
  return folded(view.number + " " + view.title.value_or("") + " " + view.record_type + " " +
                view.party.value_or(""));
}

/// Writes what the web shows from now on, and its entry in the log.
void show(db::Transaction& transaction, RecordView view, Publication show, std::optional<std::string> title,
          Publish const& decision) {
  view.publication = show;
  if (show == Publication::full) view.public_title = title;
  auto const shown = public_view(view);
  register_store::set_publication(transaction, view.id,
                                  {show, view.public_title, decision.at, search_text(shown)});
  auto const text = [](std::optional<std::string> const& value) {
    return value ? json::value(*value) : json::value(nullptr);
  };
  LogAppender::append(transaction, {"publication",
                                    decision.at,
                                    view.id,
                                    {{"number", view.number},
                                     {"show", to_text(show)},
                                     {"title", text(shown.title)},
                                     {"party", text(shown.party)},
                                     {"by", decision.by_id}},
                                    {},
                                    decision.seed});
  // A marked case keeps its own title until somebody shows that one.
  if (show == Publication::full && view.case_id && !view.case_secrecy)
    register_store::show_case_title(transaction, *view.case_id);
}

std::string current_value(RecordView const& view, std::string_view field) {
  if (field == "title") return view.title;
  if (field == "internal_title") return view.internal_title;
  if (field == "sender") return view.sender;
  if (field == "recipient") return view.recipient;
  if (field == "case") return view.case_number;
  if (field == "secrecy") return view.secrecy ? json::serialize(to_json(*view.secrecy)) : std::string();
  return view.not_a_record ? "true" : "";
}

/// All that corrections have put in place so far, and `field` with it.
std::string corrected_text(RecordView const& view, std::string_view field, std::string_view value) {
  json::object corrected;
  for (auto const& earlier : view.corrections) {
    if (earlier.field != "case") corrected[earlier.field] = earlier.to;
  }
  corrected[field] = value;
  return json::serialize(corrected);
}

/// The value as it is stored, or why it can't be.
Result<std::string> checked_value(Correct const& correction) {
  auto const blank = correction.value.find_first_not_of(' ') == std::string::npos;
  if (correction.field == "title" && blank) return fail(ErrorCode::invalid_param, "A record has a title.");
  if (contains(kTextFields, correction.field) || correction.field == "case") return correction.value;
  if (correction.field == "not_a_record") return std::string("true");
  if (correction.field != "secrecy")
    return fail(ErrorCode::invalid_param, "There is no such field to correct.");
  if (blank || correction.value == "null") return std::string();
  auto object = parse_json_object(correction.value);
  if (!object) return fail(std::move(object));
  auto secrecy = secrecy_from(*object);
  if (!secrecy) return fail(std::move(secrecy));
  return json::serialize(to_json(*secrecy));
}

Result<std::string> move_to_case(db::Transaction& transaction, RecordView const& view,
                                 std::string const& value) {
  auto found = register_store::case_row(transaction, value);
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), id);
  if (!found && error == std::errc{} && end == value.data() + value.size()) {
    found = register_store::case_row(transaction, CaseId(id));
  }
  if (!found || found->authority != view.authority) {
    return fail(ErrorCode::not_found, "There is no such case in this register.");
  }
  register_store::set_case(transaction, view.id, found->id);
  return found->number;
}

/// A title or party changed: what the web shows follows the registrar, and waits for her otherwise.
void republish(db::Transaction& transaction, Correct const& correction) {
  auto view = register_store::record(transaction, correction.record);
  auto const visible =
      correction.field == "title" || correction.field == "sender" || correction.field == "recipient";
  auto const withdrawn = correction.field == "not_a_record";
  auto const marked = correction.field == "secrecy" && view && view->secrecy && !correction.by_registrar;
  if (!view || view->publication != Publication::full || !(visible || withdrawn || marked)) return;
  auto const next = withdrawn ? Publication::number_only
                              : (correction.by_registrar ? Publication::full : Publication::waiting);
  auto const title = correction.field == "title" ? view->title : view->public_title;
  Publish const decision{view->id,
                         next,
                         std::nullopt,
                         correction.by,
                         correction.by_id,
                         correction.at,
                         SaltSeed{crypto::sha256({reinterpret_cast<char const*>(correction.seed.bytes.data()),
                                                  correction.seed.bytes.size()})}};
  show(transaction, std::move(*view), next, title, decision);
}

}  // namespace

void check_again(db::Transaction& transaction, Publish const& decision) {
  auto view = register_store::record(transaction, decision.record);
  if (!view || view->disposed || view->publication != Publication::full) return;
  auto title = view->public_title;
  show(transaction, std::move(*view), Publication::waiting, std::move(title), decision);
}

Result<> publish(db::Transaction& transaction, Publish const& decision) {
  auto view = register_store::record(transaction, decision.record);
  if (!view || view->disposed) return fail(ErrorCode::not_found, "There is no such record.");
  if (decision.show == Publication::waiting) {
    return fail(ErrorCode::rule_refuses,
                "R63: waiting is not a decision. Show it in full, by number only, or take it down.");
  }
  auto title = decision.title ? decision.title : std::optional(view->title);
  show(transaction, std::move(*view), decision.show, std::move(title), decision);
  register_store::reindex(transaction, decision.record);
  return {};
}

Result<> correct(db::Transaction& transaction, Correct const& correction) {
  auto const view = register_store::record(transaction, correction.record);
  if (!view || view->disposed) return fail(ErrorCode::not_found, "There is no such record.");
  auto value = checked_value(correction);
  if (!value) return fail(std::move(value));
  if (correction.field == "case") {
    value = move_to_case(transaction, *view, *value);
    if (!value) return fail(std::move(value));
  } else {
    register_store::set_corrected(transaction, view->id, corrected_text(*view, correction.field, *value));
  }
  Correction const event{log_time(transaction, correction.at),   correction.by, correction.field,
                         current_value(*view, correction.field), *value,        correction.reason};
  auto const appended = LogAppender::append(transaction, {"correction",
                                                          event.at,
                                                          view->id,
                                                          {{"number", view->number},
                                                           {"field", event.field},
                                                           {"from", event.from},
                                                           {"to", event.to},
                                                           {"reason", event.reason},
                                                           {"by", correction.by_id}},
                                                          {},
                                                          correction.seed});
  register_store::add_correction(transaction, view->id, event, appended.index);
  republish(transaction, correction);
  register_store::reindex(transaction, correction.record);
  return {};
}

Result<> add_rendition(db::Transaction& transaction, Rendered const& rendered) {
  auto const view = register_store::record(transaction, rendered.record);
  if (!view || view->disposed) return fail(ErrorCode::not_found, "There is no such record.");
  if (!rendered.file) {
    register_store::set_rendition(transaction, view->id, RenditionState::failed);  // an earlier one stays
    return {};
  }
  auto const& file = *rendered.file;
  register_store::add_file(transaction, view->id, static_cast<int>(view->files.size()) + 1, file);
  register_store::set_rendition(transaction, view->id, RenditionState::done);
  json::object committed{{"role", to_text(FileRole::rendition)},
                         {"name", file.name},
                         {"type", file.type},
                         {"size", file.size},
                         {"sha256", file.blob.value}};
  LogAppender::append(transaction, {"rendition",
                                    rendered.at,
                                    view->id,
                                    {{"number", view->number}, {"tool", rendered.tool}},
                                    {std::move(committed)},
                                    rendered.seed});
  return {};
}

}  // namespace torg::records
