#include "app/config.hpp"

#include "governance/zone.hpp"
#include "matrix/event/room_version.hpp"
#include "matrix/media/clamd.hpp"
#include "matrix/search/store.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#define TOML_HEADER_ONLY 1  // the shared library of Debian has only the variant that throws
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace torg::app {
namespace {

using enum KeyKind;

constexpr Key kKeys[] = {
    {"server_name", text, "localhost", "The name that user and room ids end in. It can't be changed later."},
    {"default_room_version", room_version, "12", "Of new rooms, 1 to 12, where nobody names one."},
    {"public_url", text, "", "Where clients reach this server, for /.well-known/matrix/client."},
    {"database", text, "",
     "postgresql://… for PostgreSQL; empty for the embedded database in the data directory."},
    {"timestamp_authority", text, "",
     "Address of a time-stamping authority (RFC 3161) that stamps the register's log once a day; empty for "
     "none."},
    {"timestamp_roots", text, "",
     "PEM file with the certificates that the authority's must chain up to; empty trusts whoever answers "
     "there."},
    {"organisation", text, "Älvhamns kommun", "The organisation that this server serves, as people read it."},
    {"phone", text, "", "Telephone number in the foot of the public pages."},
    {"registration_shared_secret", text, "",
     "Opens /_synapse/admin/v1/register to those who know it; empty closes it."},
    {"registration", registration, "closed",
     "Who makes an account by themselves: closed (nobody), token (who has a token from an administrator) or "
     "open (anybody; for tests only)."},
    {"guests", on_off, "off",
     "Lets people without an account look around and join rooms that let guests in."},
    {"password_length", number, "8", "The fewest characters (bytes) of a new password."},
    {"most_accounts", number, "0",
     "Active accounts that this server may have, its own included; 0 for any number."},
    {"admin_contact", text, "",
     "Where people reach the administrators, such as mailto:it@kommun.example: for those whom a limit stops, "
     "and for /.well-known/matrix/support."},
    {"server_notices", text, "notices",
     "Name of the user by whom the server tells people something, in a room for each of them; empty: it "
     "doesn't."},
    {"profiles_need_sign_in", on_off, "on",
     "Shows names and pictures of this server's users to people who have signed in only."},
    {"user_directory_search_all", on_off, "on",
     "Lets everybody find everybody in the user directory; off shows those only with whom one shares a room, "
     "or who are in a public one."},
    {"presence", on_off, "on",
     "Shows people who of those they share a room with is there; off shows nobody. It is never stored."},
    {"search_language", language, "swedish",
     "Search finds the other forms of a word in this language and in English: swedish, danish, norwegian, "
     "finnish, german, english. After a change the index is made anew in the background."},
    {"unauthenticated_media", on_off, "off",
     "Gives files to people who haven't signed in, through the old addresses. For old clients and tests."},
    {"app_services", list, "",
     "Registration files of application services (YAML), or folders that hold them; read at start."},
    {"delayed_events_longest", number, "86400", "Seconds that a delayed event may wait at most."},
    {"delayed_events_per_user", number, "100",
     "Delayed events of one person that wait at once; 0 allows none."},
    {"livekit_urls", list, "", "Where calls go: addresses of LiveKit authorisation services."},
    {"turn_uris", list, "",
     "Relays for calls between two people, as turn:turn.example:3478?transport=udp; empty: there are none."},
    {"turn_shared_secret", text, "",
     "The secret that these relays know too (coturn: static-auth-secret); without it nobody gets "
     "credentials."},
    {"turn_lifetime", number, "86400", "Seconds that a person's credentials for the relays hold."},
    {"public_read_receipts", on_off, "off",
     "Shows people in a room how far the others have read, as far as their clients tell."},
    {"smtp_url", text, "",
     "smtp://mail.example:587 or smtps://…: the server that takes letters about unread messages; empty: "
     "none."},
    {"smtp_user", text, "", "Name to sign in there with; then TLS is a must."},
    {"smtp_password", text, "", "The password that belongs to it."},
    {"mail_from", text, "torg@localhost", "Address that letters come from."},
    {"mail_delay", number, "10", "Minutes that a message stays unread before a letter tells of it."},
    {"mail_between", number, "60", "Minutes between two letters to one person."},
    {"clock_letters", list, "",
     "CODE=address: where an authority is told by mail, in counts, that records were not assessed in time."},
    {"external_registers", list, "",
     "CODE=https://… or CODE=/folder: the way to the register of an authority that keeps it in another "
     "system, by HTTP "
     "or through a watched folder."},
    {"external_register_secrets", list, "",
     "CODE=secret: what such a register and this server show each other over HTTP."},
    {"push_content", on_off, "off",
     "Lets push gateways, which are other people's servers, know what a message says, where an app asks for "
     "it."},
    {"body_mentions", on_off, "off",
     "Highlights a message for those whose names stand in its text, where it doesn't say whom it calls. For "
     "old "
     "clients and tests."},
    {"rate_limits", on_off, "on",
     "off switches every limit below off, at the command line (--set rate_limits=off) or here."},
    {"trust_proxies", list, "",
     "Addresses of the proxies in front: of what they pass on, x-forwarded-for names the client."},
    {"answer_timeout", number, "60",
     "Seconds after which a request that isn't done is answered 504; the work itself goes on."},
    {"password_memory_kib", number, "65536", "Memory that checking one password takes (Argon2id)."},
    {"password_operations", number, "2", "Rounds that checking one password takes (Argon2id)."},
    {"tls_certificate", text, "",
     "PEM file with the certificate chain, for https addresses; read again on SIGHUP."},
    {"tls_key", text, "", "PEM file with the key that belongs to it."},
    {"outbound_allowed_networks", list, "",
     "Private networks that may be asked on somebody's behalf, as 10.1.0.0/16: push gateways, previews."},
    {"outbound_ca_file", text, "",
     "PEM file with authorities to trust besides the system's when this server asks others."},
    {"web_root", text, "", "Folder with another web client; empty for the one inside the program."},
    {"rendition_python", text, "", "Python with WeasyPrint, for PDF/A; empty lets renditions wait."},
    {"rendition_office", text, "/usr/bin/soffice",
     "LibreOffice, for PDF/A of office files; where it is missing they have none."},
    {"log_level", text, "info", "debug, info, warning, error or off."},
    {"offload_threads", number, "2", "Threads for passwords, files and other work that blocks."},
    {"connections", number, "20000", "Connections open at the same time."},
    {"room_cache_mib", number, "64",
     "Memory for rooms, receipts and lists of rooms that nobody uses at the moment; what is in use comes on "
     "top."},
    {"metrics", on_off, "on", "Serves /_torg/metrics to this machine itself."},
    {"media.max_upload_mib", number, "50", "The largest file that can be uploaded, in MiB."},
    {"media.quota_mib", number, "0", "All files of one person together, in MiB; 0 is no limit."},
    {"media.authority_quota_mib", number, "0",
     "All files of one authority's people together, in MiB; 0 is no limit."},
    {"media.pending_uploads", number, "10",
     "Addresses that one person may have made without having uploaded a file to them."},
    {"media.frozen_on", day, "",
     "With unauthenticated_media: files from this day (2026-12-31) on need a signed-in reader even so; "
     "empty: "
     "none does."},
    {"media.clamd", clamd, "",
     "Where ClamAV's daemon listens, unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310: files are checked "
     "before they are given out, and kept back when they can't be. Empty: nothing is checked."},
    {"media.clamd_good_for_days", number, "30",
     "After this a file in which nothing was found is checked again; 0 is never."},
    {"previews.enabled", on_off, "off",
     "Shows what links lead to: this server fetches the page. Never from private networks, but for those in "
     "outbound_allowed_networks."},
    {"previews.only_domains", list, "", "Makes previews of these sites only, with what is below them."},
    {"previews.never_domains", list, "", "Makes no previews of these sites and what is below them."},
    // Rates: this many at once, then so many a second, minute or hour.
    {"rate_limits.messages", rate, "100 then 10/s", "Messages and other events, of one person."},
    {"rate_limits.messages_in_room", rate, "300 then 50/s", "The same, in one room."},
    {"rate_limits.rooms", rate, "20 then 6/min", "Rooms made by one person."},
    {"rate_limits.memberships", rate, "100 then 1/s",
     "Joining, leaving, inviting, aliases and names, by one person."},
    {"rate_limits.uploads", rate, "50 then 1/s", "Files from one person."},
    {"rate_limits.registrations", rate, "10 then 2/min", "New accounts from one address."},
    {"rate_limits.logins", rate, "60 then 1/s", "Attempts to sign in from one address."},
    {"rate_limits.token_checks", rate, "300 then 20/s",
     "Questions of other services, from one address, whose OpenID token they were shown."},
    {"rate_limits.passwords", rate, "10 then 10/min", "Wrong passwords for one account."},
    {"rate_limits.searches", rate, "30 then 1/s", "Searches by one person."},
    {"rate_limits.previews", rate, "30 then 1/s", "Previews of links for one person."},
    {"rate_limits.to_device", rate, "200 then 20/s", "Messages to devices, of one person."},
    {"rate_limits.small_writes", rate, "300 then 30/s", "Receipts, typing, settings and keys of one person."},
    {"rate_limits.record_writes", rate, "100 then 5/s", "Acts on registers, desks and plans by one person."},
    {"rate_limits.public_pages", rate, "120 then 4/s", "Pages of the public register, for one address."},
    {"rate_limits.public_requests", rate, "5 then 12/h",
     "Requests and reports on the web, from one address."},
    {"rate_limits.public_requests_in_all", rate, "120 then 6/min", "The same, from everybody together."},
};

Key const* find_key(std::string_view name) {
  auto const* found = std::ranges::find(kKeys, name, &Key::name);
  return found == std::end(kKeys) ? nullptr : found;
}

bool is_number(std::string_view value) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc{} && end == value.data() + value.size() && number >= 0;
}

/// What is wrong with a value, to stand behind the name of its key; none when it is good.
using Check = std::optional<std::string> (*)(std::string const& value);

std::optional<std::string> unless(bool good, std::string_view should_be, std::string const& value) {
  if (good) return std::nullopt;
  return fmt::format("must be {}, not '{}'.", should_be, value);
}

template <class T>
std::optional<std::string> unless(Result<T> const& parsed) {
  if (parsed) return std::nullopt;
  return fmt::format("can't be used: {}", parsed.error().message);
}

std::optional<std::string> check_number(std::string const& value) {
  return unless(is_number(value), "a number", value);
}
std::optional<std::string> check_on_off(std::string const& value) {
  return unless(value == "on" || value == "off", "on or off", value);
}
std::optional<std::string> check_registration(std::string const& value) {
  return unless(value == "closed" || value == "token" || value == "open", "closed, token or open", value);
}
std::optional<std::string> check_room_version(std::string const& value) {
  return unless(matrix::parse_room_version(value).has_value(), "a room version, 1 to 12", value);
}
std::optional<std::string> check_day(std::string const& value) {
  return unless(value.empty() || governance::parse_day(value), "a day such as 2026-12-31", value);
}
std::optional<std::string> check_language(std::string const& value) {
  return unless(matrix::search_store::is_language(value), "a language that it can be", value);
}
std::optional<std::string> check_clamd(std::string const& value) {
  return value.empty() ? std::nullopt : unless(matrix::parse_clamd_address(value));
}
std::optional<std::string> check_rate(std::string const& value) { return unless(net::parse_rate(value)); }

/// Kinds that are not here take any text.
constexpr std::pair<KeyKind, Check> kChecks[] = {
    {number, check_number},
    {on_off, check_on_off},
    {registration, check_registration},
    {room_version, check_room_version},
    {day, check_day},
    {language, check_language},
    {clamd, check_clamd},
    {rate, check_rate},
};

std::optional<std::string> check_value(KeyKind kind, std::string const& value) {
  auto const* found = std::ranges::find(kChecks, kind, &std::pair<KeyKind, Check>::first);
  return found == std::end(kChecks) ? std::nullopt : found->second(value);
}

std::string text_of(toml::node const& node) {
  if (auto const* list = node.as_array()) {
    std::string text;
    for (auto const& entry : *list) text += (text.empty() ? "" : ",") + text_of(entry);
    return text;
  }
  if (auto const value = node.value_exact<std::string>()) return *value;
  if (auto const value = node.value_exact<bool>()) return *value ? "on" : "off";
  if (auto const value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  return "";
}

/// Calls `use` for each value, one in a table as `table.name`, until it fails.
template <class F>
Result<> each_value(toml::table const& table, F use) {
  for (auto const& [name, node] : table) {
    auto const* inner = node.as_table();
    if (inner == nullptr) {
      if (auto used = use(std::string(name.str()), node); !used) return used;
      continue;
    }
    for (auto const& [key, value] : *inner) {
      if (auto used = use(fmt::format("{}.{}", name.str(), key.str()), value); !used) return used;
    }
  }
  return {};
}

}  // namespace

std::span<Key const> all_keys() { return kKeys; }

Result<> Config::put(std::string_view name, std::string value, std::string_view where) {
  auto const* key = find_key(name);
  if (key == nullptr)
    return fail(ErrorCode::invalid_param, fmt::format("{}: there is no setting '{}'.", where, name));
  if (auto const wrong = check_value(key->kind, value))
    return fail(ErrorCode::invalid_param, fmt::format("{}: '{}' {}", where, name, *wrong));
  values_.insert_or_assign(std::string(name), std::move(value));
  return {};
}

Result<> Config::load(std::filesystem::path const& file) {
  auto const parsed = toml::parse_file(file.string());
  if (!parsed) {
    auto const& error = parsed.error();
    return fail(ErrorCode::invalid_param,
                fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  return each_value(parsed.table(), [&](std::string const& name, toml::node const& node) {
    auto const where = fmt::format("{}:{}", file.string(), node.source().begin.line);
    return put(name, text_of(node), where);
  });
}

Result<> Config::set(std::string_view setting) {
  auto const equals = setting.find('=');
  if (equals == std::string_view::npos) {
    return fail(ErrorCode::invalid_param,
                fmt::format("--set {}: a setting has the form key=value.", setting));
  }
  return put(setting.substr(0, equals), std::string(setting.substr(equals + 1)), "--set");
}

std::string Config::text(std::string_view name) const {
  auto const found = values_.find(name);
  return found != values_.end() ? found->second : std::string(find_key(name)->fallback);
}

std::int64_t Config::number(std::string_view name) const { return std::stoll(text(name)); }
bool Config::is_on(std::string_view name) const { return text(name) == "on"; }

net::Rate Config::rate(std::string_view name) const {
  return is_on("rate_limits") ? net::parse_rate(text(name)).value() : net::Rate{};
}

std::vector<std::string> Config::list(std::string_view name) const {
  std::vector<std::string> entries;
  auto const all = text(name);
  for (std::string_view rest = all; !rest.empty();) {
    auto const comma = std::min(rest.find(','), rest.size());
    if (comma > 0) entries.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return entries;
}

std::string example() {
  std::string out = "# Torg's configuration. Each line shows a default; remove the # to change it.\n";
  std::string_view table;
  for (auto const& key : kKeys) {
    auto name = key.name;
    if (auto const dot = name.find('.'); dot != std::string_view::npos) {
      if (table != name.substr(0, dot)) out += fmt::format("\n# [{}]\n", name.substr(0, dot));
      table = name.substr(0, dot);
      name.remove_prefix(dot + 1);
    }
    auto const value = key.kind == KeyKind::number ? std::string(key.fallback)
                       : key.kind == KeyKind::list ? fmt::format("[{}]", key.fallback)
                                                   : fmt::format("\"{}\"", key.fallback);
    out += fmt::format("\n# {}\n# {} = {}\n", key.help, name, value);
  }
  return out;
}

}  // namespace torg::app
