// status-sink-syslog: an entry in the system's log for each update. Journald by its own protocol,
// with fields to search by (`journalctl STATUS_PROVIDER=github`); any other log by RFC 5424 with
// the same as structured data, over a unix socket, UDP (RFC 5426) or TCP (RFC 6587). Neither is
// encrypted: beyond this machine let a log daemon of its own forward by TLS.
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "sinks/delivery/log_socket.h"
#include "sinks/delivery/program.h"
#include "sinks/delivery/syslog_message.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

constexpr std::chrono::seconds kPatience{5};

std::string this_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

class SyslogSink : public Sink {
 public:
  SyslogSink(const LogTarget& target, int facility, Tools& tools)
      : kind_(target.kind), facility_(facility), socket_(target, kPatience), tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const std::string message = message_of({.update = delivery.update,
                                            .key = delivery.key,
                                            .text = tools_.message.fill(delivery.update),
                                            .facility = facility_});
    if (tools_.dry_run) {
      tools_.show(message);
      return Outcome::delivered();
    }
    const auto trouble =
        socket_.send(kind_ == LogTarget::Kind::tcp ? octet_counted(message) : message);
    return trouble ? Outcome::retry(*trouble) : Outcome::delivered();
  }

 private:
  std::string message_of(const LogEntry& entry) const {
    return kind_ == LogTarget::Kind::journald ? journal_entry(entry) : syslog_message(entry, host_);
  }

  LogTarget::Kind kind_;
  int facility_;
  std::string host_ = this_host();
  LogSocket socket_;
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string to = "journald";
  std::string facility = "daemon";
  const auto add = [&](system::Options& options) {
    options.text("--to", to, "PLACE", "journald, unix:/dev/log, udp://HOST:514 or tcp://HOST:601");
    options.choice("--facility", facility, syslog_facilities(), "What the entries count as");
  };
  const auto make = [&](Tools& tools) {
    return std::make_unique<SyslogSink>(parse_log_target(to), syslog_facility(facility), tools);
  };
  return run(argc, argv,
             {.name = "status-sink-syslog",
              .summary = "Writes each status update to journald or syslog.",
              .options = add,
              .make = make,
              .message = "{title}: {Status}. {message}"});
}
