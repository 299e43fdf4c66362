#include "matrix/event/canonical.hpp"
#include "matrix/event/event.hpp"

#include <benchmark/benchmark.h>

namespace torg::matrix {
namespace {

/// About 640 bytes, the size of a chatty message event with formatting and a relation.
std::string body_of_640_bytes() {
  return R"({"msgtype":"m.text","body":")" + std::string(220, 'x') +
         R"(","format":"org.matrix.custom.html",)" + R"("formatted_body":"<p>)" + std::string(220, 'y') +
         R"(</p>","m.mentions":{"user_ids":["@bo:torg.example"]},)" +
         R"("m.relates_to":{"m.in_reply_to":{"event_id":"$7hzViWiXxlBx4RpGSPB1tvmACtoNqbzNh7Tke8vJOCo"}}})";
}

Event message() {
  Event event;
  event.type = "m.room.message";
  event.sender = "@anna:torg.example";
  event.room_id = "!7Hu_UWTboCPvfH4-PraLFR3DtkMYlhXeGKhMjBKusK4";
  event.content = canonical_json(parse_json(body_of_640_bytes()).value()).value();
  event.origin_server_ts = 1'700'000'000'002;
  event.depth = 3;
  event.prev_events = {{"$7hzViWiXxlBx4RpGSPB1tvmACtoNqbzNh7Tke8vJOCo"}};
  event.auth_events = {{"$7hzViWiXxlBx4RpGSPB1tvmACtoNqbzNh7Tke8vJOCo"},
                       {"$EvMBDAc7L348ArtZ6Xt4kRJuGs0o5ExHEnqnaBAcvno"}};
  return event;
}

void canonicalise_640_bytes(benchmark::State& state) {
  auto const value = parse_json(body_of_640_bytes()).value();
  for (auto _ : state) benchmark::DoNotOptimize(canonical_json(value));
}
BENCHMARK(canonicalise_640_bytes);

void parse_and_canonicalise_640_bytes(benchmark::State& state) {
  auto const text = body_of_640_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(canonical_json(parse_json(text).value()));
}
BENCHMARK(parse_and_canonicalise_640_bytes);

void seal_a_message(benchmark::State& state) {
  auto event = message();
  for (auto _ : state) benchmark::DoNotOptimize(seal(event));
}
BENCHMARK(seal_a_message);

void seal_a_membership(benchmark::State& state) {
  auto event = message();
  event.type = "m.room.member";
  event.content = R"({"avatar_url":"mxc://torg.example/abc","displayname":"Anna","membership":"join"})";
  for (auto _ : state) benchmark::DoNotOptimize(seal(event));
}
BENCHMARK(seal_a_membership);

void write_pdu_bytes(benchmark::State& state) {
  auto event = message();
  static_cast<void>(seal(event));
  for (auto _ : state) benchmark::DoNotOptimize(pdu_bytes(event));
}
BENCHMARK(write_pdu_bytes);

void check_the_limits(benchmark::State& state) {
  auto const event = message();
  for (auto _ : state) benchmark::DoNotOptimize(check_limits(event, "torg.example"));
}
BENCHMARK(check_the_limits);

void hash_640_bytes(benchmark::State& state) {
  std::string const text(640, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256(text));
}
BENCHMARK(hash_640_bytes);

}  // namespace
}  // namespace torg::matrix
