// Hands mails to a server by SMTP, over libcurl (beside lib/http/client.cpp the only user of
// curl.h), and what its answers mean. Trusts nobody: TLS is required and verified unless the
// operator says otherwise. One thread.
// https://www.rfc-editor.org/rfc/rfc5321 (SMTP; replies in 4.2), rfc3207 (STARTTLS), rfc4954
// (AUTH).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sinks/delivery/orders.h"
#include "sinks/delivery/sink.h"

namespace monitor::delivery {

struct MailServer {
  std::string url;  // smtp://HOST[:PORT] or smtps://HOST[:PORT]
  std::string user = {};
  std::string password = {};
  std::string ca_file = {};  // instead of the system's certificates
  bool plaintext = false;    // no TLS at all; else smtp:// goes on only after STARTTLS
  std::chrono::milliseconds time = std::chrono::seconds(30);
};

// Throws ConfigError naming --server.
void check_mail_server(const std::string& url);
// "mail.example.com:587", for messages.
std::string host_of_mail_server(const std::string& url);

struct Reply {
  int code = 0;  // 0: there was none
  std::string text = {};
};

struct Mailed {
  struct Refusal {
    std::string recipient;
    Reply reply;
  };
  // The server answers from now on for the mail to all but `refused`. Else nobody got it.
  bool taken = false;
  std::vector<Refusal> refused = {};
  Reply reply = {};        // what the mail as a whole was refused with, by MAIL, DATA or its end
  std::string error = {};  // of everything else: no connection, no TLS, no login
};

class Mailer {
 public:
  // `orders` must outlive it: after TERM what is under way gets five more seconds.
  Mailer(MailServer server, Orders& orders);
  ~Mailer();
  Mailer(const Mailer&) = delete;
  Mailer& operator=(const Mailer&) = delete;

  // Never throws for what the other side does. The connection is kept for the next one.
  Mailed send(const std::string& sender, const std::vector<std::string>& recipients,
              const std::string& mail);

 private:
  struct Handle;
  MailServer server_;
  Orders& orders_;
  std::unique_ptr<Handle> handle_;
};

// One mail to several recipients over any number of tries: who has it is not sent it again, who
// was refused for good is told on stderr and left out, and only when nobody is left that took it
// the mail is rejected. A value.
class Round {
 public:
  Round() = default;
  Round(std::string key, std::vector<std::string> recipients)
      : key_(std::move(key)), left_(std::move(recipients)) {}

  const std::string& key() const { return key_; }
  const std::vector<std::string>& left() const { return left_; }
  // After a try with left(). `whom`: the server, for reasons.
  Outcome judge(const Mailed& mailed, const std::string& whom);

 private:
  std::string key_;
  std::vector<std::string> left_;
  bool anybody_ = false;  // has it
  std::string refusal_;   // the last one
};

}  // namespace monitor::delivery
