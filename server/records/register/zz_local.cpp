#include "records/register/views.hpp"
namespace torg::records {
std::string_view to_text(Direction d) { return d == Direction::in ? "in" : d == Direction::out ? "out" : "internal"; }
}
