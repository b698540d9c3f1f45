// status-sink-webhook: POSTs each update as JSON (StatusUpdate, version 1) to a URL, signed per
// Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks): webhook-id is the
// update's key, the same over retries and restarts, so that the receiver knows repeats.
#include <stdexcept>

#include "lib/http/origin.h"
#include "lib/http/secret_file.h"
#include "lib/http/signature.h"
#include "lib/system/error.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

http::Signer signer_of(const std::string& path) {
  std::vector<std::string> secrets;
  for (const http::SecretLine& line : http::read_secret_file(path, "secret")) {
    secrets.push_back(line.secret);
  }
  try {
    return http::Signer(secrets);
  } catch (const std::invalid_argument& error) {
    throw system::ConfigError("cannot use secret file " + path + ": " + error.what());
  }
}

class WebhookSink : public Sink {
 public:
  WebhookSink(std::string url, std::optional<http::Signer> signer, Tools& tools)
      : url_(std::move(url)), signer_(std::move(signer)), tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    std::vector<std::string> headers =
        signer_ ? signer_->headers(delivery.key, system::now(), delivery.json)
                : std::vector<std::string>{"webhook-id: " + delivery.key};
    const auto answer =
        ask(tools_.http, post_json(url_, delivery.json, std::move(headers)), path_of(url_));
    return judge(answer, http::origin_of(url_));
  }

 private:
  std::string url_;
  std::optional<http::Signer> signer_;
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  std::string secret_file;
  const auto add = [&](system::Options& options) {
    options.text("--url", url, "URL", "Where to POST");
    options.text("--secret-file", secret_file, "FILE",
                 "With the secret to sign with, whsec_...; several lines: each signs");
  };
  const auto make = [&](Tools& tools) {
    check_url(url, "--url");
    return std::make_unique<WebhookSink>(
        url, secret_file.empty() ? std::nullopt : std::optional(signer_of(secret_file)), tools);
  };
  return run(argc, argv,
             {.name = "status-sink-webhook",
              .summary = "POSTs each status update as JSON, signed.",
              .options = add,
              .make = make,
              .message = {},
              .http = over_http});
}
