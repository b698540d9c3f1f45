// A whole sink: a line of text for each update, POSTed as {"text": ...}, which Google Chat,
// Mattermost and Rocket.Chat take. Copy it to sinks/NAME.cpp, and `make` builds
// build/bin/status-sink-NAME: with retries, dead letters, --quiet-hours, --template and all that
// sinks share.
#include "lib/json/writer.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

class LineSink : public Sink {
 public:
  LineSink(std::string url, Tools& tools) : url_(std::move(url)), tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    return send(tools_.message.fill(delivery.update));
  }
  Outcome announce(const Missed& missed) override { return send(in_words(missed)); }

 private:
  Outcome send(const std::string& text) {
    json::Writer out;
    const std::string body = out.begin_object().member("text", text).end_object().take();
    return judge(tools_.http.send(post_json(url_, body)), "the chat");
  }

  std::string url_;
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  return run(
      argc, argv,
      {.name = "status-sink-example",
       .summary = "Posts a line of text for each status update.",
       .options =
           [&](system::Options& options) { options.text("--url", url, "URL", "Where to POST"); },
       .make =
           [&](Tools& tools) {
             check_url(url, "--url");
             return std::make_unique<LineSink>(url, tools);
           },
       .message = "{symbol} {title}: {message} {url}",
       .http = over_http});
}
