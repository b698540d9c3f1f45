// HTTPS without a proxy: receiver and store with --tls-cert and --tls-key, asked by curl and by
// openssl s_client.
#include <fmt/format.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <thread>

#include "tests/support/bodies.h"
#include "tests/support/certificates.h"
#include "tests/support/json.h"
#include "tests/support/pipeline.h"
#include "tests/support/raw_connection.h"

namespace monitor::tests {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Secure : Pipeline {
  Secure() {
    make_certificate(path(""), "first");
    make_certificate(path(""), "second");
    write_file(path("both.pem"), read_file(path("first.pem")) + read_file(path("second.pem")));
    use("first");
    client.trust(path("first.pem"));
  }

  // Puts it where the programs look.
  void use(const std::string& name) const {
    write_file(path("shown.pem"), read_file(path(name + ".pem")));
    write_file(path("shown.key"), read_file(path(name + ".key")));
  }
  Arguments tls(Arguments more = {}) const {
    more.insert(more.end(), {"--tls-cert", path("shown.pem"), "--tls-key", path("shown.key")});
    return more;
  }
  std::string https(const std::string& path_in_url = "/webhook/statuspage") const {
    return fmt::format("https://localhost:{}{}", receiver_port(), path_in_url);
  }
  // What s_client tells of a connection; `input` is sent on it.
  std::string look(const std::vector<std::string>& how = {}, const std::string& input = "") const {
    std::vector<std::string> arguments{"s_client", "-connect",
                                       fmt::format("127.0.0.1:{}", receiver_port())};
    arguments.insert(arguments.end(), how.begin(), how.end());
    return ask_openssl(arguments, input);
  }
  void reload(Process& program, const std::string& said) const {
    const std::size_t lines = program.line_count(Stream::err);
    program.signal(SIGHUP);
    program.wait_for_line(Stream::err, said, lines);
  }
  std::string refusal(const std::string& certificate, const std::string& key,
                      const Arguments& more = {}) {
    Arguments arguments{"--port", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    for (const auto& [flag, file] : {std::pair{"--tls-cert", certificate}, {"--tls-key", key}}) {
      if (!file.empty()) {
        arguments.insert(arguments.end(), {flag, path(file)});
      }
    }
    const auto process = launch("status-receiver", arguments);
    BOOST_TEST(process->wait() == 78, certificate << ' ' << key);
    BOOST_TEST(process->line_count(Stream::err) == 1U, process->text(Stream::err));
    return process->text(Stream::err);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(Tls, Secure)

BOOST_AUTO_TEST_CASE(curl_posts_and_everything_is_served) {
  receiver = start_receiver(tls());
  const std::string said =
      receiver->wait_for_line(Stream::err, "give providers the URL https://localhost:");
  BOOST_TEST(has(said, https()));
  BOOST_TEST(has(receiver->text(Stream::err), "listening on https://127.0.0.1:"));
  Process curl({.program = "curl",
                .arguments = {"-sS", "--noproxy", "*", "--cacert", path("first.pem"), "-d",
                              std::string(kExampleBody), https()}});
  BOOST_TEST(curl.wait() == 0, curl.text(Stream::err));
  BOOST_TEST(has(curl.text(Stream::out), "\"accepted\""));
  BOOST_TEST(client.post(https("/test"), "").status == 200);
  BOOST_TEST(client.get(https("/health")).status == 200);
  BOOST_TEST(has(client.get(https("/metrics")).body, "\nstatus_receiver_tls_not_after_seconds 1"));
  // The head alone: who still sends when we hang up may not see the answer.
  BOOST_TEST(has(look({"-quiet", "-ign_eof"},
                      "POST /webhook/auto HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"),
                 "HTTP/1.1 413 "));
  HttpClient stranger;
  stranger.trust(path("second.pem"));
  BOOST_TEST(stranger.get(https("/health")).status == 0);
  BOOST_TEST(receiver->terminate() == 0);
}

BOOST_AUTO_TEST_CASE(bodies_of_a_mebibyte_come_whole) {
  receiver = start_receiver(tls());
  for (const std::size_t padding : {7'900U, 16'384U, 100'000U, 1'000'000U}) {
    const std::string body = "{\"x\":\"" + std::string(padding, 'x') + "\"}";
    BOOST_TEST(client.post(https(), body).status == 200);
    BOOST_TEST(client.post(https(), body, {"Transfer-Encoding: chunked"}).status == 200);
  }
}

BOOST_AUTO_TEST_CASE(only_tls_1_2_and_1_3_are_spoken) {
  receiver = start_receiver(tls());
  const std::vector<std::string> lax{"-cipher", "ALL:@SECLEVEL=0"};
  for (const char* version : {"-tls1", "-tls1_1"}) {
    BOOST_TEST(has(look({version, lax[0], lax[1]}), "Cipher is (NONE)"), version);
  }
  BOOST_TEST(has(look({"-tls1_2", "-alpn", "h2,http/1.1"}), "New, TLSv1.2, Cipher is ECDHE-"));
  const std::string newest = look({"-tls1_3", "-alpn", "h2,http/1.1"});
  BOOST_TEST(has(newest, "New, TLSv1.3, Cipher is TLS_AES_"));
  BOOST_TEST(has(newest, "ALPN protocol: http/1.1"));
  for (const char* weak : {"AES128-SHA", "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA"}) {
    BOOST_TEST(has(look({"-tls1_2", "-cipher", weak}), "Cipher is (NONE)"), weak);
  }
}

BOOST_AUTO_TEST_CASE(files_that_make_no_handshake_are_refused_with_the_reason) {
  const auto write = [this](const char* name, const std::string& text) {
    write_file(path(name), text);
  };
  write("empty", "");
  write("swapped.pem", read_file(path("second.pem")) + read_file(path("first.pem")));
  write("broken.pem", read_file(path("first.pem")).substr(0, 200));
  ask_openssl({"pkcs8", "-topk8", "-in", path("first.key"), "-out", path("modern.key"), "-passout",
               "pass:horse"});
  ask_openssl({"ec", "-aes128", "-in", path("first.key"), "-out", path("old.key"), "-passout",
               "pass:horse"});
  struct Wrong {
    const char* certificate;
    const char* key;
    const char* said;
  };
  for (const auto& [certificate, key, said] :
       std::vector<Wrong>{{"first.pem", "", "fatal: --tls-cert is given without --tls-key"},
                          {"", "first.key", "fatal: --tls-key is given without --tls-cert"},
                          {"none.pem", "first.key", "none.pem: No such file"},
                          {"first.pem", "none.key", "none.key: No such file"},
                          {"runtime", "first.key", "runtime: Is a directory"},
                          {"empty", "first.key", "empty: it holds no certificate in PEM"},
                          {"first.key", "first.key", "first.key: it holds no certificate in PEM"},
                          {"broken.pem", "first.key", "broken.pem: it holds no certificate in PEM"},
                          {"first.pem", "empty", "empty: it holds no private key in PEM"},
                          {"first.pem", "first.pem", "first.pem: it holds no private key in PEM"},
                          {"first.pem", "modern.key", "modern.key: it is encrypted"},
                          {"first.pem", "old.key", "old.key: it is encrypted"},
                          {"first.pem", "second.key", "second.key: it is not the key of"},
                          {"swapped.pem", "first.key", "first.key: it is not the key of"}}) {
    BOOST_TEST(has(refusal(certificate, key), said), certificate << ' ' << key);
    BOOST_TEST(has(refusal(certificate, key, {"--check"}), said), certificate << ' ' << key);
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_near_or_past_its_end_is_used_with_a_warning) {
  const auto check = [this](const std::string& name) {
    const auto process = launch("status-receiver", {"--check", "--tls-cert", path(name + ".pem"),
                                                    "--tls-key", path(name + ".key")});
    BOOST_TEST(process->wait() == 0);
    return process->text(Stream::err);
  };
  make_certificate(path(""), "soon", 5);
  make_certificate(path(""), "over", -1);
  BOOST_TEST(!has(check("first"), "warning"), check("first"));
  BOOST_TEST(has(check("soon"), "soon.pem: it ends soon, on 20"));
  BOOST_TEST(has(check("over"), "over.pem: senders refuse it, it ended on 20"));
  std::filesystem::permissions(path("first.key"), std::filesystem::perms(0644));
  BOOST_TEST(has(check("first"), "can be read by everybody"));
}

BOOST_AUTO_TEST_CASE(credentials_of_the_unit_go_by_their_names) {
  receiver = launch("status-receiver",
                    {"--port", "0", "--tls-cert", "shown.pem", "--tls-key", "shown.key"},
                    {{"CREDENTIALS_DIRECTORY", path("")}});
  const std::string url = fmt::format("https://localhost:{}/health", wait_for_port(*receiver));
  BOOST_TEST(client.get(url).status == 200);
}

BOOST_AUTO_TEST_CASE(after_hup_new_connections_see_the_new_one_and_old_ones_go_on) {
  receiver = start_receiver(tls());
  BOOST_TEST(client.post(https(), kExampleBody).status == 200);
  BOOST_TEST(has(look(), "subject=CN = first"));
  use("second");
  reload(*receiver, "reloaded");
  BOOST_TEST(has(look(), "subject=CN = second"));
  BOOST_TEST(client.post(https(), kExampleBody).status == 200);  // on its old connection
  HttpClient fresh;
  fresh.trust(path("first.pem"));
  BOOST_TEST(fresh.post(https(), kExampleBody).status == 0);
  fresh.trust(path("second.pem"));
  BOOST_TEST(fresh.post(https(), kExampleBody).status == 200);
}

BOOST_AUTO_TEST_CASE(wrong_new_files_change_nothing) {
  receiver = start_receiver(tls());
  write_file(path("shown.pem"), read_file(path("second.pem")));  // and not yet its key
  reload(*receiver, "shown.key: it is not the key of .*; nothing is changed, what was read before");
  BOOST_TEST(has(look(), "subject=CN = first"));
  BOOST_TEST(client.post(https(), kExampleBody).status == 200);
  use("second");
  reload(*receiver, "reloaded");
  BOOST_TEST(has(look(), "subject=CN = second"));
}

BOOST_AUTO_TEST_CASE(twenty_hups_under_load_refuse_nobody) {
  receiver = start_receiver(tls());
  std::atomic<bool> over{false};
  std::atomic<int> taken{0};
  std::atomic<int> others{0};
  std::vector<std::thread> senders;
  for (int i = 0; i < 4; ++i) {
    senders.emplace_back([&, i] {
      HttpClient lasting;  // two of them keep their connection
      lasting.trust(path("both.pem"));
      for (int number = 0; !over; ++number) {
        HttpClient fresh;
        fresh.trust(path("both.pem"));
        const auto body = incident_body(fmt::format("{}-{}", i, number));
        const int status = (i % 2 == 0 ? lasting : fresh).post(https(), body).status;
        ++(status == 200 ? taken : others);
      }
    });
  }
  for (int hup = 0; hup < 20; ++hup) {
    const int before = taken;
    BOOST_TEST(ask_until([&] { return taken > before + 20; }));
    use(hup % 2 == 0 ? "second" : "first");
    reload(*receiver, "reloaded");
  }
  over = true;
  for (std::thread& sender : senders) {
    sender.join();
  }
  BOOST_TEST(others == 0);
  const Json health(client.get(https("/health")).body);
  BOOST_TEST(health["journal"]["last_seq"].integer().value_or(0) == taken);
}

BOOST_AUTO_TEST_CASE(who_is_slow_is_cut_off_and_told_where_it_can_be) {
  receiver = start_receiver(tls({"--request-time", "1s"}));
  RawConnection silent(receiver_port());
  RawConnection midway(receiver_port());
  BOOST_TEST(midway.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)));
  BOOST_TEST(silent.wait_for_close());
  BOOST_TEST(midway.wait_for_close());
  const std::string post = "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\n";
  for (const char* version : {"-tls1_2", "-tls1_3"}) {
    // -ign_eof: it waits for our end.
    BOOST_TEST(has(look({version, "-quiet", "-ign_eof"}, post), "HTTP/1.1 408 "), version);
    const std::string started = post + "Content-Length: 100\r\n\r\nhalf";
    BOOST_TEST(has(look({version, "-quiet", "-ign_eof"}, started), "HTTP/1.1 408 "), version);
  }
  BOOST_TEST(has(client.get(https("/health")).body, "\"too_slow\":4,"));
}

BOOST_AUTO_TEST_CASE(a_chunked_body_that_becomes_too_large_is_told_so) {
  receiver = start_receiver(tls({"--max-body", "1000"}));
  const std::string chunk = "100\r\n" + std::string(256, 'x') + "\r\n";
  BOOST_TEST(has(look({"-quiet", "-ign_eof"},
                      "POST /webhook/statuspage HTTP/1.1\r\nHost: x\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n" +
                          chunk + chunk + chunk + chunk),
                 "HTTP/1.1 413 "));
}

BOOST_AUTO_TEST_CASE(what_is_no_tls_ends_alone) {
  receiver = start_receiver(tls());
  BOOST_TEST(client.post(https(), kExampleBody).status == 200);
  BOOST_TEST(HttpClient().get(receiver_url("/health")).status == 0);
  for (const std::string& junk : {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(5000, '\0'),
                                  std::string("\x16\x03\x01\xff\xff") + std::string(70000, 'x'),
                                  std::string("\x15\x03\x03\x00\x02\x02\x28", 7)}) {
    RawConnection connection(receiver_port());
    connection.send(junk);
    BOOST_TEST(connection.wait_for_close());
  }
  BOOST_TEST(client.post(https(), kExampleBody).status == 200);
}

BOOST_AUTO_TEST_CASE(a_restart_on_a_socket_that_systemd_holds_refuses_nobody) {
  Arguments arguments{"tests/support/activate.py", programs_directory() + "/status-receiver"};
  for (const std::string& one : tls()) {
    arguments.push_back(one);
  }
  Process activated(
      {.program = "/usr/bin/python3", .arguments = arguments, .environment = environment()});
  const std::string url = fmt::format("https://127.0.0.1:{}/webhook/statuspage",
                                      activated.wait_for_lines(Stream::out, 1).front());
  std::atomic<bool> over{false};
  std::atomic<int> taken{0};
  std::atomic<int> others{0};
  std::thread sender([&] {
    for (int number = 0; !over; ++number) {
      HttpClient fresh;
      fresh.trust(path("first.pem"));
      ++(fresh.post(url, incident_body(std::to_string(number))).status == 200 ? taken : others);
    }
  });
  for (int restart = 0; restart < 5; ++restart) {
    const int before = taken;
    BOOST_TEST(ask_until([&] { return taken > before + 5; }));
    const std::size_t lines = activated.line_count(Stream::out);
    activated.signal(SIGUSR1);
    BOOST_TEST(activated.wait_for_lines(Stream::out, lines + 1).back() == "restarted 0");
  }
  over = true;
  sender.join();
  BOOST_TEST(others == 0);
  BOOST_TEST(activated.terminate() == 0);
}

BOOST_AUTO_TEST_CASE(the_store_speaks_it_too) {
  store = start_store(tls());
  const std::string url = fmt::format("https://localhost:{}", store_port());
  BOOST_TEST(client.get(url + "/providers").status == 200);
  BOOST_TEST(has(client.get(url + "/metrics").body, "\nstatus_store_tls_not_after_seconds 1"));
  use("second");
  reload(*store, "reloaded");
  HttpClient fresh;
  fresh.trust(path("second.pem"));
  BOOST_TEST(fresh.get(url + "/").status == 200);
  write_file(path("shown.key"), "");
  reload(*store, "shown.key: it holds no private key .*; what was read before stays in force");
  BOOST_TEST(fresh.get(url + "/").status == 200);
  BOOST_TEST(store->terminate() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace monitor::tests
