// The yardstick (a) of scripts/bench: the least that libmicrohttpd can do with a webhook. Reads the
// body, throws it away and says 200. Nothing is checked, kept or published. With a number as its
// argument each answer has so many bytes: the yardstick of scripts/bench-store, which GETs. Runs
// until stdin closes; prints the port it listens on.
#include <microhttpd.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr unsigned kConnections = 4096;
constexpr char kAnswer[] = R"({"status":"accepted"})";

MHD_Result answer(void* text, MHD_Connection* connection, const char*, const char*, const char*,
                  const char* bytes, std::size_t* count, void** state) {
  if (*state == nullptr) {
    *state = new std::string;  // given back in forget()
    return MHD_YES;
  }
  if (*count > 0) {
    static_cast<std::string*>(*state)->append(bytes, *count);
    *count = 0;
    return MHD_YES;
  }
  auto& whole = *static_cast<std::string*>(text);
  MHD_Response* const response =
      ::MHD_create_response_from_buffer(whole.size(), whole.data(), MHD_RESPMEM_PERSISTENT);
  const MHD_Result queued = ::MHD_queue_response(connection, MHD_HTTP_OK, response);
  ::MHD_destroy_response(response);
  return queued;
}

void forget(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<std::string*>(*state);
  *state = nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  std::string text =
      argc > 1 ? std::string(std::strtoul(argv[1], nullptr, 10), 'x') : std::string(kAnswer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  MHD_Daemon* const daemon = ::MHD_start_daemon(
      MHD_USE_POLL_INTERNAL_THREAD, 0, nullptr, nullptr, answer, &text, MHD_OPTION_SOCK_ADDR,
      reinterpret_cast<sockaddr*>(&address), MHD_OPTION_CONNECTION_LIMIT, kConnections,
      MHD_OPTION_NOTIFY_COMPLETED, forget, nullptr, MHD_OPTION_END);
  if (daemon == nullptr) {
    std::fputs("bench-minimal-http: fatal: cannot listen\n", stderr);
    return 1;
  }
  std::printf("%u\n", ::MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
  std::fflush(stdout);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) {
  }
  ::MHD_stop_daemon(daemon);
  return 0;
}
