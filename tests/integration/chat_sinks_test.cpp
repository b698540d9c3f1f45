// The sinks of chats, as real programs against services that check the documented rules: one
// message of an incident that is edited, text of any kind and length, and every way to fail.
#include <fmt/format.h>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>

#include "tests/support/bodies.h"
#include "tests/support/chat_services.h"
#include "tests/support/destination.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

std::string body(const std::string& incident, const std::string& state, const std::string& text,
                 const std::string& impact = "major") {
  return fmt::format(
      R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"Incident {0}",)"
      R"("status":"{1}","impact":"{3}","shortlink":"https://stspg.io/{0}?a=1&b=2",)"
      R"("components":[{{"id":"c1","name":"API_v2","status":"partial_outage"}}],)"
      R"("incident_updates":[{{"id":"{0}-{1}-{2:.12}","status":"{1}","body":"{2}"}}]}}}})",
      incident, state, text, impact);
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// One chat, its sink, and a receiver.
class World {
 public:
  World(std::string sink, std::unique_ptr<ChatService> service)
      : sink_(std::move(sink)), service_(std::move(service)) {
    pipeline.receiver = pipeline.start_receiver();
  }
  ~World() { BOOST_TEST(service_->broken().empty(), name() + " broke: " + service_->broken()); }

  virtual Arguments arguments(const std::string& origin) = 0;

  std::string name() const { return "status-sink-" + sink_; }
  ChatService& chat() { return *service_; }
  Destination& destination() { return *destination_; }
  // Another place than before, where nobody answers until then.
  void leave() { destination_.reset(); }
  // A file with `text`, in which the word "secret" is: no program may ever say it.
  std::string secret(const std::string& text) const {
    write_file(pipeline.path("credential"), text + "\n");
    return pipeline.path("credential");
  }
  Arguments with(const Arguments& more) {
    Arguments all = arguments(destination_->url());
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::unique_ptr<Process> start(const Arguments& more = {}) {
    return pipeline.start(name(), with(more));
  }
  // Runs to its end.
  std::string ask(const Arguments& more) {
    const auto process = pipeline.launch(name(), with(more));
    process->wait();
    return process->text(Stream::out) + process->text(Stream::err);
  }
  void post(const std::string& incident, const std::string& state, const std::string& text,
            const std::string& impact = "major") {
    BOOST_TEST(pipeline.post(body(incident, state, text, impact)).status == 200);
  }
  // Until so many messages are there and the last of them shows `text`.
  bool shows(std::size_t count, const std::string& text) {
    const bool shown = ask_until([&] {
      const auto messages = service_->messages();
      return messages.size() == count && holds(messages.back().body, text);
    });
    BOOST_TEST(shown, name() + ": " + text);
    return shown;
  }

  Pipeline pipeline;

 private:
  std::string sink_;
  std::unique_ptr<ChatService> service_;
  std::unique_ptr<Destination> destination_ = std::make_unique<Destination>(
      [this](const http::Request& request) { return service_->serve(request); });
};

struct Slack : World {
  Slack() : World("slack", std::make_unique<SlackService>()) {}
  Arguments arguments(const std::string& origin) override {
    return {"--token-file", secret(kSlackToken), "--channel",
            "C0123",        "--api-url",         origin + "/api"};
  }
};

struct SlackHook : World {
  SlackHook() : World("slack", std::make_unique<SlackService>()) {}
  Arguments arguments(const std::string& origin) override {
    return {"--webhook-url-file", secret(origin + kSlackHook)};
  }
};

struct Discord : World {
  Discord() : World("discord", std::make_unique<DiscordService>()) {}
  Arguments arguments(const std::string& origin) override {
    return {"--webhook-url-file", secret(origin + kDiscordHook)};
  }
};

struct Telegram : World {
  Telegram() : World("telegram", std::make_unique<TelegramService>()) {}
  Arguments arguments(const std::string& origin) override {
    return {"--token-file", secret(kTelegramToken), "--chat", "-100123", "--api-url", origin};
  }
};

using Editing = boost::mpl::list<Slack, Discord, Telegram>;
using All = boost::mpl::list<Slack, SlackHook, Discord, Telegram>;

BOOST_AUTO_TEST_SUITE(ChatSinks)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_incident_is_one_message_that_is_edited, Chat, Editing) {
  Chat world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  world.post("a", "identified", "we know");
  world.shows(1, "we know");
  world.post("a", "resolved", "it works");
  world.shows(1, "it works");
  BOOST_TEST(world.chat().messages()[0].edits == 2);
  BOOST_TEST(holds(world.chat().messages()[0].body, "✅"));

  // One that begins again would be overlooked in the old message.
  world.post("a", "investigating", "again");
  world.shows(2, "again");
  world.post("b", "investigating", "another");
  world.shows(3, "another");
}

BOOST_AUTO_TEST_CASE(slack_says_each_later_update_in_the_thread_too) {
  Slack world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look");
  world.post("a", "identified", "<we> know");
  world.post("a", "resolved", "it works");
  BOOST_TEST(ask_until([&] {
    const auto messages = world.chat().messages();
    return messages.size() == 1 && messages[0].replies.size() == 2;
  }));
  const auto replies = world.chat().messages()[0].replies;
  BOOST_TEST(replies[0] == "*🟠 Identified*\n&lt;we&gt; know");
  BOOST_TEST(replies[1] == "*✅ Resolved*\nit works");
}

// The edit is not made again with each try of the reply, and not even a lasting failure of the
// reply makes a dead letter: the message says it.
BOOST_AUTO_TEST_CASE(slack_tries_a_failed_reply_again_without_the_edit) {
  Slack world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  world.chat().before_next_answer([&] {
    for (int i = 0; i < 3; ++i) {
      world.destination().answer_next(
          http::json_response(200, R"({"ok":false,"error":"internal_error"})"));
    }
  });
  world.post("a", "identified", "we know");
  BOOST_TEST(ask_until([&] { return world.chat().messages()[0].replies.size() == 1; }));
  BOOST_TEST(world.chat().messages()[0].edits == 1);
  BOOST_TEST(world.destination().attempts() == 6U);

  world.chat().before_next_answer([&] {
    world.destination().answer_next(
        http::json_response(200, R"({"ok":false,"error":"restricted_action_thread_locked"})"));
  });
  world.post("a", "monitoring", "we watch");
  sink->wait_for_line(Stream::err, "not in its thread: Slack answers restricted_action");
  world.post("b", "investigating", "another");
  world.shows(2, "another");
  BOOST_TEST(world.ask({"--dead-letters"}).empty());
}

BOOST_AUTO_TEST_CASE(slack_without_a_token_posts_each_update_through_a_webhook) {
  SlackHook world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look");
  world.post("a", "resolved", "it works");
  world.shows(2, "it works");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(text_of_any_kind_and_length_is_escaped_and_fits, Chat, All) {
  Chat world;
  const auto sink = world.start();
  const std::string markup =
      "<!channel> <@U1> @everyone *b* _i_ `c` ~s~ [x](http://e.vil) <a href=x> </b> & | > #1 \\\\";
  std::string amps;
  std::string rockets;
  std::string names;
  for (int i = 0; i < 5000; ++i) {
    amps += "&_";
    rockets += "🚀";
  }
  for (int i = 0; i < 300; ++i) {
    names += fmt::format(R"({}{{"id":"c{}","name":"*<{}> long name","status":"major_outage"}})",
                         i == 0 ? "" : ",", i, i);
  }
  std::size_t count = 0;
  const auto try_text = [&](const std::string& text) {
    const std::string id = std::to_string(++count);
    const std::string posted = fmt::format(
        R"({{"page":{{"id":"tstpage00001","name":"Test Page"}},"incident":{{"id":"{0}","name":"{1}",)"
        R"("status":"investigating","impact":"critical","shortlink":"https://stspg.io/\"><b>|x",)"
        R"("components":[{2}],)"
        R"("incident_updates":[{{"id":"u{0}","status":"investigating","body":"{1}"}}]}}}})",
        id, text, names);
    BOOST_TEST(world.pipeline.post(posted).status == 200);
    BOOST_TEST(ask_until([&] { return world.chat().messages().size() == count; }), text);
    // Which message it was is in an answer that repeats the text.
    if (!std::is_same_v<Chat, SlackHook>) {
      world.post(id, "resolved", "it works");
      BOOST_TEST(ask_until([&] { return world.chat().messages().back().edits == 1; }), text);
    }
  };
  try_text(markup);
  try_text(markup + std::string(10'000, 'x'));
  try_text(amps);
  try_text(rockets);
  try_text(std::string(10'000, '<'));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_operators_markup_stays_whole_around_cut_text, Chat, Editing) {
  Chat world;
  write_file(world.pipeline.path("template"), "<b>{message}</b>\n");
  if (std::is_same_v<Chat, Telegram>) {
    const auto sink = world.start({"--template", world.pipeline.path("template")});
    world.post("a", "investigating", std::string(10'000, 'x'));
    world.shows(1, "…</b>");
  } else {
    write_file(world.pipeline.path("template"), "*{message}*\n");
    const auto sink = world.start({"--template", world.pipeline.path("template")});
    world.post("a", "investigating", std::string(10'000, 'x'));
    world.shows(1, "…*");
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_passes_is_waited_for_as_long_as_the_service_says, Chat, All) {
  Chat world;
  const auto sink = world.start();
  world.destination().answer_next(world.chat().too_many(1));
  const auto begin = Clock::now();
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  BOOST_TEST((Clock::now() - begin >= std::chrono::seconds(1)));
  for (int i = 0; i < 3; ++i) {
    world.destination().answer_next(http::error_response(500, "as told"));
  }
  world.post("b", "investigating", "another");
  world.shows(2, "another");
  BOOST_TEST(world.destination().attempts() == 6U);
}

BOOST_AUTO_TEST_CASE(slack_errors_that_pass_are_tried_again) {
  Slack world;
  const auto sink = world.start();
  for (const char* error :
       {"ratelimited", "internal_error", "service_unavailable", "request_timeout", "fatal_error"}) {
    world.destination().answer_next(
        http::json_response(200, fmt::format(R"({{"ok":false,"error":"{}"}})", error)));
  }
  world.destination().answer_next({.status = 200, .body = "<html>Sign in to the guest network"});
  world.destination().answer_next({.status = 200, .body = R"({"status":"up"})"});
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  BOOST_TEST(world.destination().attempts() == 8U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_refused_is_a_dead_letter_and_the_next_goes_on, Chat, All) {
  Chat world;
  const auto sink = world.start();
  if (std::is_same_v<Chat, SlackHook>) {
    world.destination().answer_next(
        {.status = 404, .body = std::string("channel_not_found: ") + kSlackHook});
  } else {
    world.chat().refuse("we look");
  }
  world.post("a", "investigating", "we look");
  world.post("b", "investigating", "another");
  world.shows(1, "another");
  const std::string listed = world.ask({"--dead-letters"});
  BOOST_TEST(holds(listed, "we look"), listed);
  BOOST_TEST((holds(listed, "channel_not_found") || holds(listed, "Unknown Webhook") ||
              holds(listed, "Not Found")),
             listed);
  BOOST_TEST(!holds(listed + sink->text(Stream::err), "secret"), listed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_message_that_was_deleted_is_posted_anew, Chat, Editing) {
  Chat world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  world.chat().delete_messages();
  world.post("a", "identified", "we know");
  world.shows(1, "we know");
  world.post("a", "resolved", "it works");
  world.shows(1, "it works");
  BOOST_TEST(world.chat().messages()[0].edits == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_service_that_hangs_or_is_not_there_is_tried_again, Chat, All) {
  Chat world;
  world.destination().hang_next(1);
  const auto sink = world.start({"--timeout", "1s"});
  world.post("a", "investigating", "we look");
  world.shows(1, "we look");
  BOOST_TEST(world.destination().attempts() == 2U);
  world.leave();
  world.post("b", "investigating", "another");
  sink->wait_for_line(Stream::err, "can't be reached: .*connect.*; trying again until it works");
  BOOST_TEST(!holds(sink->text(Stream::err), "secret"), sink->text(Stream::err));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_kill_before_the_commit_repeats_at_most_one_message, Chat, Editing) {
  Chat world;
  auto sink = world.start();
  // The message is there, its answer never comes to the sink.
  world.chat().before_next_answer([&] { sink->signal(SIGKILL); });
  world.post("a", "investigating", "we look");
  BOOST_TEST(sink->wait() == 128 + SIGKILL);
  sink = world.start();
  world.shows(2, "we look");
  // An edit is the same twice.
  world.chat().before_next_answer([&] { sink->signal(SIGKILL); });
  world.post("a", "identified", "we know");
  BOOST_TEST(sink->wait() == 128 + SIGKILL);
  sink = world.start();
  world.post("b", "investigating", "another");
  world.shows(3, "another");
  BOOST_TEST(holds(world.chat().messages()[1].body, "we know"));
  BOOST_TEST(world.ask({"--dead-letters"}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_missed_is_announced, Chat, All) {
  Chat world;
  auto sink = world.start({"--late", "1s"});
  BOOST_TEST(sink->terminate() == 0);
  world.post("a", "investigating", "we look");
  world.post("a", "identified", "we know");
  world.post("b", "investigating", "another");
  const auto old = Clock::now() + std::chrono::milliseconds(1100);
  BOOST_TEST(ask_until([&] { return Clock::now() > old; }));
  sink = world.start({"--late", "1s"});
  world.shows(3, "another");
  BOOST_TEST(holds(world.chat().messages()[0].body, "3 updates of 2 incidents while away"));
}

BOOST_AUTO_TEST_CASE(telegram_makes_a_sound_only_for_what_is_grave) {
  Telegram world;
  const auto sink = world.start();
  world.post("a", "investigating", "we look", "critical");
  world.post("b", "investigating", "a trifle", "minor");
  world.shows(2, "a trifle");
  const auto messages = world.chat().messages();
  BOOST_TEST(holds(messages[0].body, R"("disable_notification":false)"));
  BOOST_TEST(holds(messages[1].body, R"("disable_notification":true)"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(orders_of_the_sinks_and_the_dry_run_work, Chat, All) {
  Chat world;
  BOOST_TEST(holds(world.ask({"--check"}), "the configuration is right"));
  BOOST_TEST(holds(world.ask({"--send-test"}), "a test was delivered"));
  world.shows(1, "This is a test. Nothing is broken.");
  world.post("a", "investigating", "we look");
  const auto dry =
      world.pipeline.launch(world.name(), world.with({"--dry-run", "--from", "start"}));
  dry->wait_for_line(Stream::out, "we look");
  BOOST_TEST(!holds(dry->text(Stream::out) + dry->text(Stream::err), "secret"));
  BOOST_TEST(world.destination().attempts() == 1U);
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_said_at_once) {
  Pipeline pipeline;
  write_file(pipeline.path("token"), "a/secret/../token\n");
  const std::string token = pipeline.path("token");
  const auto refused = [&](const std::string& program, const Arguments& arguments,
                           const std::string& reason) {
    const auto sink = pipeline.launch(program, arguments);
    const int code = sink->wait();
    BOOST_TEST((code == 64 || code == 78));
    BOOST_TEST(holds(sink->text(Stream::err), reason), sink->text(Stream::err));
    BOOST_TEST(!holds(sink->text(Stream::err), "secret"), sink->text(Stream::err));
  };
  refused("status-sink-slack", {"--check"}, "give the webhook's URL");
  refused("status-sink-slack", {"--check", "--token-file", token}, "--channel");
  refused("status-sink-slack", {"--check", "--token-file", token, "--channel", "#x"}, "--channel");
  refused("status-sink-slack",
          {"--check", "--token-file", token, "--webhook-url", "https://h.example/secret"},
          "not both");
  refused("status-sink-discord", {"--check"}, "give the webhook's URL");
  refused("status-sink-discord", {"--check", "--webhook-url", "h.example/secret"}, "a whole URL");
  refused("status-sink-discord", {"--check", "--webhook-url-file", token}, "a whole URL");
  refused("status-sink-telegram", {"--check"}, "--token-file");
  refused("status-sink-telegram", {"--check", "--token-file", token, "--chat", "1"},
          "a bot's token is");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::tests
