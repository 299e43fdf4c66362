#include "base/templates.hpp"

#include <functional>
#include <kainjow/mustache.hpp>
#include <map>
#include <stdexcept>

namespace torg {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(json::value const& value);

mustache::data to_data(json::object const& object) {
  mustache::data out(mustache::data::type::object);
  for (auto const& [key, value] : object) out.set(std::string(key), to_data(value));
  return out;
}

mustache::data to_data(json::value const& value) {
  switch (value.kind()) {
    case json::kind::object:
      return to_data(value.get_object());
    case json::kind::array: {
      mustache::data out(mustache::data::type::list);
      for (auto const& one : value.get_array()) out.push_back(to_data(one));
      return out;
    }
    case json::kind::string:
      // An empty text is no section, as in the specification of Mustache's descendants.
      return value.get_string().empty() ? mustache::data(mustache::data::type::bool_false)
                                        : mustache::data(std::string(value.get_string()));
    case json::kind::bool_:
      return mustache::data(value.get_bool());
    case json::kind::null:
      return mustache::data(false);
    default:
      return mustache::data(json::serialize(value));
  }
}

std::string template_name(std::string_view path) {
  path.remove_prefix(path.find_last_of('/') + 1);
  return std::string(path.substr(0, path.size() - std::string_view(".mustache").size()));
}

/// Looks values up as the library does, partials among our own templates.
class Context final : public mustache::context<std::string> {
 public:
  using Partials = std::map<std::string, mustache::data, std::less<>>;
  Context(mustache::data const* data, Partials const& partials)
      : mustache::context<std::string>(data), partials_(partials) {}
  [[nodiscard]] mustache::data const* get_partial(std::string const& name) const override {
    auto const found = partials_.find(name);
    if (found == partials_.end()) throw std::invalid_argument("no template " + name);
    return &found->second;
  }

 private:
  Partials const& partials_;
};

}  // namespace

struct Templates::Impl {
  std::map<std::string, mustache::mustache, std::less<>> pages;
  Context::Partials partials;
};

Templates::Templates(std::span<EmbeddedFile const> files) : impl_(std::make_unique<Impl>()) {
  for (auto const& file : files) {
    if (!file.name.ends_with(".mustache")) continue;
    auto const name = template_name(file.name);
    std::string const text(file.bytes);
    auto const [page, added] = impl_->pages.try_emplace(name, text);
    if (!added || !page->second.is_valid())
      throw std::invalid_argument("template " + name + ": " + page->second.error_message());
    impl_->partials.emplace(name, mustache::data(mustache::partial([text] { return text; })));
  }
}
Templates::~Templates() = default;
Templates::Templates(Templates&&) noexcept = default;

std::string Templates::render(std::string_view name, json::object const& data) const {
  auto const page = impl_->pages.find(name);
  if (page == impl_->pages.end()) throw std::invalid_argument("no template " + std::string(name));
  auto const values = to_data(data);
  Context context(&values, impl_->partials);
  return page->second.render(context);
}

}  // namespace torg
