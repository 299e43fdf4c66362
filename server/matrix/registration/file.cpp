// Registration files are written by bridges, in YAML. What they hold beyond the specification is passed over.
#include "base/file.hpp"

#include "base/identifiers.hpp"
#include "matrix/registration/registration.hpp"

#include <algorithm>
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <fmt/format.h>

namespace torg::matrix {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;
constexpr std::size_t kMaxNamespaces = 1'000;
constexpr int kMaxPatternMemory = 1 << 20;
constexpr std::size_t kMaxId = 255;

/// What is wrong with a file; thrown inside this file only, like what the library throws.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string place_of(YAML::Mark const& mark) {
  return mark.is_null() ? "" : fmt::format("line {}: ", mark.line + 1);
}

std::string text_of(YAML::Node const& parent, char const* key) {
  auto const node = parent[key];
  if (!node) throw Wrong(fmt::format("'{}' is missing", key));
  if (!node.IsScalar() || node.Scalar().empty())
    throw Wrong(fmt::format("{}'{}' must be a text", place_of(node.Mark()), key));
  return node.Scalar();
}

bool is_on(YAML::Node const& parent, char const* key, bool otherwise) {
  auto const node = parent[key];
  if (!node || node.IsNull()) return otherwise;
  bool value = otherwise;
  if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value))
    throw Wrong(fmt::format("{}'{}' must be true or false", place_of(node.Mark()), key));
  return value;
}

Namespace namespace_of(YAML::Node const& node) {
  if (!node.IsMap()) throw Wrong(place_of(node.Mark()) + "a namespace must have 'exclusive' and 'regex'");
  auto const text = text_of(node, "regex");
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternMemory);
  auto pattern = std::make_shared<re2::RE2 const>(text, options);
  if (!pattern->ok()) {
    throw Wrong(fmt::format("{}the regex '{}' can't be used: {}", place_of(node["regex"].Mark()), text,
                            pattern->error()));
  }
  auto const claim = is_on(node, "exclusive", false) ? Namespace::Claim::exclusive : Namespace::Claim::shared;
  return {std::move(pattern), claim};
}

std::vector<Namespace> namespaces_of(YAML::Node const& parent, char const* key) {
  auto const list = parent[key];
  std::vector<Namespace> found;
  if (!list || list.IsNull()) return found;
  if (!list.IsSequence() || list.size() > kMaxNamespaces)
    throw Wrong(fmt::format("{}'namespaces.{}' must be a list", place_of(list.Mark()), key));
  for (auto const& each : list) found.push_back(namespace_of(each));
  return found;
}

std::vector<std::string> texts_of(YAML::Node const& parent, char const* key) {
  auto const list = parent[key];
  std::vector<std::string> found;
  if (!list || list.IsNull()) return found;
  if (!list.IsSequence()) throw Wrong(fmt::format("{}'{}' must be a list", place_of(list.Mark()), key));
  for (auto const& each : list) {
    if (!each.IsScalar())
      throw Wrong(fmt::format("{}'{}' must be a list of texts", place_of(each.Mark()), key));
    found.push_back(each.Scalar());
  }
  return found;
}

std::optional<std::string> url_of(YAML::Node const& root) {
  auto const node = root["url"];
  if (!node || node.IsNull() || (node.IsScalar() && node.Scalar().empty())) return std::nullopt;
  auto url = text_of(root, "url");
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    throw Wrong(place_of(node.Mark()) + "'url' must begin with http:// or https://");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Registration registration_of(YAML::Node const& root, std::string const& server_name) {
  if (!root.IsMap()) throw Wrong("this is no registration: it must have id, url, as_token and so on");
  Registration made{.id = text_of(root, "id"),
                    .url = url_of(root),
                    .as_token = crypto::sha256(text_of(root, "as_token")),
                    .hs_token = text_of(root, "hs_token"),
                    .sender_localpart = text_of(root, "sender_localpart"),
                    .server_name = server_name};
  made.sender = "@" + made.sender_localpart + ":" + server_name;
  if (made.id.size() > kMaxId || !is_valid_new_localpart(made.sender_localpart) ||
      !is_valid_user_id(made.sender))
    throw Wrong("'id' or 'sender_localpart' can't be used: too long, or with signs that user ids don't have");
  auto const namespaces = root["namespaces"];
  if (namespaces && !namespaces.IsNull() && !namespaces.IsMap())
    throw Wrong(place_of(namespaces.Mark()) + "'namespaces' must hold users, aliases and rooms");
  if (namespaces && namespaces.IsMap()) {
    made.users = namespaces_of(namespaces, "users");
    made.aliases = namespaces_of(namespaces, "aliases");
    made.rooms = namespaces_of(namespaces, "rooms");
  }
  made.protocols = texts_of(root, "protocols");
  made.rate_limited = is_on(root, "rate_limited", true);
  made.receive_ephemeral = is_on(root, "receive_ephemeral", false) || is_on(root, "push_ephemeral", false) ||
                           is_on(root, "de.sorunome.msc2409.push_ephemeral", false);
  made.wants_device_news = is_on(root, "org.matrix.msc3202", false);
  return made;
}

Result<std::vector<std::filesystem::path>> files_of(std::span<std::string const> paths) {
  std::vector<std::filesystem::path> files;
  for (std::filesystem::path const path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (auto const& entry : std::filesystem::directory_iterator(path, error)) {
      auto const extension = entry.path().extension();
      if (extension == ".yaml" || extension == ".yml") inside.push_back(entry.path());
    }
    if (error) return fail(ErrorCode::invalid_param, fmt::format("{}: {}", path.string(), error.message()));
    std::ranges::sort(inside);
    std::ranges::move(inside, std::back_inserter(files));
  }
  return files;
}

}  // namespace

Result<Registration> parse_registration(std::string const& text, std::string const& server_name) {
  try {
    return registration_of(YAML::Load(text), server_name);
  } catch (YAML::Exception const& error) {
    return fail(ErrorCode::invalid_param, place_of(error.mark) + error.msg);
  } catch (Wrong const& wrong) {
    return fail(ErrorCode::invalid_param, wrong.what());
  }
}

Result<Registrations> Registrations::load(std::span<std::string const> paths,
                                          std::string const& server_name) {
  Registrations all;
  auto const files = files_of(paths);
  if (!files) return std::unexpected(files.error());
  for (auto const& file : *files) {
    auto const wrong = [&](Error const& error) {
      return fail(ErrorCode::invalid_param,
                  fmt::format("app_services: {}: {}.", file.string(), error.message));
    };
    auto const text = read_file(file, kMaxFile);
    if (!text) return fail(ErrorCode::invalid_param, "app_services: " + text.error().message);
    auto registration = parse_registration(*text, server_name);
    if (!registration) return wrong(registration.error());
    if (auto added = all.add(std::move(*registration)); !added) return wrong(added.error());
  }
  return all;
}

}  // namespace torg::matrix
