// Netstrings (https://cr.yp.to/proto/netstrings.txt): several texts in one, as "5:hello,0:,2:{},".
// The answer of the replay socket is one ZeroMQ frame of them, and not one frame for each text,
// because libzmq 4.3.4 ends the process by an assertion (session_base.cpp:260, fq.cpp:112) when a
// peer goes away in the middle of a long multipart message.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace monitor::feed {

void append_netstring(std::string& packed, std::string_view text);

// The texts in `packed`, which must outlive them; nothing when it is not made of whole netstrings.
std::optional<std::vector<std::string_view>> unpack_netstrings(std::string_view packed);

}  // namespace monitor::feed
