#include "tests/support/ports.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <random>

#include "lib/system/fd.h"

namespace monitor::tests {

// Below the range that Linux takes ports for connections from (32768 on).
int lasting_port() {
  std::random_device random;
  for (;;) {
    const int port = 15000 + static_cast<int>(random() % 17000);
    const system::Fd probe{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      return port;
    }
  }
}

}  // namespace monitor::tests
