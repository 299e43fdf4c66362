#include "matrix/media/testing.hpp"

namespace torg::matrix {
namespace {

using net::Method;
using ::testing::HasSubstr;

class MediaDownload : public MediaTest {};
INSTANTIATE_TEST_SUITE_P(Db, MediaDownload, db::both_databases(), db::database_name);

TEST_P(MediaDownload, GivesBackWhatWasUploadedWithTypeAndName) {
  auto const id = upload("hej", "text/plain", "r%C3%A4ksm%C3%B6rg%C3%A5s.txt");
  auto const response = fetch(download_of(id));
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(body_of(response), "hej");
  EXPECT_EQ(header(response, "content-type"), "text/plain");
  EXPECT_EQ(header(response, "content-disposition"),
            "inline; filename*=utf-8''r%C3%A4ksm%C3%B6rg%C3%A5s.txt");
  EXPECT_EQ(header(fetch(download_of(id) + "/other.txt"), "content-disposition"),
            "inline; filename*=utf-8''other.txt");
}

TEST_P(MediaDownload, NeedsAToken) {
  auto const id = upload("hej", "text/plain");
  EXPECT_EQ(ask(Method::get, download_of(id), "").status, 401U);
}

TEST_P(MediaDownload, LetsABrowserRunNothing) {
  auto const html = fetch(download_of(upload("<script>", "text/html")));
  EXPECT_EQ(header(html, "content-disposition"), "attachment");
  EXPECT_EQ(header(html, "x-content-type-options"), "nosniff");
  EXPECT_THAT(header(html, "content-security-policy"), HasSubstr("sandbox; default-src 'none'"));
  EXPECT_EQ(header(html, "cross-origin-resource-policy"), "cross-origin");
  EXPECT_EQ(header(fetch(download_of(upload("<svg>", "image/svg+xml"))), "content-disposition"),
            "attachment");
}

TEST_P(MediaDownload, GivesOnePartOfAFile) {
  auto const id = upload("0123456789", "text/plain");
  auto const part = fetch(download_of(id), {{"range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206U);
  EXPECT_EQ(body_of(part), "234");
  EXPECT_EQ(header(part, "content-range"), "bytes 2-4/10");
  auto const beyond = fetch(download_of(id), {{"range", "bytes=10-"}});
  EXPECT_EQ(beyond.status, 416U);
  EXPECT_EQ(header(beyond, "content-range"), "bytes */10");
  EXPECT_EQ(fetch(download_of(id), {{"range", "bytes=2-4"}, {"if-range", "\"another\""}}).status, 200U);
}

TEST_P(MediaDownload, IsNotRepeatedToWhoHasItAlready) {
  auto const id = upload("hej", "text/plain");
  auto const tag = header(fetch(download_of(id)), "etag");
  EXPECT_EQ(fetch(download_of(id), {{"if-none-match", tag}}).status, 304U);
}

TEST_P(MediaDownload, FindsNothingByABadOrForeignAddress) {
  for (auto const* path :
       {"torg.example/nosuchfile", "torg.example/a%2F..%2Fb", "other.example/x", "torg.example/%20"})
    EXPECT_EQ(fetch(std::string("/_matrix/client/v1/media/download/") + path).status, 404U) << path;
}

TEST_P(MediaDownload, ThroughTheOldAddressesIsFrozen) {
  auto const id = upload("hej", "text/plain");
  auto const old = "/_matrix/media/v3/download/torg.example/" + id;
  EXPECT_EQ(errcode(ask(Method::get, old, "")), "M_NOT_FOUND");
  reopen_with({.old_downloads = OldDownloads::open});
  EXPECT_EQ(ask(Method::get, old, "").status, 200U);
  reopen_with({.old_downloads = OldDownloads::open, .frozen_at = runtime.now() - std::chrono::hours(1)});
  EXPECT_EQ(errcode(ask(Method::get, old, "")), "M_NOT_FOUND") << "it came after the freeze";
  reopen_with({.old_downloads = OldDownloads::open, .frozen_at = runtime.now() + std::chrono::hours(1)});
  EXPECT_EQ(ask(Method::get, old, "").status, 200U);
}

class MediaUpload : public MediaTest {
 protected:
  std::string create() { return id_in(ask(Method::post, "/_matrix/media/v1/create", token, "{}")); }
  net::Response put(std::string const& id, std::string const& who, std::string bytes) {
    return ask(Method::put, "/_matrix/media/v3/upload/torg.example/" + id, who, std::move(bytes),
               {{"content-type", "text/plain"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, MediaUpload, db::both_databases(), db::database_name);

TEST_P(MediaUpload, ToAnAddressMadeEarlierIsFoundThere) {
  auto const id = create();
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(put(id, token, "hej").status, 200U);
  EXPECT_EQ(body_of(fetch(download_of(id))), "hej");
}

TEST_P(MediaUpload, SaysWhenAnUnusedAddressEnds) {
  auto const answer = post("/_matrix/media/v1/create", token, "{}").body;
  auto const ends = optional_integer(answer, "unused_expires_at").value_or(0);
  EXPECT_GT(ends, to_ms(runtime.now() + std::chrono::hours(23)));
}

TEST_P(MediaUpload, HappensOnceToAnAddress) {
  auto const id = create();
  EXPECT_EQ(put(id, token, "hej").status, 200U);
  auto const again = put(id, token, "other");
  EXPECT_EQ(again.status, 409U);
  EXPECT_EQ(errcode(again), "M_CANNOT_OVERWRITE_MEDIA");
  EXPECT_EQ(body_of(fetch(download_of(id))), "hej");
}

TEST_P(MediaUpload, IsForWhoMadeTheAddress) {
  auto const eve = log_in(make_user("eve")).access_token;
  auto const id = create();
  EXPECT_EQ(errcode(put(id, eve, "x")), "M_FORBIDDEN");
  EXPECT_EQ(errcode(put("nosuchaddress", eve, "x")), "M_NOT_FOUND");
  EXPECT_EQ(put(id, token, "mine").status, 200U);
}

TEST_P(MediaUpload, IsTooLateWhenTheAddressHasExpired) {
  reopen_with({.pending_lifetime = std::chrono::milliseconds(0)});
  auto const id = create();
  EXPECT_EQ(errcode(put(id, token, "x")), "M_NOT_FOUND");
  EXPECT_EQ(errcode(fetch(download_of(id))), "M_NOT_FOUND");
}

TEST_P(MediaUpload, LetsNobodyHoardAddresses) {
  reopen_with({.most_pending = 2});
  auto const first = create();
  create();
  auto const refused = ask(Method::post, "/_matrix/media/v1/create", token, "{}");
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(errcode(refused), "M_LIMIT_EXCEEDED");
  EXPECT_THAT(refused.body, HasSubstr("retry_after_ms"));
  EXPECT_EQ(put(first, token, "x").status, 200U);
  EXPECT_FALSE(create().empty()) << "one of them is used";
}

TEST_P(MediaUpload, IsNotYetThereForWhoDoesNotWait) {
  auto const answer = fetch(download_of(create()) + "?timeout_ms=0");
  EXPECT_EQ(answer.status, 504U);
  EXPECT_EQ(errcode(answer), "M_NOT_YET_UPLOADED");
  EXPECT_EQ(errcode(fetch(download_of(create()) + "?timeout_ms=soon")), "M_INVALID_PARAM");
}

TEST_P(MediaUpload, WakesThoseWhoWaitForTheFile) {
  auto const id = create();
  std::vector<std::string> received;
  for (int i = 0; i < 2; ++i) {
    net::Request request{.method = Method::get,
                         .target = download_of(id) + "?timeout_ms=60000",
                         .headers = {{"authorization", "Bearer " + token}}};
    asio::co_spawn(
        runtime.executor(), router->dispatch(std::move(request)),
        [&](std::exception_ptr, net::Response const& response) { received.push_back(body_of(response)); });
  }
  EXPECT_EQ(put(id, token, "here it is").status, 200U);
  while (received.size() < 2) runtime.run_one();
  EXPECT_THAT(received, ::testing::Each("here it is"));
}

TEST_P(MediaUpload, IsNotWaitedForByAClientThatLeft) {
  auto const id = create();
  net::Interruption interruption;
  net::Request request{.method = Method::get,
                       .target = download_of(id) + "?timeout_ms=60000",
                       .headers = {{"authorization", "Bearer " + token}},
                       .interruption = &interruption};
  bool ended = false;
  asio::co_spawn(runtime.executor(), router->dispatch(std::move(request)),
                 [&](std::exception_ptr, net::Response const&) { ended = true; });
  runtime.poll();
  interruption.fire(net::Interruption::Why::client_left);
  while (!ended) runtime.run_one();
}

TEST_P(MediaUpload, StopsAtThePersonsQuota) {
  reopen_with({.user_quota = 10});
  auto const id = upload("12345678", "text/plain");
  auto const refused = ask(Method::post, "/_matrix/media/v3/upload", token, "abc");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(errcode(refused), "M_FORBIDDEN");
  EXPECT_THAT(refused.body, HasSubstr("each person has here"));
  EXPECT_EQ(blobs_on_disk(), 1U);
  EXPECT_EQ(ask(Method::post, "/_matrix/media/v3/upload", token, "ab").status, 200U);
  EXPECT_TRUE(run(runtime, media->upload_bytes(anna, "the server's own business", "", "")));
}

TEST_P(MediaUpload, SaysWhereToAskForRoomBeyondTheQuota) {
  reopen_with({.user_quota = 10, .limit_info_uri = "mailto:it@kommun.example"});
  auto const refused = ask(Method::post, "/_matrix/media/v3/upload", token, "more than ten");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(errcode(refused), "M_USER_LIMIT_EXCEEDED");
  EXPECT_THAT(refused.body, HasSubstr(R"("info_uri":"mailto:it@kommun.example")"));
}

TEST_P(MediaUpload, StopsAtTheAuthoritysQuotaWhoeverUploads) {
  reopen_with({.authority_quota = 10});
  media->authority_of = [](UserNid) { return AuthorityId(3); };
  upload("12345678", "text/plain");
  auto const bo = log_in(make_user("bo")).access_token;
  auto const refused = ask(Method::post, "/_matrix/media/v3/upload", bo, "abc");
  EXPECT_EQ(errcode(refused), "M_FORBIDDEN");
  EXPECT_THAT(refused.body, HasSubstr("your authority"));
  media->authority_of = [](UserNid) { return AuthorityId(4); };
  EXPECT_EQ(ask(Method::post, "/_matrix/media/v3/upload", bo, "abc").status, 200U);
}

TEST_P(MediaUpload, IsRefusedToSuspendedPeople) {
  ASSERT_TRUE(run(runtime, identity->users().restrict(anna, identity::Restriction::suspended,
                                                      identity::Restricted::yes)));
  EXPECT_EQ(errcode(ask(Method::post, "/_matrix/media/v3/upload", token, "x")), "M_USER_SUSPENDED");
  EXPECT_EQ(errcode(ask(Method::post, "/_matrix/media/v1/create", token, "{}")), "M_USER_SUSPENDED");
  net::Call call;
  call.request.headers = {{"content-length", "40000000"}, {"authorization", "Bearer " + token}};
  auto const before = router->admit(router->match(Method::post, "/_matrix/media/v3/upload"), call);
  ASSERT_TRUE(before) << "before the bytes come";
  EXPECT_EQ(errcode(*before), "M_USER_SUSPENDED");
}

TEST_P(MediaUpload, TellsItsLimit) {
  EXPECT_EQ(optional_integer(get("/_matrix/client/v1/media/config", token).body, "m.upload.size"), 50 << 20);
}

}  // namespace
}  // namespace torg::matrix
