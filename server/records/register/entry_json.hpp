#pragma once
#include "base/json.hpp"
#include "records/register/views.hpp"

// JSON columns of the register.
namespace torg::records {

/// `{"provision", "provision_id", "day", "authority", "note"}`
[[nodiscard]] json::object to_json(Secrecy const& secrecy);
/// None for an empty text.
[[nodiscard]] std::optional<Secrecy> parse_secrecy(std::string_view text);
/// As a client sends it: a provision of the list by its id or citation, or free text. `rule_refuses` without
/// a provision (R25), `invalid_param` for a bad day or an id that the list doesn't have.
[[nodiscard]] Result<Secrecy> secrecy_from(json::object const& object);

/// The same marking as JSON, by `authority` where it names none; other texts as they are.
[[nodiscard]] std::string marked_by(std::string marking, std::string_view authority);

/// `[12, 13]`
[[nodiscard]] std::string items_text(std::vector<EventNid> const& items);
[[nodiscard]] std::vector<EventNid> parse_items(std::string_view text);

/// `[{"authority", "number"}]`
[[nodiscard]] std::string parallel_text(std::vector<ParallelCase> const& cases);
[[nodiscard]] std::vector<ParallelCase> parse_parallel(std::string_view text);

/// Puts what corrections say in the place of what was registered; `corrected` is an object of field → value.
void apply_corrected(RecordView& view, std::string_view corrected);

}  // namespace torg::records
