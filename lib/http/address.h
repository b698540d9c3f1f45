// TCP addresses to listen on.
#pragma once

#include <string>

#include "lib/system/fd.h"

namespace monitor::http {

// A listening, non-blocking socket on the first address that `host` means. Port 0: the system
// chooses one. Throws system::Failure "cannot listen on HOST:PORT: REASON".
system::Fd listen_on(const std::string& host, int port);

// The port and the address that a socket is bound to.
int port_of(int socket);
inline int port_of(const system::Fd& socket) { return port_of(socket.get()); }
std::string host_of(int socket);

// True for 127.0.0.0/8, ::1 and names that mean only such addresses ("localhost").
bool is_loopback(const std::string& host);

// "host:port", an IPv6 address in brackets.
std::string join_host_port(const std::string& host, int port);

}  // namespace monitor::http
