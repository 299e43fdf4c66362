#include "base/late_library.hpp"

#include <dlfcn.h>
#include <stdexcept>
#include <string>

namespace torg {

void* late_symbol(char const* library, char const* symbol) {
  auto* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  auto* const address = handle == nullptr ? nullptr : ::dlsym(handle, symbol);
  if (address != nullptr) return address;
  auto const* why = ::dlerror();
  throw std::runtime_error(std::string("the library can't be used: ") + (why ? why : symbol));
}

}  // namespace torg
