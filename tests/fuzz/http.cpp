// The bytes of one connection to the receiver, as they come from anywhere: they are answered in
// HTTP or the connection ends, and what is kept of them is JSON of a provider with a name. The real
// server and intake, over a real socket; only the journal is none.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include "lib/http/client.h"
#include "lib/json/document.h"
#include "lib/status/text.h"
#include "lib/system/fd.h"
#include "receiver/intake.h"
#include "tests/fuzz/require.h"

using namespace monitor;
using monitor::fuzz::require;

namespace {

// Also in the seeds, so that some of what is invented comes in.
constexpr const char kToken[] = "0123456789abcdef";
constexpr std::size_t kMaxBody = 8 << 10;

struct World {
  World() : intake(options, policy, queue, counters, server, fetcher) {
    server.start(intake);
    std::thread([this] { keep_all(); }).detach();
  }

  void keep_all() {
    for (;;) {
      pollfd ready{queue.fd(), POLLIN, 0};
      ::poll(&ready, 1, -1);
      for (receiver::Accepted& accepted : queue.take()) {
        feed::Event& event = accepted.event;
        event.stream = "4f2a";  // the journal's work
        event.seq = 1;
        require(event.body.size() <= kMaxBody && json::Document::parse(event.body).has_value(),
                "something was kept that is no JSON");
        require(!event.provider.empty() && status::to_slug(event.provider) == event.provider,
                "something was kept of a provider without a slug");
        require(feed::decode_header(feed::encode_header(event)).has_value(),
                "something was kept that subscribers can't read");
        accepted.exchange.answer(http::json_response(200, "{}"));
      }
    }
  }

  receiver::ReceiverOptions options;
  receiver::Counters counters;
  receiver::SharedPolicy policy{std::make_shared<const receiver::Policy>(
      status::Providers::shipped(), http::TokenCheck({kToken}), false)};
  receiver::AcceptedQueue queue{100};
  http::Client fetcher;
  http::Server server{http::ServerSettings{.max_body = kMaxBody}};
  receiver::Intake intake;
};

World* world = nullptr;

// From another address of loopback each time: a port that was used rests for a minute.
system::Fd connect() {
  static std::uint32_t caller = 0;
  const system::Fd none;
  system::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in from{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {}, .sin_zero = {}};
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + ++caller % 0xFFFF00);
  sockaddr_in to{.sin_family = AF_INET,
                 .sin_port = htons(static_cast<std::uint16_t>(world->server.port())),
                 .sin_addr = {htonl(INADDR_LOOPBACK)},
                 .sin_zero = {}};
  bool connected = ::bind(socket.get(), reinterpret_cast<sockaddr*>(&from), sizeof from) == 0 &&
                   ::connect(socket.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  if (!connected && errno == EINTR) {  // libFuzzer's clock; it goes on connecting
    pollfd done{socket.get(), POLLOUT, 0};
    while (::poll(&done, 1, -1) < 0) {
    }
    connected = (done.revents & POLLERR) == 0;
  }
  require(connected, std::string("the server takes no connection: ") + std::strerror(errno));
  return socket;
}

std::string answer_to(std::string_view bytes) {
  const system::Fd socket = connect();
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      break;  // it has seen enough
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  ::shutdown(socket.get(), SHUT_WR);
  std::string answer;
  char room[4096];
  for (ssize_t got = 0; (got = ::recv(socket.get(), room, sizeof room, 0)) > 0;) {
    answer.append(room, static_cast<std::size_t>(got));
  }
  return answer;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  world = new World;  // for as long as the process lives
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string answer = answer_to({reinterpret_cast<const char*>(bytes), size});
  require(answer.empty() || answer.starts_with("HTTP/1."), "an answer that is no HTTP: " + answer);
  return 0;
}
