// What must never be seen: tokens and signing secrets, whatever is posted, asked or misconfigured.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <vector>

#include "tests/support/bodies.h"
#include "tests/support/destination.h"
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

// A destination that repeats all it was told, as debugging proxies and some error pages do.
http::Response repeat(const http::Request& request) {
  std::string said = request.method + ' ' + request.path;
  for (const auto& pairs : {request.parameters, request.headers}) {
    for (const auto& [name, value] : pairs) {
      said += ' ' + name + '=' + value;
    }
  }
  return {.status = 400, .body = said + ' ' + request.body, .content_type = "text/plain"};
}

constexpr std::uint64_t kLargestMapping = 1 << 30;

// All that a program has in its memory and may write to, but not what a sanitizer notes about it.
std::string memory_of(const Process& process) {
  const std::string place = fmt::format("/proc/{}/", process.pid());
  std::ifstream memory(place + "mem", std::ios::binary);
  std::string all;
  for (const std::string& line : lines_of(read_file(place + "maps"))) {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char rights[5] = "";
    const bool read = std::sscanf(line.c_str(), "%lx-%lx %4s", &from, &to, rights) == 3;
    if (read && rights[1] == 'w' && to - from < kLargestMapping) {
      std::string part(to - from, '\0');
      memory.clear();
      memory.seekg(static_cast<std::streamoff>(from));
      memory.read(part.data(), static_cast<std::streamsize>(part.size()));
      all.append(part, 0, static_cast<std::size_t>(memory.gcount()));
    }
  }
  return all;
}

std::string files_below(const std::string& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      all += read_file(entry.path());
    }
  }
  return all;
}

struct SinkWithSecret {
  std::string name;
  std::string secret;
  Arguments arguments;
};

std::vector<SinkWithSecret> sinks_with_secrets(const Pipeline& world, const std::string& origin) {
  const auto file = [&](const std::string& name, const std::string& text) {
    write_file(world.path(name), text + "\n");
    std::filesystem::permissions(world.path(name), std::filesystem::perms::owner_read);
    return world.path(name);
  };
  return {
      {"slack",
       "xoxb-111-slacksecret",
       {"--token-file", file("slack", "xoxb-111-slacksecret"), "--channel", "C1", "--api-url",
        origin + "/api"}},
      {"discord",
       "discordsecret-aaaa",
       {"--webhook-url-file", file("discord", origin + "/api/webhooks/1/discordsecret-aaaa")}},
      {"telegram",
       "123456:telegramsecret",
       {"--token-file", file("telegram", "123456:telegramsecret"), "--chat", "-1", "--api-url",
        origin}},
      {"teams",
       "teamssecret-bbbbbb",
       {"--webhook-url-file", file("teams", origin + "/workflows/1?sig=teamssecret-bbbbbb")}},
      {"ntfy",
       "tk_ntfysecretcccccc",
       {"--url", origin + "/topic", "--token-file", file("ntfy", "tk_ntfysecretcccccc")}},
      {"pagerduty",
       "pagerdutysecretpagerdutysecret32",
       {"--routing-key-file", file("pagerduty", "pagerdutysecretpagerdutysecret32"), "--api-url",
        origin}},
      {"alertmanager",
       "alertmanagersecret",
       {"--url", origin, "--token-file", file("alertmanager", "alertmanagersecret")}},
      {"webhook", "webhooksecret-dddd", {"--url", origin + "/in/webhooksecret-dddd"}},
  };
}

BOOST_AUTO_TEST_CASE(sinks_keep_theirs_from_logs_files_and_everybody_else) {
  Destination echo(repeat);
  receiver = start_receiver(arguments());
  const std::vector<SinkWithSecret> sinks = sinks_with_secrets(*this, echo.url());
  std::vector<std::unique_ptr<Process>> running;
  std::size_t expected = 0;
  for (const SinkWithSecret& sink : sinks) {
    Arguments all = sink.arguments;
    all.insert(all.end(), {"--metrics-file", path(sink.name + ".prom")});
    running.push_back(start("status-sink-" + sink.name, all));
    ++expected;
  }
  running.push_back(start("status-sink-file", {"--path", path("lines")}));
  store = start_store({"--token-file", path("heron")});
  formatter = start("status-formatter");
  BOOST_TEST(client.post(webhook_url("kestrel") + "?token=" + kSecrets[1], kExampleBody).status ==
             200);
  formatter->wait_for_lines(Stream::out, 2);
  BOOST_TEST(ask_until([&] { return echo.attempts() >= expected; }));

  std::string seen;
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    running[i]->wait_for_line(Stream::err, "400");
    const auto letters = launch("status-sink-" + sinks[i].name, {"--dead-letters"});
    BOOST_TEST(letters->wait() == 0);
    seen += letters->text(Stream::out) + letters->text(Stream::err);
  }
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    const std::string& secret = sinks[i].secret;
    for (const Process* other : {running.back().get(), formatter.get(), store.get()}) {
      BOOST_TEST(memory_of(*other).find(secret) == std::string::npos, sinks[i].name);
    }
    BOOST_TEST(memory_of(*running[i]).find(secret) != std::string::npos);  // so it would be seen
    BOOST_TEST(running[i]->terminate() == 0);
    seen += running[i]->text(Stream::err) + read_file(path(sinks[i].name + ".prom"));
  }
  for (const Process* other : {running.back().get(), formatter.get()}) {
    check_silent_about_secrets(memory_of(*other));
  }
  seen += files_below(path("state"));
  check_silent_about_secrets(seen);
  for (const SinkWithSecret& sink : sinks) {
    BOOST_TEST(seen.find(sink.secret) == std::string::npos, sink.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace monitor::tests
