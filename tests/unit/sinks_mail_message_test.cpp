// What a mail says: headers, folding, RFC 2047, threads, bodies, and text from people who mean ill;
// and what a server's refusals mean.
#include "sinks/delivery/mail_message.h"

#include <boost/test/unit_test.hpp>
#include <map>

#include "lib/http/base64.h"
#include "lib/json/utf8.h"
#include "sinks/delivery/mailer.h"
#include "tests/support/temp_dir.h"

namespace monitor::delivery {
namespace {

const Letterhead kHead{.sender = "status@example.com",
                       .recipients = {"ops@example.com", "boss@example.net"},
                       .list_id = "status.example.com"};

status::StatusUpdate update() {
  status::StatusUpdate update;
  update.provider = "github";
  update.provider_name = "GitHub";
  update.incident_id = "i1";
  update.name = "Pushes fail";
  update.impact = status::Impact::major;
  update.state = status::State::investigating;
  update.components = {{"c1", "API", status::State::partial_outage}};
  update.message = "We are looking into it.";
  update.url = "https://stspg.io/x?a=1&b=2";
  update.received_at = system::from_microseconds(1'771'597'925'123'456);
  update.happened_at = update.received_at;
  return update;
}

// The headers unfolded, by name, and what follows.
struct Read {
  std::map<std::string, std::string> headers;
  std::string body;
};

Read read(const std::string& mail) {
  Read found;
  const auto end = mail.find("\r\n\r\n");
  BOOST_REQUIRE(end != std::string::npos);
  found.body = mail.substr(end + 4);
  std::string name;
  for (std::string line : tests::lines_of(mail.substr(0, end))) {
    if (line.ends_with('\r')) {
      line.pop_back();
    }
    if (line.starts_with(' ')) {
      found.headers[name] += line;
      continue;
    }
    const auto colon = line.find(": ");
    const bool bare = line.ends_with(':');
    BOOST_REQUIRE_MESSAGE(colon != std::string::npos || bare, line);
    name = line.substr(0, line.find(':'));
    BOOST_TEST(found.headers.count(name) == 0U, name << " is there twice");
    found.headers[name] = bare ? "" : line.substr(colon + 2);
  }
  return found;
}

std::string mail(const status::StatusUpdate& update, const std::string& root = "") {
  return mail_of(update, "key-1", root, kHead);
}

void check_lines(const std::string& mail) {
  std::size_t begin = 0;
  while (begin < mail.size()) {
    const auto end = mail.find("\r\n", begin);
    BOOST_REQUIRE(end != std::string::npos);
    BOOST_TEST(end - begin <= 78U, mail.substr(begin, end - begin));
    for (std::size_t i = begin; i < end; ++i) {
      const auto c = static_cast<unsigned char>(mail[i]);
      BOOST_REQUIRE(c >= ' ');
      BOOST_REQUIRE(c <= '~');
    }
    begin = end + 2;
  }
}

std::string decoded_words(std::string text) {
  std::string out;
  for (std::size_t at = 0; (at = text.find("=?UTF-8?B?", at)) != std::string::npos;) {
    const auto end = text.find("?=", at + 10);
    BOOST_TEST(end + 2 - at <= 75U);
    const auto word = http::from_base64(text.substr(at + 10, end - at - 10));
    BOOST_REQUIRE(word);
    BOOST_TEST(json::is_utf8(*word), "a character is split");
    out += *word;
    at = end;
  }
  return out;
}

std::string decoded_quoted_printable(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string code = text.substr(i + 1, 2);
    if (text[i] != '=' || code == "ut" || code[0] == '_') {  // charset=utf-8, a boundary
      out += text[i];
    } else if (code == "\r\n") {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(code, nullptr, 16));
      i += 2;
    }
  }
  return out;
}

BOOST_AUTO_TEST_SUITE(sinks_mail_message)

BOOST_AUTO_TEST_CASE(all_headers_are_there_once) {
  const Read found = read(mail(update()));
  const std::map<std::string, std::string> expected{
      {"Date", "Fri, 20 Feb 2026 14:32:05 +0000"},
      {"From", "Status Monitor <status@example.com>"},
      {"To", "ops@example.com, boss@example.net"},
      {"Subject", "GitHub: Pushes fail (investigating)"},
      {"Message-ID", " " + message_id("key-1", kHead)},
      {"List-Id", " <status.example.com>"},
      {"Auto-Submitted", "auto-generated"},
      {"MIME-Version", "1.0"}};
  for (const auto& [name, value] : expected) {
    BOOST_TEST(found.headers.at(name) == value);
  }
  BOOST_TEST(found.headers.at("Content-Type").starts_with("multipart/alternative; boundary=\"=_"));
  BOOST_TEST(found.headers.size() == expected.size() + 1);
}

BOOST_AUTO_TEST_CASE(the_id_is_the_keys_and_the_senders_domain) {
  BOOST_TEST(message_id("a", kHead) == message_id("a", kHead));
  BOOST_TEST(message_id("a", kHead) != message_id("b", kHead));
  const std::string id = message_id("we<i>r d@\r\nkey", kHead);
  BOOST_TEST(id.starts_with('<'));
  BOOST_TEST(id.ends_with("@example.com>"));
  BOOST_TEST(id.find_first_of("<@ \r\n", 1) == id.find('@'));
  BOOST_TEST(mail(update()) == mail(update()), "a repeated mail is the same");
}

BOOST_AUTO_TEST_CASE(a_later_mail_answers_the_first_and_the_first_nobody) {
  const std::string root = message_id("key-0", kHead);
  const auto later = read(mail(update(), root)).headers;
  BOOST_TEST(later.at("In-Reply-To") == " " + root);
  BOOST_TEST(later.at("References") == " " + root);
  for (const std::string& none : {std::string(), message_id("key-1", kHead)}) {
    const auto first = read(mail(update(), none)).headers;
    BOOST_TEST(first.count("In-Reply-To") == 0U);
    BOOST_TEST(first.count("References") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_long_subject_is_folded_at_its_blanks) {
  std::string words;
  for (int i = 0; i < 30; ++i) {
    words += " word" + std::to_string(i);
  }
  const std::string text = header("Subject", words);
  check_lines(text);
  BOOST_TEST(text.find("\r\n word") != std::string::npos);
  std::string unfolded = text;
  for (std::size_t at = 0; (at = unfolded.find("\r\n")) != std::string::npos;) {
    unfolded.erase(at, 2);
  }
  BOOST_TEST(unfolded == "Subject:" + words);
}

BOOST_AUTO_TEST_CASE(text_that_is_not_ascii_becomes_encoded_words) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "Störungen 🔴 東京 ";  // 23 bytes, so that words begin everywhere in it
  }
  text.pop_back();
  const std::string encoded = header("Subject", text);
  check_lines(encoded);
  BOOST_TEST(decoded_words(encoded) == text);
}

BOOST_AUTO_TEST_CASE(what_looks_like_an_encoded_word_or_can_not_be_folded_is_encoded) {
  for (const std::string& text : {std::string("=?UTF-8?Q?fake?="), std::string(500, 'x')}) {
    const std::string encoded = header("Subject", text);
    check_lines(encoded);
    BOOST_TEST(decoded_words(encoded) == text);
  }
}

BOOST_AUTO_TEST_CASE(quoted_printable_comes_back_as_it_was) {
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += c == '\n' || c == '\r' ? 'x' : static_cast<char>(c);
  }
  for (const std::string& text :
       {all, std::string(1000, 'a'), std::string(300, '='), std::string(200, '.'),
        std::string("a=b \nend "), std::string("Größe 5 < 6\n\n.\n..dots\nFrom me")}) {
    const std::string encoded = quoted_printable(text);
    check_lines(encoded + "\r\n");
    BOOST_TEST(("\r\n" + encoded).find("\r\n.") == std::string::npos);
    std::string expected;
    for (const char c : text) {
      expected += c == '\n' ? "\r\n" : std::string(1, c);
    }
    BOOST_TEST(decoded_quoted_printable(encoded) == expected);
  }
  BOOST_TEST(quoted_printable("blank \n") == "blank=20\r\n");
  BOOST_TEST(quoted_printable(std::string(76, 'a')) == std::string(75, 'a') + "=\r\na");
}

BOOST_AUTO_TEST_CASE(both_parts_tell_all) {
  const std::string text = decoded_quoted_printable(read(mail(update())).body);
  for (const char* part :
       {"GitHub: Pushes fail\r\nInvestigating\r\n\r\nWe are looking into it.\r\n",
        "Impact: major\r\nComponents: API (partial outage)\r\nUpdated: 2026-02-20 14:32:05 UTC\r\n",
        "\r\nhttps://stspg.io/x?a=1&b=2\r\n", "<td>API (partial outage)</td>",
        "<a href=\"https://stspg.io/x?a=1&amp;b=2\">"}) {
    BOOST_TEST(text.find(part) != std::string::npos, part);
  }
}

BOOST_AUTO_TEST_CASE(a_sender_can_add_neither_headers_nor_tags_nor_parts) {
  auto hostile = update();
  const std::string evil =
      "x\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script> \" onclick='x' & \n.\r\n--=_";
  hostile.provider_name = hostile.name = hostile.message = evil;
  hostile.components = {{"c", evil, {}}};
  hostile.url = "https://x.example/\"><img>";
  const std::string text = mail(hostile, "<root@example.com>\r\nBcc: all@example.com");
  check_lines(text);
  const Read found = read(text);
  BOOST_TEST(found.headers.count("Bcc") == 0U);
  const std::string body = found.body;
  const std::string boundary = found.headers.at("Content-Type").substr(33, 34);
  std::size_t parts = 0;
  for (std::size_t at = 0; (at = body.find("--" + boundary, at)) != std::string::npos; ++at) {
    ++parts;
  }
  BOOST_TEST(parts == 3U);
  const std::string decoded = decoded_quoted_printable(body);
  const std::string html = decoded.substr(decoded.find("<!DOCTYPE"));
  BOOST_TEST(html.find("<script") == std::string::npos);
  BOOST_TEST(html.find("<img") == std::string::npos);
  BOOST_TEST(html.find("onclick='") == std::string::npos);
  BOOST_TEST(html.find("&lt;script&gt;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_missed_is_told_in_words) {
  const Read found =
      read(mail_of(Missed{.updates = 12, .incidents = 3, .key = "k"}, update().received_at, kHead));
  BOOST_TEST(found.headers.at("Subject") ==
             "Status Monitor: 12 updates of 3 incidents while away; "
             "the latest of each follows");
  BOOST_TEST(found.body.find("12 updates of 3 incidents") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(addresses_that_could_mean_anything_else_are_refused) {
  for (const char* good : {"a@b", "first.last+tag@sub.example.com", "o'neil@example.com"}) {
    BOOST_TEST(is_mail_address(good), good);
  }
  for (const char* bad :
       {"", "@", "a@", "@b", "a b@c", "a@b\r\nDATA", "<a@b>", "A <a@b>", "a@b, c@d", "a@b@c",
        "\"a\"@b", ".a@b", "a.@b", "a..b@c", "a@b.", "ä@b", "a@ü.example"}) {
    BOOST_TEST(!is_mail_address(bad), bad);
  }
  BOOST_TEST(!is_mail_address(std::string(65, 'a') + "@b"));
  BOOST_TEST(is_list_id("status.example.com"));
  BOOST_TEST(!is_list_id("status"));
  BOOST_TEST(!is_list_id("a.b>\r\nX: y"));
}

// ---- what replies mean

using Kind = Outcome::Kind;

Mailed::Refusal refusal(const std::string& recipient, int code) {
  return {recipient, {.code = code, .text = "as told"}};
}

BOOST_AUTO_TEST_CASE(who_is_refused_for_good_is_left_out_and_the_others_have_it) {
  Round round("k", {"a@x", "b@x"});
  BOOST_TEST((round.judge({.taken = true, .refused = {refusal("b@x", 550)}}, "mx").kind ==
              Kind::delivered));
  Round all("k", {"a@x", "b@x"});
  const Outcome none = all.judge({.refused = {refusal("a@x", 550), refusal("b@x", 551)}}, "mx");
  BOOST_TEST((none.kind == Kind::rejected));
  BOOST_TEST(none.reason == "mx refuses b@x: 551 as told");
}

BOOST_AUTO_TEST_CASE(who_is_put_off_is_asked_again_alone) {
  Round round("k", {"a@x", "b@x", "c@x"});
  const Mailed first{.taken = true, .refused = {refusal("b@x", 451), refusal("c@x", 550)}};
  BOOST_TEST((round.judge(first, "mx").kind == Kind::retry));
  BOOST_TEST(round.left() == (std::vector<std::string>{"b@x"}), boost::test_tools::per_element());
  // Refused in the end: but the first has it.
  BOOST_TEST((round.judge({.refused = {refusal("b@x", 550)}}, "mx").kind == Kind::delivered));
}

BOOST_AUTO_TEST_CASE(refusals_of_the_mail_as_a_whole) {
  const auto kind = [](int code) {
    return Round("k", {"a@x"}).judge({.reply = {.code = code, .text = ""}}, "mx").kind;
  };
  BOOST_TEST((kind(451) == Kind::retry));
  BOOST_TEST((kind(554) == Kind::rejected));
  for (const int login : {530, 534, 535, 538}) {
    BOOST_TEST((kind(login) == Kind::retry), login);
  }
  Round later("k", {"a@x", "b@x"});
  later.judge({.taken = true, .refused = {refusal("b@x", 451)}}, "mx");
  BOOST_TEST((later.judge({.reply = {.code = 554, .text = ""}}, "mx").kind == Kind::delivered));
  Round away("k", {"a@x"});
  BOOST_TEST((away.judge({.error = "no connection"}, "mx").kind == Kind::retry));
  BOOST_TEST(away.left().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace monitor::delivery
