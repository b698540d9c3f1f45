// status-sink-email: a mail for each update, text and HTML, by SMTP (sinks/delivery/mailer.h). All
// mails of an incident are one thread: each answers the first, whose Message-ID the ledger
// remembers. A repeated mail has the Message-ID of the one before.
#include <fmt/format.h>
#include <unistd.h>

#include "lib/http/address.h"
#include "lib/system/error.h"
#include "sinks/delivery/mail_message.h"
#include "sinks/delivery/mailer.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

class EmailSink : public Sink {
 public:
  EmailSink(MailServer server, Letterhead head, Tools& tools)
      : whom_(host_of_mail_server(server.url)),
        mailer_(std::move(server), tools.orders),
        head_(std::move(head)),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const std::string root =
        delivery.remembered.empty() ? message_id(delivery.key, head_) : delivery.remembered;
    Outcome outcome = send(delivery.key, mail_of(delivery.update, delivery.key, root, head_));
    return outcome.kind == Outcome::Kind::delivered ? Outcome::delivered(root) : outcome;
  }
  Outcome announce(const Missed& missed) override {
    return send(missed.key, mail_of(missed, system::now(), head_));
  }

 private:
  Outcome send(const std::string& key, const std::string& mail) {
    if (tools_.dry_run) {
      tools_.show(mail);
      return Outcome::delivered();
    }
    if (round_.key() != key) {
      round_ = Round(key, head_.recipients);
    }
    Outcome outcome = round_.judge(mailer_.send(head_.sender, round_.left(), mail), whom_);
    if (outcome.kind != Outcome::Kind::retry) {
      round_ = {};
    }
    return outcome;
  }

  std::string whom_;
  Mailer mailer_;
  Letterhead head_;
  Tools& tools_;
  Round round_;  // the mail that is being tried
};

struct Settings {
  MailServer server;
  std::string password_file;
  std::chrono::seconds timeout{30};
  Letterhead head;
};

void add_options(system::Options& options, Settings& settings) {
  MailServer& server = settings.server;
  options.text("--server", server.url, "URL", "smtp://HOST:587 (STARTTLS) or smtps://HOST:465");
  options.text("--sender", settings.head.sender, "ADDRESS", "Whom the mails are from");
  options.texts("--to", settings.head.recipients, "ADDRESS", "Whom they go to");
  options.text("--user", server.user, "NAME", "To log in with");
  options.text("--password-file", settings.password_file, "FILE", "With the password of --user");
  options.toggle("--plaintext", server.plaintext, "No TLS, for a server on this machine");
  options.text("--ca-file", server.ca_file, "FILE",
               "Certificates (PEM) to trust instead of the system's");
  options.text("--list-id", settings.head.list_id, "ID",
               "List-Id header, for filters: status.example.com");
  options.duration("--timeout", settings.timeout, "Of one mail");
}

void check_address(const std::string& address, const char* flag) {
  if (address.empty()) {
    throw system::UsageError(fmt::format("cannot send mail: {} ADDRESS is missing", flag));
  }
  if (!is_mail_address(address)) {
    throw system::ConfigError(fmt::format(
        "cannot use {} \"{}\": give a plain address, as name@example.com", flag, address));
  }
}

// "mail.example.com" of "mail.example.com:25", "::1" of "[::1]:25".
std::string bare_host(const std::string& host_port) {
  return host_port.starts_with('[') ? host_port.substr(1, host_port.find(']') - 1)
                                    : host_port.substr(0, host_port.find(':'));
}

void check(const Settings& settings) {
  const MailServer& server = settings.server;
  check_mail_server(server.url);
  check_address(settings.head.sender, "--sender");
  if (settings.head.recipients.empty()) {
    check_address("", "--to");
  }
  for (const std::string& recipient : settings.head.recipients) {
    check_address(recipient, "--to");
  }
  if (!settings.head.list_id.empty() && !is_list_id(settings.head.list_id)) {
    throw system::ConfigError("cannot use --list-id: give one as status.example.com");
  }
  if (server.plaintext && server.url.starts_with("smtps://")) {
    throw system::ConfigError("cannot use --plaintext with smtps://, which is TLS");
  }
  if (server.user.empty() != settings.password_file.empty()) {
    throw system::UsageError("cannot log in: --user and --password-file go together");
  }
  if (server.plaintext && !server.user.empty() &&
      !http::is_loopback(bare_host(host_of_mail_server(server.url)))) {
    throw system::ConfigError(
        "cannot use --plaintext with --user beyond this machine: everybody on the way could read "
        "the password");
  }
  if (!server.ca_file.empty() && ::access(server.ca_file.c_str(), R_OK) != 0) {
    throw system::ConfigError(fmt::format("cannot read --ca-file {}", server.ca_file));
  }
}

std::unique_ptr<Sink> make_sink(Settings& settings, Tools& tools) {
  check(settings);
  settings.server.time = settings.timeout;
  if (!settings.password_file.empty()) {
    settings.server.password = read_secret(settings.password_file, "password");
  }
  return std::make_unique<EmailSink>(settings.server, settings.head, tools);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  return run(argc, argv,
             {.name = "status-sink-email",
              .summary = "Sends a mail for each status update, one thread an incident.",
              .options = [&](system::Options& options) { add_options(options, settings); },
              .make = [&](Tools& tools) { return make_sink(settings, tools); }});
}
