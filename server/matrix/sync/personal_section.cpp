// What is the reader's own: account data, to-device messages, device lists, key counts.
#include "matrix/sync/reader.hpp"
#include "matrix/sync/sync.hpp"

namespace torg::matrix {

void append_account_data(std::string& out, std::vector<identity::AccountDataEntry> const& entries,
                         Position to, std::string_view room_id, EventFilter const& filter) {
  for (auto const& entry : entries) {
    if (entry.room_id != room_id || entry.position > to || !filter.allows_type(entry.type)) continue;
    if (!out.empty()) out += ',';
    out += R"({"content":)";
    out += entry.content;
    out += R"(,"type":)";
    append_json_string(out, entry.type);
    out += '}';
  }
}

Task<Result<>> SyncService::read_personal(Reader& reader) {
  auto messages = co_await to_device_.take(reader.requester, reader.after(), reader.to.position);
  if (!messages) co_return std::unexpected(messages.error());
  reader.messages = std::move(*messages);
  if (reader.messages.size() == ToDevice::kCap) reader.to.position = reader.messages.back().position;

  reader.account_data.clear();
  auto& account_data = rooms_.identity().account_data();
  auto const user = reader.requester.user;
  if (!reader.initial() && account_data.last_change(user) <= reader.after()) co_return Result<>{};
  auto changes = co_await account_data.changes(user, reader.after());
  if (!changes) co_return std::unexpected(changes.error());
  reader.account_data = std::move(*changes);
  co_return Result<>{};
}

Task<Result<std::string>> SyncService::device_lists_section(Reader& reader, bool& something) {
  if (reader.initial()) co_return "";
  auto const changes =
      co_await device_lists_.between(reader.requester.user, reader.after(), reader.to.position);
  if (!changes) co_return std::unexpected(changes.error());
  if (changes->empty()) co_return "";
  something = true;
  co_return R"(,"device_lists":)" + json::serialize(device_lists_body(rooms_.identity(), *changes));
}

Task<Result<std::string>> SyncService::personal_section(Reader& reader, bool& something) {
  std::string out;
  std::string account_data;
  append_account_data(account_data, reader.account_data, reader.to.position, "",
                      reader.request.filter.account_data);
  if (!account_data.empty()) {
    something = true;
    out += R"(,"account_data":{"events":[)" + account_data + "]}";
  }
  if (!reader.messages.empty()) {
    something = true;
    out += R"(,"to_device":{"events":[)";
    append_to_device(out, reader.messages);
    out += "]}";
  }
  auto lists = co_await device_lists_section(reader, something);
  if (!lists) co_return lists;
  out += *lists;
  auto const counts =
      co_await rooms_.identity().device_keys().counts(reader.requester.user, reader.requester.device);
  if (!counts) co_return std::unexpected(counts.error());
  out += R"(,"device_one_time_keys_count":)" + json::serialize(identity::counts_body(*counts));
  out +=
      R"(,"device_unused_fallback_key_types":)" + json::serialize(json::value_from(counts->unused_fallback));
  co_return out;
}

}  // namespace torg::matrix
