// TCP ports for servers that can't be told to take any that is free.
#pragma once

namespace monitor::tests {

// On 127.0.0.1 nobody listens on it now, and no outgoing connection gets it from the system.
int lasting_port();

}  // namespace monitor::tests
