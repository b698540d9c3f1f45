// What a program says to whoever started it, and where it lives on disk by default. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "lib/system/fd.h"

namespace monitor::system {

// sd_notify(3): nothing happens when $NOTIFY_SOCKET is not set.
void notify_ready(std::string_view status);
void notify_status(std::string_view status);
void notify_stopping();
// For WatchdogSec=: from the loop that does the work, so that one that hangs is noticed. As often
// as one likes; systemd is told once a second at most.
void notify_alive();

// The listening TCP socket that a .socket unit holds for this program (sd_listen_fds(3)); -1 when
// there is none. Throws ConfigError when what was handed over is something else.
int inherited_socket();

// The state directory of `program`: $STATE_DIRECTORY (systemd sets it), else
// $XDG_STATE_HOME/status-monitor/PROGRAM, else
// ~/.local/state/status-monitor/PROGRAM.
std::string default_state_directory(std::string_view program);

// Where the programs of one machine meet: $RUNTIME_DIRECTORY, else $XDG_RUNTIME_DIR/status-monitor,
// else /tmp/status-monitor-UID.
std::string default_runtime_directory();
// "ipc://RUNTIME/feed" and "ipc://RUNTIME/replay".
std::string default_feed_endpoint();
std::string default_replay_endpoint();

// Makes `path` and its parents (mode 0700) and locks it for this process: throws Failure when it
// can't be made or when another process holds it. The lock goes with the returned descriptor.
Fd claim_directory(const std::string& path);

// Makes the directory of an ipc endpoint (mode 0700, ours) and refuses one that somebody else could
// write to, or on which another process listens. Does nothing for other transports.
void prepare_to_bind(const std::string& endpoint);
// After an ipc endpoint was bound, whatever the umask: its owner and group may connect, as far as
// its directory lets them in. Does nothing for other transports.
void let_group_connect(const std::string& endpoint);
// Removes the file of an ipc endpoint that is no longer bound, and the default runtime directory
// when it was the last in it and is not systemd's. Does nothing for other transports.
void clean_up_after(const std::string& endpoint);

}  // namespace monitor::system
