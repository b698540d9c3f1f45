#include "tests/support/pipeline.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <random>
#include <stdexcept>
#include <utility>

namespace monitor::tests {

namespace {

// Nobody listens on it now, and it is below the range that Linux takes ports for connections from
// (32768 on).
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

}  // namespace

int wait_for_port(Process& server) {
  const std::string line = server.wait_for_line(Stream::err, "http://[^ ]*:[0-9]+");
  const std::size_t scheme = line.find("http://");
  return std::atoi(line.c_str() + line.find(':', scheme + 7) + 1);
}

Pipeline::Pipeline() { std::filesystem::create_directory(path("runtime")); }

Pipeline::~Pipeline() {
  // Before the directory that they write to goes.
  formatter.reset();
  store.reset();
  receiver.reset();
}

std::map<std::string, std::string> Pipeline::environment() const {
  return {{"HOME", directory_.path()},
          {"XDG_STATE_HOME", path("state")},
          {"XDG_RUNTIME_DIR", path("runtime")},
          {"TMPDIR", directory_.path()}};
}

std::string Pipeline::receiver_state() const {
  return path("state/status-monitor/status-receiver");
}

std::unique_ptr<Process> Pipeline::launch(const std::string& program, Arguments arguments,
                                          std::map<std::string, std::string> more) {
  more.merge(environment());
  return std::make_unique<Process>(
      ProcessSettings{.program = program, .arguments = std::move(arguments), .environment = more});
}

std::unique_ptr<Process> Pipeline::start(const std::string& program, Arguments arguments) {
  NotifySocket notify(path(fmt::format("notify-{}", ++notify_sockets_)));
  auto process = launch(program, std::move(arguments), {{"NOTIFY_SOCKET", notify.path()}});
  try {
    notify.wait_for("following");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("{}{} said:\n{}", error.what(), program, process->text(Stream::err)));
  }
  return process;
}

std::unique_ptr<Process> Pipeline::start_receiver(Arguments arguments) {
  arguments.insert(arguments.begin(), {"--port", std::to_string(receiver_port_)});
  auto process = launch("status-receiver", std::move(arguments));
  receiver_port_ = wait_for_port(*process);
  return process;
}

std::unique_ptr<Process> Pipeline::start_store(Arguments arguments) {
  arguments.insert(arguments.begin(), {"--port", std::to_string(store_port_)});
  auto process = launch("status-store", std::move(arguments));
  store_port_ = wait_for_port(*process);
  return process;
}

void Pipeline::start_all() {
  receiver = start_receiver();
  store = start_store();
  formatter = start("status-formatter");
}

void Pipeline::choose_lasting_ports() {
  receiver_port_ = lasting_port();
  do {
    store_port_ = lasting_port();
  } while (store_port_ == receiver_port_);
}

std::string Pipeline::webhook_url(const std::string& provider) const {
  return receiver_url("/webhook/statuspage" + (provider.empty() ? "" : "/" + provider));
}

std::string Pipeline::url(int port, const std::string& path) {
  return fmt::format("http://127.0.0.1:{}{}", port, path);
}

}  // namespace monitor::tests
