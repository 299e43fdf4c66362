#pragma once
#include "matrix/event/event.hpp"

namespace torg::matrix {

// Before room version 11 a redaction says beside its content what it redacts. The store and clients have it
// in the content whatever the version (rooms v11, "Moving the redacts property"); the event itself as its
// version wants it. Both do nothing to other events.

/// From the content to where the event's version has it.
void move_redacts_out(Event& event);
/// Back into the content.
void move_redacts_in(Event& event);

}  // namespace torg::matrix
