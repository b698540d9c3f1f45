// The webhook that POST /test injects.
#pragma once

#include "lib/feed/message.h"

namespace monitor::receiver {

// A Statuspage incident of a made-up provider, with an id and times of its own each time, and over
// already, so that it leaves nothing open behind it.
feed::Event sample_event(system::Time now);

}  // namespace monitor::receiver
