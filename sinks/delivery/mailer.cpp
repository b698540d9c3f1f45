#include "sinks/delivery/mailer.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "lib/http/curl.h"
#include "lib/http/origin.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "lib/system/log.h"

namespace monitor::delivery {
namespace {

constexpr std::chrono::seconds kTimeToStop{5};
// Servers end a connection on which nothing happens, RFC 5321 4.5.3.2.7 after five minutes.
constexpr long kIdleSeconds = 60;
constexpr std::size_t kMaxReply = 300;  // in characters, for a reason
constexpr std::size_t kMaxReplyLine = 2048;

bool is_positive(const Reply& reply) { return reply.code >= 200 && reply.code < 400; }
bool is_permanent(const Reply& reply) { return reply.code >= 500; }

std::string in_words(const Reply& reply) {
  return fmt::format("{}{}{}", reply.code, reply.text.empty() ? "" : " ",
                     status::cut(reply.text, kMaxReply));
}

// RFC 4954 6: the server wants a login that it was not given, or did not like. A mistake in the
// configuration, or a password that was changed: nothing is wrong with the mail.
bool is_about_login(const Reply& reply) {
  return reply.code == 530 || reply.code == 534 || reply.code == 535 || reply.code == 538;
}

// What was said in one exchange, put together from curl's trace: libcurl itself keeps only the last
// reply, but each recipient has one of its own.
class Conversation {
 public:
  void sent(std::string_view command) {
    if (command.starts_with("RCPT TO:<")) {
      const auto begin = command.find('<') + 1;
      recipient_ = command.substr(begin, command.find('>') - begin);
      step_ = Step::recipient;
    } else if (command.starts_with("MAIL ") || command.starts_with("DATA")) {
      step_ = Step::mail;
    } else if (command.starts_with("QUIT")) {
      step_ = Step::end;  // must not hide what was said before
    } else {
      step_ = Step::other;  // its parameters may be secret, so none is kept
    }
  }
  // A part of what the server says, in lines.
  void received(std::string_view text) {
    for (const char c : text) {
      if (c == '\n') {
        take_line();
        line_.clear();
      } else if (c != '\r' && line_.size() < kMaxReplyLine) {
        line_ += c;
      }
    }
  }

  const std::vector<Mailed::Refusal>& refused() const { return refused_; }
  const Reply& mail() const { return mail_; }
  const Reply& other() const { return other_; }

 private:
  enum class Step { other, mail, recipient, end };

  // "250-SIZE" goes on, "250 OK" is the end (RFC 5321 4.2.1).
  void take_line() {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (line_.size() < 3 || !std::all_of(line_.begin(), line_.begin() + 3, is_digit)) {
      return;
    }
    if (line_.size() > 4) {
      text_ += (text_.empty() ? "" : " ") + status::to_line(std::string_view(line_).substr(4));
    }
    if (line_.size() == 3 || line_[3] != '-') {
      take({.code = std::atoi(line_.substr(0, 3).c_str()), .text = std::exchange(text_, {})});
    }
  }
  void take(Reply reply) {
    if (step_ == Step::recipient) {
      if (!is_positive(reply)) {
        refused_.push_back({recipient_, std::move(reply)});
      }
    } else if (step_ == Step::mail) {
      mail_ = std::move(reply);
    } else if (step_ == Step::other) {
      other_ = std::move(reply);
    }
  }

  Step step_ = Step::other;
  std::string recipient_;
  std::string line_;
  std::string text_;  // of a reply of several lines, so far
  std::vector<Mailed::Refusal> refused_;
  Reply mail_;   // the last to MAIL, DATA or the end of the mail
  Reply other_;  // the last to everything else
};

}  // namespace

void check_mail_server(const std::string& url) {
  const bool scheme = url.starts_with("smtp://") || url.starts_with("smtps://");
  const std::string origin = http::origin_of(url);
  if (!scheme || origin.ends_with("//") || origin != url) {
    throw system::ConfigError(
        "cannot use --server: give smtp://HOST:PORT or smtps://HOST:PORT, as "
        "smtp://mail.example.com:587");
  }
}

std::string host_of_mail_server(const std::string& url) { return url.substr(url.find("//") + 2); }

// One mail at a time.
struct Mailer::Handle {
  Handle(const MailServer& its_server, Orders& its_orders)
      : server(its_server), easy(http::new_curl()), grace(its_orders, kTimeToStop) {}
  ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  static std::size_t on_read(char* to, std::size_t one, std::size_t count, void* self) {
    auto& left = static_cast<Handle*>(self)->left;
    const std::size_t size = std::min(left.size(), one * count);
    std::memcpy(to, left.data(), size);
    left.remove_prefix(size);
    return size;
  }
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Handle*>(self)->stop() ? 1 : 0;
  }
  static int on_trace(CURL*, curl_infotype type, char* bytes, std::size_t size, void* self) {
    auto& conversation = static_cast<Handle*>(self)->conversation;
    if (type == CURLINFO_HEADER_OUT) {
      conversation.sent({bytes, size});
    } else if (type == CURLINFO_HEADER_IN) {
      conversation.received({bytes, size});
    }
    return 0;
  }

  bool stop() {
    stopped = grace.is_over();
    return stopped;
  }

  template <typename Value>
  void set(CURLoption option, Value value) {
    http::curl().easy_setopt(easy.get(), option, value);
  }
  void prepare(const std::string& sender, const std::vector<std::string>& recipients,
               const std::string& mail);
  void prepare_tls();
  Mailed perform(std::size_t recipients);
  std::string reason(CURLcode code) const;

  const MailServer& server;
  http::CurlHandle easy;
  http::CurlList recipients_list;
  std::string_view left;  // of the mail
  Conversation conversation;
  std::array<char, CURL_ERROR_SIZE> details{};
  Grace grace;
  bool stopped = false;
};

void Mailer::Handle::prepare(const std::string& sender, const std::vector<std::string>& recipients,
                             const std::string& mail) {
  left = mail;
  conversation = {};
  http::curl().easy_reset(easy.get());
  recipients_list = http::curl_list(recipients);
  details[0] = '\0';
  set(CURLOPT_ERRORBUFFER, details.data());
  set(CURLOPT_URL, server.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(CURLOPT_MAIL_FROM, sender.c_str());
  set(CURLOPT_MAIL_RCPT, recipients_list.get());
  // One who is refused is not the others' trouble. The name has three Ls before curl 8.2; the
  // number is the same, and newer headers know both.
  set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
  set(CURLOPT_READFUNCTION, on_read);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_VERBOSE, 1L);  // or there is no trace
  set(CURLOPT_DEBUGFUNCTION, on_trace);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(server.time.count()));
  set(CURLOPT_MAXAGE_CONN, kIdleSeconds);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, this);
  if (!server.user.empty()) {
    set(CURLOPT_USERNAME, server.user.c_str());
    set(CURLOPT_PASSWORD, server.password.c_str());
  }
  prepare_tls();
}

void Mailer::Handle::prepare_tls() {
  // libcurl verifies the certificate and its name by itself.
  set(CURLOPT_USE_SSL, static_cast<long>(server.plaintext ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!server.ca_file.empty()) {
    set(CURLOPT_CAINFO, server.ca_file.c_str());
    set(CURLOPT_CAPATH, nullptr);  // these and no others
  }
}

std::string Mailer::Handle::reason(CURLcode code) const {
  if (stopped) {
    return "given up, the program is ending";
  }
  const Reply& reply = conversation.other();
  if (code == CURLE_LOGIN_DENIED) {
    return is_about_login(reply)
               ? fmt::format("it refuses the login of {} ({}): check --user and --password-file",
                             server.user, in_words(reply))
               : fmt::format("login of {}: {}", server.user, in_words(reply));
  }
  if (code == CURLE_USE_SSL_FAILED) {
    return "it offers no TLS (--plaintext does without)";
  }
  const std::string text = details[0] != '\0' ? details.data() : http::curl().easy_strerror(code);
  return reply.code == 0 || is_positive(reply) ? text
                                               : fmt::format("{} ({})", text, in_words(reply));
}

Mailed Mailer::Handle::perform(std::size_t recipients) {
  const CURLcode code = stop() ? CURLE_ABORTED_BY_CALLBACK : http::curl().easy_perform(easy.get());
  Mailed mailed{.taken = code == CURLE_OK, .refused = conversation.refused()};
  if (mailed.taken) {
    return mailed;
  }
  const Reply& mail = conversation.mail();
  if (mail.code != 0 && !is_positive(mail)) {
    mailed.reply = mail;
  } else if (mailed.refused.size() < recipients) {
    mailed.error = reason(code);  // not because of the recipients, at least not of them all
  }
  return mailed;
}

Mailer::Mailer(MailServer server, Orders& orders) : server_(std::move(server)), orders_(orders) {}
Mailer::~Mailer() = default;

Mailed Mailer::send(const std::string& sender, const std::vector<std::string>& recipients,
                    const std::string& mail) {
  try {
    if (!handle_) {
      handle_ = std::make_unique<Handle>(server_, orders_);
    }
  } catch (const system::Failure& failure) {
    return {.error = failure.what()};
  }
  handle_->prepare(sender, recipients, mail);
  return handle_->perform(recipients.size());
}

Outcome Round::judge(const Mailed& mailed, const std::string& whom) {
  if (!mailed.error.empty()) {
    return Outcome::retry(fmt::format("{} takes no mail: {}", whom, mailed.error));
  }
  std::vector<std::string> put_off;
  for (const auto& [recipient, reply] : mailed.refused) {
    refusal_ = fmt::format("{} refuses {}: {}", whom, recipient, in_words(reply));
    if (is_permanent(reply) && !is_about_login(reply)) {
      system::log_warning(refusal_ + "; not sent to that one");
      left_.erase(std::remove(left_.begin(), left_.end(), recipient), left_.end());
    } else {
      put_off.push_back(recipient);
    }
  }
  if (mailed.reply.code != 0) {
    const std::string reason = fmt::format("{} refuses: {}", whom, in_words(mailed.reply));
    // Who has it from an earlier try has it.
    return is_permanent(mailed.reply) && !is_about_login(mailed.reply)
               ? (anybody_ ? Outcome::delivered() : Outcome::rejected(reason))
               : Outcome::retry(reason);
  }
  anybody_ = anybody_ || mailed.taken;
  left_ = std::move(put_off);
  if (!left_.empty()) {
    return Outcome::retry(refusal_);
  }
  return anybody_ ? Outcome::delivered() : Outcome::rejected(refusal_);
}

}  // namespace monitor::delivery
