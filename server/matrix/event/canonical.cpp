#include "matrix/event/canonical.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/container/small_vector.hpp>

namespace torg::matrix {
namespace {

constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;

/// What keeps a value from having a canonical form.
enum class Problem : std::uint8_t { none, fraction, out_of_range };

class Writer {
 public:
  Writer(std::string& out, Numbers numbers) : out_(out), numbers_(numbers) {}

  [[nodiscard]] Problem write(json::value const& value) {
    switch (value.kind()) {
      case json::kind::null:
        out_ += "null";
        return Problem::none;
      case json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        return Problem::none;
      case json::kind::int64:
        return write(value.get_int64());
      case json::kind::uint64:  // only numbers beyond 2^63 are kept so
        return numbers_ == Numbers::any ? write_number(value.get_uint64()) : Problem::out_of_range;
      case json::kind::double_:
        return numbers_ == Numbers::any ? write_float(value.get_double()) : Problem::fraction;
      case json::kind::string:
        append_json_string(out_, value.get_string());
        return Problem::none;
      case json::kind::array:
        return write(value.get_array());
      case json::kind::object:
        return write(value.get_object());
    }
    return Problem::none;
  }

  [[nodiscard]] Problem write(json::object const& object) {
    using Member = json::key_value_pair;
    // Byte order of UTF-8 is the order of code points. What we wrote ourselves is sorted already.
    auto const by_key = [](Member const& a, Member const& b) { return a.key() < b.key(); };
    if (std::is_sorted(object.begin(), object.end(), by_key)) {
      return write_members(object, [](Member const& member) -> Member const& { return member; });
    }
    boost::container::small_vector<Member const*, 32> members;
    for (auto const& member : object) members.push_back(&member);
    std::sort(members.begin(), members.end(), [&](auto const* a, auto const* b) { return by_key(*a, *b); });
    return write_members(members, [](Member const* member) -> Member const& { return *member; });
  }

 private:
  template <class Members, class Get>
  [[nodiscard]] Problem write_members(Members const& members, Get get) {
    char separator = '{';
    for (auto const& item : members) {
      auto const& member = get(item);
      out_ += separator;
      separator = ',';
      append_json_string(out_, member.key());
      out_ += ':';
      if (auto problem = write(member.value()); problem != Problem::none) return problem;
    }
    if (separator == '{') out_ += separator;
    out_ += '}';
    return Problem::none;
  }

  [[nodiscard]] Problem write(json::array const& array) {
    char separator = '[';
    for (auto const& item : array) {
      out_ += separator;
      separator = ',';
      if (auto problem = write(item); problem != Problem::none) return problem;
    }
    if (separator == '[') out_ += separator;
    out_ += ']';
    return Problem::none;
  }

  [[nodiscard]] Problem write(std::int64_t number) {
    bool const fits = number >= -kLargestInteger && number <= kLargestInteger;
    return fits || numbers_ == Numbers::any ? write_number(number) : Problem::out_of_range;
  }

  template <class Number>
  Problem write_number(Number number) {
    char digits[24];
    auto const end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    out_.append(digits, end);
    return Problem::none;
  }

  /// The fewest digits that read back as the same number; with an exponent below 1e-4 and from 1e16 on, and
  /// else with a point, as the servers of those room versions write it.
  Problem write_float(double number) {
    constexpr double kSmallestPlain = 1e-4, kSmallestWithExponent = 1e16;
    auto const size = std::abs(number);
    bool const plain = number == 0 || (size >= kSmallestPlain && size < kSmallestWithExponent);
    char digits[32];
    auto const format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    auto const end = std::to_chars(std::begin(digits), std::end(digits), number, format).ptr;
    std::string_view const text(digits, static_cast<std::size_t>(end - std::begin(digits)));
    out_ += text;
    if (plain && text.find('.') == std::string_view::npos) out_ += ".0";
    return Problem::none;
  }

  std::string& out_;
  Numbers numbers_;
};

Result<> to_result(Problem problem) {
  switch (problem) {
    case Problem::none:
      return {};
    case Problem::fraction:
      return fail(ErrorCode::bad_json, "Numbers must be integers, written without a point or exponent.");
    case Problem::out_of_range:
      break;
  }
  return fail(ErrorCode::bad_json, "Numbers must lie between -(2^53)+1 and (2^53)-1.");
}

template <class Json>
Result<std::string> canonical(Json const& value, Numbers numbers) {
  constexpr std::size_t kUsual = 512;
  std::string out;
  out.reserve(kUsual);
  if (auto written = to_result(Writer(out, numbers).write(value)); !written) return fail(std::move(written));
  return out;
}

}  // namespace

// SPEC: the appendix turns 1e10 into 10000000000; like other servers in room versions 6 and later we refuse
// every number written with a point or an exponent, for a sender that means an integer can write one.
Result<std::string> canonical_json(json::value const& value) { return canonical(value, Numbers::canonical); }
Result<std::string> canonical_json(json::object const& object, Numbers numbers) {
  return canonical(object, numbers);
}

}  // namespace torg::matrix
