#include "matrix/media/picture/worker.hpp"

#include "matrix/media/picture/libraries.hpp"
#include "runtime/child_process.hpp"
#include "runtime/confine.hpp"
#include "runtime/worker.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::matrix {
namespace {

constexpr std::string_view kInspect = "inspect";
constexpr std::size_t kMostInput = 256u << 20;
constexpr std::size_t kMostOutput = 32u << 20;
/// What a browser may show in place, of those.
constexpr PictureFormat kFormats[] = {PictureFormat::jpeg, PictureFormat::png, PictureFormat::gif,
                                      PictureFormat::webp};

std::unexpected<Error> fell_over(std::string detail) {
  return fail(ErrorCode::invalid_param, "No thumbnail can be made of this file.", std::move(detail));
}

json::object error_head(Error const& error) {
  return {{"error", error.message}, {"too_large", error.code == ErrorCode::too_large}};
}

std::optional<PictureFormat> format_named(std::string_view type) {
  auto const* const found = std::ranges::find(kFormats, type, content_type);
  return found == std::end(kFormats) ? std::nullopt : std::optional(*found);
}

Result<WorkerAnswer> decode(std::string_view answer) {
  auto decoded = decode_worker_answer(answer);
  if (!decoded) return fell_over(decoded.error().detail);
  if (auto const error = optional_string(decoded->head, "error"))
    return fail(optional_bool(decoded->head, "too_large").value_or(false) ? ErrorCode::too_large
                                                                          : ErrorCode::invalid_param,
                std::string(*error));
  return decoded;
}

}  // namespace

std::string encode_thumbnail(Result<MadeThumbnail> const& made) {
  if (!made) return encode_worker_answer(error_head(made.error()));
  return encode_worker_answer({{"type", made->content_type}, {"original", made->is_original}}, made->bytes);
}

Result<MadeThumbnail> decode_thumbnail(std::string_view answer) {
  auto const decoded = decode(answer);
  if (!decoded) return std::unexpected(decoded.error());
  auto const format = format_named(optional_string(decoded->head, "type").value_or(""));
  auto const original = optional_bool(decoded->head, "original").value_or(false);
  // A worker that was taken over must not get its own bytes shown as something else.
  if (!format || (!original && format_of(decoded->bytes) != format)) return fell_over("a strange thumbnail");
  return MadeThumbnail{original, std::string(content_type(*format)), std::string(decoded->bytes)};
}

std::string encode_facts(Result<PictureFacts> const& facts) {
  if (!facts) return encode_worker_answer(error_head(facts.error()));
  return encode_worker_answer(
      {{"type", content_type(facts->format)}, {"width", facts->size.width}, {"height", facts->size.height}});
}

Result<PictureFacts> decode_facts(std::string_view answer) {
  auto const decoded = decode(answer);
  if (!decoded) return std::unexpected(decoded.error());
  auto const format = format_named(optional_string(decoded->head, "type").value_or(""));
  auto const side = [&](std::string_view name) {
    return static_cast<int>(
        std::clamp<std::int64_t>(optional_integer(decoded->head, name).value_or(0), 0, 1 << 24));
  };
  if (!format) return fell_over("a strange picture");
  return PictureFacts{*format, {side("width"), side("height")}};
}

Task<Result<std::string>> PictureWorker::ask(std::filesystem::path picture, std::string wish) {
  ChildCommand command{.arguments = command_,
                       .environment = {"LC_ALL=C.UTF-8"},
                       .input = {},
                       .input_file = picture.string(),
                       .deadline = kDeadline,
                       .output_limit = kMostOutput};
  command.arguments.push_back(std::move(wish));
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) co_return fail(std::move(output));
  if (output->exit_code != 0)
    co_return fell_over(fmt::format("worker ended with {}: {}", output->exit_code, output->errors));
  co_return std::move(output->output);
}

Task<Result<MadeThumbnail>> PictureWorker::thumbnail(std::filesystem::path picture, ThumbnailWish wish) {
  auto const answer = co_await ask(std::move(picture), to_text(wish));
  if (!answer) co_return std::unexpected(answer.error());
  co_return decode_thumbnail(*answer);
}

Task<Result<PictureFacts>> PictureWorker::inspect(std::filesystem::path picture) {
  auto const answer = co_await ask(std::move(picture), std::string(kInspect));
  if (!answer) co_return std::unexpected(answer.error());
  co_return decode_facts(*answer);
}

int run_picture_worker(std::string_view wish) {
  constexpr Confinement kLimits{
      .memory_bytes = 1024u << 20, .cpu_seconds = 10, .open_files = 32, .files = FileAccess::none};
  auto const wanted = parse_wish(wish);
  if (!wanted && wish != kInspect) return 3;
  load_picture_libraries();
  if (!confine_this_process(kLimits)) return 2;
  auto const picture = read_standard_input(kMostInput);
  return write_standard_output(wanted ? encode_thumbnail(make_thumbnail(picture, *wanted))
                                      : encode_facts(inspect_picture(picture)))
             ? 0
             : 1;
}

}  // namespace torg::matrix
