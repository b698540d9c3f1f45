// By itself, so that sinks which do not send by HTTP load no libcurl.
#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "lib/http/client.h"
#include "lib/http/origin.h"
#include "sinks/delivery/http_post.h"

namespace monitor::delivery {
namespace {

// Chats repeat the message in their answers, some with six bytes a character.
constexpr std::size_t kMaxAnswer = 64 << 10;

http::ClientSettings client_settings(const HttpSettings& settings, Orders& orders) {
  const auto grace = std::make_shared<Grace>(orders, settings.time_to_stop);
  return {.patience = settings.time,
          .max_body = kMaxAnswer,
          .whole_body = false,
          .https_only = false,
          .no_private_names = !settings.allow_private,
          .interrupted = [grace] { return grace->is_over(); }};
}

class RealHttp : public Http {
 public:
  RealHttp(const HttpSettings& settings, Orders& orders)
      : client_(client_settings(settings, orders)) {}
  http::Fetched send(const http::Outgoing& request) override { return client_.send(request); }

 private:
  http::Client client_;
};

class ShownHttp : public Http {
 public:
  explicit ShownHttp(std::function<void(const std::string&)> show) : show_(std::move(show)) {}
  http::Fetched send(const http::Outgoing& request) override {
    show_(
        fmt::format("{} {}/...\n{}\n", request.method, http::origin_of(request.url), request.body));
    return {.status = 200, .body = "{}"};
  }

 private:
  std::function<void(const std::string&)> show_;
};

}  // namespace

std::unique_ptr<Http> over_http(const HttpSettings& settings, Orders& orders) {
  if (settings.show) {
    return std::make_unique<ShownHttp>(settings.show);
  }
  return std::make_unique<RealHttp>(settings, orders);
}

}  // namespace monitor::delivery
