#pragma once
#include <algorithm>
#include <cstddef>

namespace torg {

/// The address of `symbol` in a shared library, which is loaded the first time and stays.
/// @throws std::runtime_error when the library isn't installed or lacks the symbol
[[nodiscard]] void* late_symbol(char const* library, char const* symbol);

/// A string literal as a template argument.
template <std::size_t N>
struct Literal {
  char text[N]{};
  consteval Literal(char const (&literal)[N]) { std::copy_n(literal, N, text); }
};

/// A function of a library that is loaded at the first call: for libraries that most processes never need,
/// since each costs memory from the start, and so does everything it brings along.
///
/// `inline constexpr LateFunction<decltype(::xmlFreeDoc), "libxml2.so.2", "xmlFreeDoc"> xmlFreeDoc;` in a
/// namespace of ours hides the linked function of that name there: it is called, and passed as a pointer, in
/// the same words.
template <class Function, Literal kLibrary, Literal kSymbol>
struct LateFunction {
  operator Function*() const {
    static auto* const function = reinterpret_cast<Function*>(late_symbol(kLibrary.text, kSymbol.text));
    return function;
  }
};

}  // namespace torg
