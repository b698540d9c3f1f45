// status-sink-teams: a card in a channel or chat of Microsoft Teams for each update, by the webhook
// of a workflow ("Post to a channel when a webhook request is received").
// https://learn.microsoft.com/en-us/connectors/teams/#microsoft-teams-webhook: a message with an
// Adaptive Card; about 28 KB with everything in it. A workflow answers 202.
// https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run: markdown is not
// supported, so it shows what senders wrote as it stands. A TextBlock and a Fact read markdown, and
// clients differ in what they take for its escapes: those hold only our own words.
// https://learn.microsoft.com/en-us/adaptive-cards/authoring-cards/text-features: {{DATE(...)}} and
// {{TIME(...)}} are read everywhere.
#include "lib/json/writer.h"
#include "lib/status/filter.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "sinks/delivery/chat.h"
#include "sinks/delivery/program.h"

using namespace monitor;
using namespace monitor::delivery;

namespace {

// 28 KB, and Teams adds some of its own.
constexpr std::size_t kMaxBytes = 24 << 10;
// In characters. The message and the components get less when the bytes do not suffice.
constexpr std::size_t kMaxText = 10'000;
constexpr std::size_t kMaxTitle = 250;
constexpr std::size_t kMaxUrl = 2048;

// The names of https://adaptivecards.io/explorer/TextBlock.html, of which clients choose shades.
const char* colour_name(const status::StatusUpdate& update) {
  if (is_over(update.state)) {
    return "good";
  }
  const auto weight = status::weight_of(update);
  return !weight ? "accent" : *weight == status::Impact::critical ? "attention" : "warning";
}

// Never "{{", which may begin a function: a word joiner, which nobody sees, stands between.
std::string literal(std::string text) {
  for (auto at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 1)) {
    text.insert(at + 1, "\u2060");
  }
  return text;
}

json::Writer& begin_block(json::Writer& out, const char* type) {
  return out.begin_object().member("type", type);
}

void add_run(json::Writer& out, std::string text, bool bold) {
  begin_block(out, "TextRun").member("text", literal(std::move(text)));
  out.member("weight", bold ? "Bolder" : "Default").end_object();
}

// "LABEL: TEXT" as senders wrote it; without a label only the text.
void add_text(json::Writer& out, const std::string& label, std::string text, bool bold = false) {
  begin_block(out, "RichTextBlock").key("inlines").begin_array();
  if (!label.empty()) {
    add_run(out, label + ": ", true);
  }
  add_run(out, std::move(text), bold);
  out.end_array().end_object();
}

// Our own words.
void add_state(json::Writer& out, const status::StatusUpdate& update) {
  begin_block(out, "TextBlock").member("wrap", true).member("color", colour_name(update));
  out.member("weight", "Bolder");
  out.member("text", state_in_words(update)).end_object();
}

void add_fact(json::Writer& out, const char* title, std::string_view value) {
  out.begin_object().member("title", title).member("value", value).end_object();
}

void add_facts(json::Writer& out, const status::StatusUpdate& update) {
  begin_block(out, "FactSet").key("facts").begin_array();
  add_fact(out, "Impact", word(update.impact));
  add_fact(out, "Time", time_in_words(update.happened_at));
  out.end_array().end_object();
}

void begin_card(json::Writer& out) {
  out.begin_object().member("type", "message").key("attachments").begin_array().begin_object();
  out.member("contentType", "application/vnd.microsoft.card.adaptive");
  begin_block(out.key("content"), "AdaptiveCard").member("version", "1.4");
  out.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  out.key("body").begin_array();
}

std::string end_card(json::Writer& out, const std::string& url) {
  out.end_array();  // body
  if (!url.empty() && url.size() <= kMaxUrl) {
    begin_block(out.key("actions").begin_array(), "Action.OpenUrl");
    out.member("title", "Open the status page").member("url", url).end_object().end_array();
  }
  return out.end_object().end_object().end_array().end_object().take();
}

class TeamsSink : public Sink {
 public:
  TeamsSink(std::string url, Tools& tools) : url_(std::move(url)), tools_(tools) {}

  Outcome deliver(const Delivery& delivery) override {
    std::string body = card(delivery.update, kMaxText);
    for (std::size_t most = kMaxText / 2; body.size() > kMaxBytes; most /= 2) {
      body = card(delivery.update, most);
    }
    return send(std::move(body));
  }
  Outcome announce(const Missed& missed) override {
    json::Writer out;
    begin_card(out);
    add_text(out, "Status Monitor", in_words(missed));
    return send(end_card(out, ""));
  }

 private:
  std::string card(const status::StatusUpdate& update, std::size_t max_text) const {
    json::Writer out;
    begin_card(out);
    add_text(out, "", status::cut(title_of(update), kMaxTitle), true);
    add_state(out, update);
    add_text(out, "", status::cut(tools_.message.fill(update), max_text));
    if (!update.components.empty()) {
      add_text(out, "Components", status::cut(components_of(update), max_text));
    }
    add_facts(out, update);
    return end_card(out, update.url);
  }

  Outcome send(std::string body) {
    return judge(ask(tools_.http, post_json(url_, std::move(body)), path_of(url_)),
                 "Microsoft Teams");
  }

  std::string url_;
  Tools& tools_;
};

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  std::string url_file;
  const auto add = [&](system::Options& options) {
    options.text("--webhook-url-file", url_file, "FILE",
                 "With the URL of the workflow, which is all that it takes to post");
    options.text("--webhook-url", url, "URL", "The same, where others may see it");
  };
  const auto make = [&](Tools& tools) {
    if (url.empty() == url_file.empty()) {
      throw system::ConfigError("give either --webhook-url-file or --webhook-url");
    }
    const std::string target = url_file.empty() ? url : read_secret(url_file, "webhook URL");
    check_url(target, url_file.empty() ? "--webhook-url" : "--webhook-url-file");
    return std::make_unique<TeamsSink>(target, tools);
  };
  return run(argc, argv,
             {.name = "status-sink-teams",
              .summary = "Posts a card to Microsoft Teams for each status update.",
              .options = add,
              .make = make,
              .message = "{message}",
              .http = over_http});
}
