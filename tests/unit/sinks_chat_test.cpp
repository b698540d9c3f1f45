// What the sinks of chats share.
#include "sinks/delivery/chat.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"

namespace monitor::delivery {
namespace {

class OneAnswer : public Http {
 public:
  explicit OneAnswer(http::Fetched answer) : answer_(std::move(answer)) {}
  http::Fetched send(const http::Outgoing&) override { return answer_; }

 private:
  http::Fetched answer_;
};

Delivery of(status::State state, std::string remembered) {
  status::StatusUpdate update;
  update.state = state;
  return {.update = update, .json = {}, .key = {}, .remembered = std::move(remembered)};
}

BOOST_AUTO_TEST_SUITE(SinksChat)

BOOST_AUTO_TEST_CASE(text_is_cut_before_it_is_escaped_and_as_little_as_fits) {
  BOOST_TEST(chat_length("aé€🚀") == 5U);
  BOOST_TEST(fit("abc", 3) == "abc");
  BOOST_TEST(fit("abcd", 3) == "ab…");
  BOOST_TEST(fit("🚀🚀🚀🚀", 5) == "🚀🚀…");
  BOOST_TEST(fit("&&&&", 12, escape_html) == "&amp;&amp;…");
}

BOOST_AUTO_TEST_CASE(of_a_template_the_longest_value_is_cut_and_its_own_text_never) {
  status::StatusUpdate update;
  update.provider_name = "GitHub";
  update.message = std::string(50, 'x');
  const Template message("<b>{provider_name}</b>: {message}.", "a test");
  BOOST_TEST(fit(message, update, 30, escape_html) == "<b>GitHub</b>: xxxxxxxxxxxxx….");
  BOOST_TEST(fit(message, update, 1, escape_html) == "<b>…</b>: ….");
}

BOOST_AUTO_TEST_CASE(a_message_is_edited_until_its_incident_begins_again) {
  using enum status::State;
  const auto kept = [](status::State state) {
    return *delivered_as({"C1", "17.5"}, of(state, "").update).remember;
  };
  BOOST_TEST(!message_to_edit(of(investigating, "")));
  BOOST_TEST(message_to_edit(of(resolved, kept(investigating)))->id == "17.5");
  BOOST_TEST(message_to_edit(of(postmortem, kept(resolved)))->place == "C1");
  BOOST_TEST(message_to_edit(of(postmortem, kept(resolved)))->id == "17.5");
  BOOST_TEST(!message_to_edit(of(investigating, kept(resolved))));
  for (const char* unusable : {"C1", "C1 ", "C1  over", "over"}) {
    BOOST_TEST(!message_to_edit(of(resolved, unusable)), unusable);
  }
}

BOOST_AUTO_TEST_CASE(a_link_that_would_break_the_message_is_left_out) {
  status::StatusUpdate update;
  update.url = "https://www.githubstatus.com/incidents/abc?a=1&b=2#c";
  BOOST_TEST(link_of(update) == update.url);
  for (const std::string url : {"https://a.b/|x", "https://a.b/>", "https://a.b/\"", "https://a b",
                                "https://a.b/\xC3\xA9"}) {
    update.url = url;
    BOOST_TEST(link_of(update).empty(), url);
  }
  update.url = "https://a.b/" + std::string(2000, 'x');
  BOOST_TEST(link_of(update).empty());
}

BOOST_AUTO_TEST_CASE(the_longer_of_the_two_waits_counts_and_none_is_endless) {
  using namespace std::chrono_literals;
  const auto wait = [](std::optional<double> seconds) {
    const http::Fetched answer{.status = 429, .body = {}, .error = {}, .retry_after = 2s};
    return judge(answer, "Chat", seconds).wait;
  };
  BOOST_TEST((wait(std::nullopt) == 2s));
  BOOST_TEST((wait(0.5) == 2s));
  BOOST_TEST((wait(2.0504) == 2051ms));
  BOOST_TEST((wait(1e300) == 3600s));
  BOOST_TEST((wait(-1) == 2s));
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_out_of_what_comes_back) {
  OneAnswer http({.status = 404, .body = "no /x/T here: /x/T", .error = "/x/T"});
  const http::Fetched answer = ask(http, {}, "/x/T");
  BOOST_TEST(answer.body == "no ... here: ...");
  BOOST_TEST(answer.error == "...");
  BOOST_TEST(ask(http, {}, "").body == "no /x/T here: /x/T");
}

BOOST_AUTO_TEST_CASE(one_url_is_wanted_and_its_path_is_the_secret) {
  BOOST_CHECK_THROW(webhook_url("", ""), system::UsageError);
  BOOST_CHECK_THROW(webhook_url("https://a.b/c", "file"), system::UsageError);
  BOOST_CHECK_THROW(webhook_url("a.b/c", ""), system::ConfigError);
  BOOST_TEST(webhook_url("https://a.b/c", "") == "https://a.b/c");
  BOOST_TEST(path_of("https://u:p@a.b:1/c/d?e=f/g") == "/c/d");
  BOOST_TEST(path_of("https://a.b") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::delivery
