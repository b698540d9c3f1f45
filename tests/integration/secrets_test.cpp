// What must never be seen: tokens and signing secrets, whatever is posted, asked or misconfigured.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <vector>

#include "tests/support/bodies.h"
#include "tests/support/pipeline.h"

namespace monitor::tests {
namespace {

const std::vector<std::string> kSecrets{"shared-token-aaaaaaaa",  "kestrel-token-bbbbbbbb",
                                        "heron-token-cccccccccc", "osprey-secret-dddddddd",
                                        "larkspur-secret-eeeeee", "c2VjcmV0LXNlY3JldC1mZmZmZg=="};

struct World : Pipeline {
  World() {
    const auto write = [this](const char* name, const std::string& text) {
      write_file(path(name), text);
      std::filesystem::permissions(
          path(name), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    };
    write("shared", kSecrets[0] + "\n");
    write("heron", kSecrets[2] + "\n");
    write("larkspur", kSecrets[4] + "\n");
    write("providers.toml", "[[provider]]\nslug = \"kestrel\"\ntoken = \"" + kSecrets[1] +
                                "\"\n[[provider]]\nslug = \"heron\"\ntoken_file = \"heron\"\n"
                                "[[provider]]\nslug = \"osprey\"\nsignature = { scheme = "
                                "\"instatus\", secret = \"" +
                                kSecrets[3] +
                                "\" }\n[[provider]]\nslug = \"larkspur\"\nsignature = { scheme = "
                                "\"cachet\", secret_file = \"larkspur\" }\n[[provider]]\nslug = "
                                "\"svix\"\nsignature = { scheme = \"standard-webhooks\", secret = "
                                "\"whsec_" +
                                kSecrets[5] + "\" }\n");
  }
  Arguments arguments() const {
    return {"--providers", path("providers.toml"), "--token-file", path("shared"), "--debug"};
  }
};

void check_silent_about_secrets(const std::string& text) {
  for (const std::string& secret : kSecrets) {
    BOOST_TEST(text.find(secret) == std::string::npos, text);
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(Secrets, World)

BOOST_AUTO_TEST_CASE(no_answer_and_no_line_of_the_log_holds_one) {
  receiver = start_receiver(arguments());
  std::string answers;
  for (const std::string slug : {"", "/kestrel", "/heron", "/osprey", "/larkspur", "/svix", "/x"}) {
    const std::string url = receiver_url("/webhook/statuspage" + slug);
    for (const std::string& secret : kSecrets) {
      for (const HttpAnswer& answer :
           {client.post(url + "?token=" + secret, kExampleBody),
            client.post(url, kExampleBody, {"Authorization: Bearer " + secret}),
            client.post(url, kExampleBody, {"Authorization: Basic " + secret}),
            client.post(url, kExampleBody, {"Signature: " + secret}),
            client.post(url, "{", {"x-instatus-webhook-signature: " + secret}),
            client.post(url + "?token=" + secret, "{\"a\":" + secret)}) {
        answers += answer.body;
        for (const auto& [name, value] : answer.headers) {
          answers += value;
        }
      }
    }
  }
  answers += client.get(receiver_url("/health")).body + client.get(receiver_url("/metrics")).body;
  receiver->signal(SIGHUP);
  receiver->wait_for_line(Stream::err, "reloaded: ");
  BOOST_TEST(receiver->terminate() == 0);
  check_silent_about_secrets(answers);
  check_silent_about_secrets(receiver->text(Stream::err) + receiver->text(Stream::out));
}

BOOST_AUTO_TEST_CASE(no_complaint_about_the_configuration_shows_what_is_wrong_with_one) {
  const std::string good = read_file(path("providers.toml"));
  for (const std::string& line :
       {"token = " + kSecrets[0], "token = \"" + kSecrets[0], "token == \"" + kSecrets[0] + "\"",
        "token = \"" + kSecrets[0].substr(0, 15) + "\"", "token = [\"" + kSecrets[0] + "\"]",
        "signature = { scheme = \"standard-webhooks\", secret = \"whsec_" + kSecrets[0] + "\" }",
        "signature = { scheme = \"hmac\", secret = \"" + kSecrets[0] + "\" }",
        "token = \"" + kSecrets[0] + "\"\ntoken_file = \"heron\"",
        "token = \"" + kSecrets[0] + "\"\noops = 1"}) {
    write_file(path("wrong.toml"), good + "[[provider]]\nslug = \"wrong\"\n" + line + "\n");
    auto check = launch("status-receiver", {"--check", "--providers", path("wrong.toml")});
    BOOST_TEST(check->wait() == 78, line);
    const std::string said = check->text(Stream::err) + check->text(Stream::out);
    check_silent_about_secrets(said);
    BOOST_TEST(said.find(kSecrets[0].substr(0, 15)) == std::string::npos, said);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace monitor::tests
