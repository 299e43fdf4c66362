#pragma once
#include "records/rules/duties.hpp"
#include "records/rules/inputs.hpp"

// The words of worked cases and what they mean.
namespace torg::records::case_names {

template <class E>
struct Named {
  std::string_view name;
  E value;
};

inline constexpr Named<Actor> kActors[]{{"own_official", Actor::own_official},
                                        {"outsider", Actor::outsider},
                                        {"other_unit_same_authority", Actor::other_unit_same_authority},
                                        {"official_other_board", Actor::official_other_board},
                                        {"official_other_authority", Actor::official_other_authority},
                                        {"contractor", Actor::contractor},
                                        {"system", Actor::system}};
inline constexpr Named<Act> kActs[]{{"write", Act::write},
                                    {"send", Act::send},
                                    {"comment", Act::comment},
                                    {"receive", Act::receive},
                                    {"publish", Act::publish},
                                    {"edit", Act::edit},
                                    {"speak", Act::speak},
                                    {"join_room", Act::join_room},
                                    {"share_access", Act::share_access},
                                    {"co_edit", Act::co_edit},
                                    {"technical_processing", Act::technical_processing},
                                    {"finalise", Act::finalise},
                                    {"approve_minutes", Act::approve_minutes},
                                    {"close_case", Act::close_case},
                                    {"archive", Act::archive},
                                    {"log_entry", Act::log_entry},
                                    {"mark_secret", Act::mark_secret},
                                    {"assess", Act::assess},
                                    {"register", Act::register_},
                                    {"tick", Act::tick},
                                    {"request_record", Act::request_record}};
inline constexpr Named<MatterAct> kMatterActs[]{{"request_record", MatterAct::request_record},
                                                {"request_compilation", MatterAct::request_compilation},
                                                {"request_information", MatterAct::request_information},
                                                {"refuse_release", MatterAct::refuse_release},
                                                {"decide_refusal", MatterAct::decide_refusal},
                                                {"fee", MatterAct::fee},
                                                {"hide", MatterAct::hide},
                                                {"block", MatterAct::block},
                                                {"supervise", MatterAct::supervise},
                                                {"report", MatterAct::report},
                                                {"appeal_moderation", MatterAct::appeal_moderation},
                                                {"read_audit", MatterAct::read_audit},
                                                {"delete", MatterAct::remove},
                                                {"platform_removed", MatterAct::remove},
                                                {"dispose", MatterAct::dispose},
                                                {"weed", MatterAct::weed},
                                                {"send", MatterAct::send},
                                                {"share_access", MatterAct::share_access}};
inline constexpr Named<Object> kObjects[]{{"message", Object::message},
                                          {"comment", Object::comment},
                                          {"post", Object::post},
                                          {"discussion_post", Object::discussion_post},
                                          {"mail", Object::mail},
                                          {"letter", Object::letter},
                                          {"text_message", Object::text_message},
                                          {"document", Object::document},
                                          {"internal_document", Object::document},
                                          {"file", Object::file},
                                          {"draft", Object::draft},
                                          {"memo", Object::memo},
                                          {"comments", Object::comments},
                                          {"minutes", Object::minutes},
                                          {"agenda", Object::agenda},
                                          {"announcement", Object::announcement},
                                          {"tender", Object::tender},
                                          {"recording", Object::recording},
                                          {"call", Object::call},
                                          {"room", Object::room},
                                          {"meeting_chat", Object::meeting_chat},
                                          {"task_board", Object::task_board},
                                          {"message_list", Object::message_list},
                                          {"access_log", Object::access_log},
                                          {"register", Object::register_},
                                          {"register_entry", Object::register_entry},
                                          {"backup", Object::backup}};
inline constexpr Named<Channel> kChannels[]{{"room", Channel::room},
                                            {"mail", Channel::mail},
                                            {"counter", Channel::counter},
                                            {"voice", Channel::voice},
                                            {"private_phone", Channel::private_phone},
                                            {"platform_own_page", Channel::platform_own_page},
                                            {"platform_other_page", Channel::platform_other_page},
                                            {"platform_dm", Channel::platform_dm},
                                            {"portal_discuss", Channel::portal_discuss},
                                            {"e_procurement", Channel::e_procurement},
                                            {"inbox", Channel::inbox}};
inline constexpr Named<CaseState> kCaseStates[]{
    {"none", CaseState::none}, {"open", CaseState::open}, {"closed", CaseState::closed}};
inline constexpr Named<Offence> kOffences[]{
    {"olaga_hot", Offence::unlawful_threat},
    {"olaga_integritetsintrang", Offence::unlawful_privacy_breach},
    {"uppvigling", Offence::incitement},
    {"hets_mot_folkgrupp", Offence::agitation_against_group},
    {"barnpornografi", Offence::child_abuse_material},
    {"olaga_valdsskildring", Offence::unlawful_depiction_of_violence},
    {"offentlig_uppmaning_till_terrorism", Offence::call_for_terrorism},
    {"upphovsratt", Offence::copyright},
    {"fortal", Offence::defamation},
    {"threat_to_life", Offence::threat_to_life},
    {"other", Offence::other}};
inline constexpr Named<HideReason> kReasons[]{
    {"criticism", HideReason::criticism}, {"off_topic", HideReason::off_topic}, {"other", HideReason::other}};
inline constexpr Named<Asker> kAskers[]{
    {"individual", Asker::individual}, {"authority", Asker::authority}, {"officer", Asker::officer}};
inline constexpr Named<AuthorityKind> kKinds[]{{"state", AuthorityKind::state},
                                               {"municipal", AuthorityKind::municipal}};
inline constexpr Named<LogPurpose> kPurposes[]{{"find_source", LogPurpose::find_source},
                                               {"incident", LogPurpose::incident},
                                               {"other", LogPurpose::other},
                                               {"joint_work", LogPurpose::other}};
inline constexpr Named<Law> kLaws[]{{"SE", Law::se}, {"DK", Law::dk}, {"NO", Law::no}};

}  // namespace torg::records::case_names
