#include "tests/support/pipeline.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tests/support/ports.h"

namespace monitor::tests {

int wait_for_port(Process& server) {
  const std::string line = server.wait_for_line(Stream::err, "https?://[^ ]*:[0-9]+");
  const std::size_t host = line.find("://") + 3;
  return std::atoi(line.c_str() + line.find(':', host) + 1);
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
