#include "app/config.hpp"

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
    {"public_url", text, "", "Where clients reach this server, for /.well-known/matrix/client."},
    {"database", text, "",
     "postgresql://… for PostgreSQL; empty for the embedded database in the data directory."},
    {"organisation", text, "Älvhamns kommun", "The organisation that this server serves, as people read it."},
    {"phone", text, "", "Telephone number in the foot of the public pages."},
    {"registration_shared_secret", text, "",
     "Opens /_synapse/admin/v1/register to those who know it; empty closes it."},
    {"registration", text, "closed", "open lets anybody make an account. For tests only."},
    {"rate_limits", on_off, "on", "Limits how often one address or person may try to sign in and ask."},
    {"profiles_need_sign_in", on_off, "on",
     "Shows names and pictures of this server's users to people who have signed in only."},
    {"user_directory_search_all", on_off, "on",
     "Lets everybody find everybody in the user directory; off shows those only with whom one shares a room, "
     "or who are in a public one."},
    {"unauthenticated_media", on_off, "off",
     "Gives files to people who haven't signed in, through the old addresses. For old clients and tests."},
    {"password_memory_kib", number, "65536", "Memory that checking one password takes (Argon2id)."},
    {"password_operations", number, "2", "Rounds that checking one password takes (Argon2id)."},
    {"tls_certificate", text, "",
     "PEM file with the certificate chain, for https addresses; read again on SIGHUP."},
    {"tls_key", text, "", "PEM file with the key that belongs to it."},
    {"web_root", text, "", "Folder with another web client; empty for the one inside the program."},
    {"rendition_python", text, "", "Python with WeasyPrint, for PDF/A; empty lets renditions wait."},
    {"log_level", text, "info", "debug, info, warning, error or off."},
    {"offload_threads", number, "2", "Threads for passwords, files and other work that blocks."},
    {"connections", number, "20000", "Connections open at the same time."},
    {"metrics", on_off, "on", "Serves /_torg/metrics to this machine itself."},
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

std::string text_of(toml::node const& node) {
  if (auto const value = node.value_exact<std::string>()) return *value;
  if (auto const value = node.value_exact<bool>()) return *value ? "on" : "off";
  if (auto const value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  return "";
}

}  // namespace

std::span<Key const> all_keys() { return kKeys; }

Result<> Config::put(std::string_view name, std::string value, std::string_view where) {
  auto const* key = find_key(name);
  if (key == nullptr)
    return fail(ErrorCode::invalid_param, fmt::format("{}: there is no setting '{}'.", where, name));
  if (key->kind == KeyKind::number && !is_number(value)) {
    return fail(ErrorCode::invalid_param,
                fmt::format("{}: '{}' must be a number, not '{}'.", where, name, value));
  }
  if (key->kind == KeyKind::on_off && value != "on" && value != "off") {
    return fail(ErrorCode::invalid_param,
                fmt::format("{}: '{}' must be on or off, not '{}'.", where, name, value));
  }
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
  for (auto const& [name, node] : parsed.table()) {
    auto const where = fmt::format("{}:{}", file.string(), node.source().begin.line);
    if (auto put_it = put(name.str(), text_of(node), where); !put_it) return put_it;
  }
  return {};
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

std::string example() {
  std::string out = "# Torg's configuration. Each line shows a default; remove the # to change it.\n";
  for (auto const& key : kKeys) {
    auto const value =
        key.kind == KeyKind::number ? std::string(key.fallback) : fmt::format("\"{}\"", key.fallback);
    out += fmt::format("\n# {}\n# {} = {}\n", key.help, key.name, value);
  }
  return out;
}

}  // namespace torg::app
