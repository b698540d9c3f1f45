// status-sink-ntfy: a push message of ntfy (ntfy.sh or one's own server) for each update, with
// priority and tags by how bad it is, and a tap that opens the page.
// https://docs.ntfy.sh/publish/#publish-as-json: topic, title, message, tags, priority 1 to 5,
// click. https://docs.ntfy.sh/publish/#limitations: a message has at most 4,096 bytes.
#include "lib/json/writer.h"
#include "lib/status/filter.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

// In characters; four bytes each at the most.
constexpr std::size_t kMaxMessage = 1000;
constexpr std::size_t kMaxTitle = 250;

int priority_of(const status::StatusUpdate& update) {
  const auto weight = status::weight_of(update);
  if (is_over(update.state) || !weight) {
    return 2;
  }
  return *weight == status::Impact::critical ? 5 : *weight == status::Impact::major ? 4 : 3;
}

const char* tag_of(const status::StatusUpdate& update) {
  constexpr const char* kTags[] = {"", "", "wrench", "warning", "orange_circle", "rotating_light"};
  return is_over(update.state) ? "white_check_mark" : kTags[priority_of(update)];
}

class NtfySink : public Sink {
 public:
  NtfySink(std::string server, std::string topic, std::vector<std::string> headers, Tools& tools)
      : server_(std::move(server)),
        topic_(std::move(topic)),
        headers_(std::move(headers)),
        tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    const status::StatusUpdate& update = delivery.update;
    json::Writer out;
    begin(out, title_of(update), tools_.message.fill(update));
    out.member("priority", priority_of(update));
    out.key("tags").begin_array().value(tag_of(update)).value(update.provider).end_array();
    if (!update.url.empty()) {
      out.member("click", update.url);
    }
    return send(out);
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    begin(out, "Status Monitor", in_words(missed));
    return send(out);
  }

 private:
  void begin(json::Writer& out, const std::string& title, const std::string& text) const {
    out.begin_object().member("topic", topic_).member("title", status::cut(title, kMaxTitle));
    out.member("message", status::cut(text, kMaxMessage));
  }
  Outcome send(json::Writer& out) {
    const std::string body = out.end_object().take();
    return judge(ask(tools_.http, post_json(server_, body, headers_)), "ntfy");
  }

  std::string server_;
  std::string topic_;
  std::vector<std::string> headers_;
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  std::string token_file;
  const auto add = [&](system::Options& options) {
    options.text("--url", url, "URL", "Server and topic: https://ntfy.sh/my-alerts");
    options.text("--token-file", token_file, "FILE", "With the access token, where one is needed");
  };
  const auto make = [&](Tools& tools) {
    check_url(url, "--url");
    const auto slash = url.rfind('/');
    if (slash < std::string_view("https://x").size() || slash + 1 == url.size()) {
      throw system::ConfigError("cannot use --url: the topic is missing, as https://ntfy.sh/TOPIC");
    }
    std::vector<std::string> headers;
    if (!token_file.empty()) {
      headers.push_back("Authorization: Bearer " + read_secret(token_file, "token"));
    }
    return std::make_unique<NtfySink>(url.substr(0, slash), url.substr(slash + 1), headers, tools);
  };
  return run(argc, argv,
             {.name = "status-sink-ntfy",
              .summary = "Sends a push message of ntfy for each status update.",
              .options = add,
              .make = make,
              .message = "{Status}. {message}",
              .http = over_http});
}
