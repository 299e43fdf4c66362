#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torg::db {

/// One SQL text, written once for both databases: parameters are `$1`, `$2`, … in order of first appearance.
/// Declare as `constexpr Statement kName{"…"}` at namespace scope: its address is the key of the
/// prepared-statement cache, so it must live as long as the program.
struct Statement {
  char const* sql;
};

/// A blob or bytea, as opposed to text.
struct Bytes {
  std::string_view value;
};

/// One bound value. Views must stay alive during the call only.
class Value {
 public:
  enum class Kind : std::uint8_t { null, integer, text, bytes };

  Value(std::nullptr_t) {}  // NOLINT(*-explicit-*)
  template <class T>
    requires std::is_integral_v<T>
  Value(T integer)
      : kind_(Kind::integer), integer_(static_cast<std::int64_t>(integer)) {}  // NOLINT(*-explicit-*)
  Value(std::string_view text) : kind_(Kind::text), text_(text) {}             // NOLINT(*-explicit-*)
  Value(std::string const& text) : Value(std::string_view(text)) {}            // NOLINT(*-explicit-*)
  Value(char const* text) : Value(std::string_view(text)) {}                   // NOLINT(*-explicit-*)
  Value(Bytes bytes) : kind_(Kind::bytes), text_(bytes.value) {}               // NOLINT(*-explicit-*)
  /// Any `StrongNumber` binds as its integer, any `StrongText` as its text; an empty optional as NULL.
  template <class T>
    requires requires(T const& id) { Value(id.value); } && (!std::is_same_v<T, Bytes>)
  Value(T const& id) : Value(id.value) {}  // NOLINT(*-explicit-*)
  template <class T>
    requires requires(T const& o) {
      o.has_value();
      Value(*o);
    }
  Value(T const& optional)
      : Value(optional.has_value() ? Value(*optional) : Value(nullptr)) {}  // NOLINT(*-explicit-*)

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] std::int64_t integer() const { return integer_; }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  Kind kind_ = Kind::null;
  std::int64_t integer_ = 0;
  std::string_view text_;
};

/// The row a query stands on. Views are valid until the callback returns.
class Row {
 public:
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;    ///< 0 for NULL
  [[nodiscard]] virtual std::string_view text(int column) const = 0;   ///< empty for NULL
  [[nodiscard]] virtual std::string_view bytes(int column) const = 0;  ///< empty for NULL

  template <class Id>
  [[nodiscard]] Id number(int column) const {
    return Id(static_cast<typename Id::rep>(integer(column)));
  }
  [[nodiscard]] std::string string(int column) const { return std::string(text(column)); }

 protected:
  ~Row() = default;
};

}  // namespace torg::db
