// What must hold at the end whatever happened: the whole database verifies, and the public pages, every one
// that a link leads to, hold no word that was meant for the inside.
#include "base/small_letters.hpp"
#include "records/verify/directory.hpp"
#include "simulation/clients.hpp"

#include <deque>
#include <set>

#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr std::size_t kMostPages = 400;

Task<Reply> verify(app::Application& application) {
  auto const covered = co_await application.records_log().cover();
  if (!covered) co_return Reply{503, nullptr};
  records::DirectoryRequest const request{.blobs = "/nonexistent",  // records of this world have no files
                                          .log = "simulated.example",
                                          .key = application.records_log().public_key()};
  std::string text;
  application.database().read_now([&](db::Reader& reader) {
    auto const report = records::verify_directory(reader, request);
    if (!report.holds() || report.directory->unsigned_entries > 0) text = records::human_text(report);
  });
  co_return Reply{200, json::string(text)};
}

Server::Work read_page(std::string target) {
  return [target](app::Application& application) -> Task<Reply> {
    net::Request request{.method = net::Method::get, .target = target, .remote_address = "192.0.2.1"};
    auto const response = co_await application.router().dispatch(std::move(request));
    // A redirect leads to a page that is linked to as well.
    co_return Reply{response.status < 400 ? 200u : response.status, json::string(response.body)};
  };
}

/// Addresses of public pages that `page` links to.
std::vector<std::string> links_of(std::string_view page) {
  std::vector<std::string> links;
  for (std::size_t at = page.find("href=\""); at != std::string_view::npos; at = page.find("href=\"", at)) {
    at += 6;
    std::string link(page.substr(at, page.find('"', at) - at));
    link = link.substr(0, link.find('#'));
    for (std::size_t amp; (amp = link.find("&amp;")) != std::string::npos;) link.erase(amp + 1, 4);
    bool const ours = link.starts_with("/diarium") || link.starts_with("/en/register");
    if (ours && !link.starts_with("/diarium/filer/")) links.push_back(std::move(link));
  }
  return links;
}

bool holds_secret(std::string_view page) {
  return in_small_letters(page).find(kSecretWord) != std::string::npos;
}

}  // namespace

Task<> verify_everything(Clients& clients) {
  auto const reply =
      co_await insist(clients, [&clients] { return clients.server.call(verify, Promise::none); });
  if (reply && !reply->body.as_string().empty())
    clients.model.fail("the database does not verify: " + std::string(reply->body.as_string()));
}

Task<> walk_public_pages(Clients& clients) {
  std::deque<std::string> waiting{"/diarium?sprak=sv", "/en/register", "/diarium/flode.atom"};
  std::set<std::string> seen(waiting.begin(), waiting.end());
  while (!waiting.empty() && seen.size() < kMostPages && !clients.broken()) {
    auto const target = waiting.front();
    waiting.pop_front();
    auto const reply = co_await insist(
        clients, [&clients, target] { return clients.server.call(read_page(target), Promise::none); });
    if (!reply) co_return;
    auto const page = std::string(reply->body.as_string());
    if (holds_secret(page)) clients.model.fail("a secret word is public at " + target);
    for (auto& link : links_of(page)) {
      if (seen.insert(link).second) waiting.push_back(std::move(link));
    }
  }
  // The search repeats what was asked for; it must find nothing by it.
  auto const target = fmt::format("/diarium/sok?q={}", kSecretWord);
  auto const found = co_await insist(
      clients, [&clients, target] { return clients.server.call(read_page(target), Promise::none); });
  for (auto const& link : found ? links_of(found->body.as_string()) : std::vector<std::string>()) {
    if (link.starts_with("/diarium/KS/") || link.starts_with("/diarium/BN/"))
      clients.model.fail("the public's search finds a record by a secret word: " + link);
  }
}

}  // namespace torg::simulation
