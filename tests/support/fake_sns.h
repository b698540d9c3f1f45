// Amazon SNS as tests need it: topics whose messages are signed with a key made here, and a web
// server on loopback that stands where Amazon's hosts are, asked through the real client.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "lib/http/client.h"
#include "lib/http/server.h"

namespace monitor::tests {

inline constexpr const char kTopic[] = "arn:aws:sns:eu-north-1:123456789012:health";
inline constexpr const char kCertificateUrl[] =
    "https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-0a1b.pem";
inline constexpr const char kSubscribeUrl[] =
    "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t0";

// An RSA key and its certificate, good from `from` to `to` seconds from now.
class SigningKey {
 public:
  explicit SigningKey(long from = -86400, long to = 86400);
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  std::string certificate() const;  // PEM
  // Base64, as SignatureVersion "1" or "2" has it.
  std::string sign(const std::string& text, const std::string& version) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What an envelope holds before it is signed; change what a test is about.
using Parts = std::map<std::string, std::string>;
Parts notification(const std::string& message);
Parts subscription_confirmation();
// The envelope as JSON, signed over the parts as they are now.
std::string signed_body(Parts parts, const SigningKey& key, const std::string& version = "2");
std::string to_body(const Parts& parts);

// Serves the certificate to whoever asks for kCertificateUrl and counts who asks for what.
class FakeAmazon : public http::Fetcher, private http::Handler {
 public:
  explicit FakeAmazon(std::string certificate);
  http::Fetched get(const std::string& url) override;

  std::atomic<int> status{200};  // of every answer
  std::atomic<int> certificates{0};
  std::atomic<int> confirmations{0};

 private:
  std::optional<http::Response> admit(const http::Request&) override { return std::nullopt; }
  void serve(http::Exchange exchange) override;

  std::string certificate_;
  http::Server server_{http::ServerSettings{}};
  http::Client client_{{.https_only = false}};
};

}  // namespace monitor::tests
