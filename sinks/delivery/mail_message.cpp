#include "sinks/delivery/mail_message.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lib/http/base64.h"
#include "lib/json/utf8.h"
#include "lib/status/digest.h"
#include "lib/status/text.h"
#include "sinks/delivery/template.h"

namespace monitor::delivery {
namespace {

using status::StatusUpdate;

constexpr std::string_view kNewline = "\r\n";
constexpr std::size_t kLine = 78;    // RFC 5322 2.1.1, without CR LF
constexpr std::size_t kQpLine = 76;  // RFC 2045 6.7 (5)
// An encoded word has at most 75 characters (RFC 2047 2); 42 bytes are 56 of base64, which with
// "=?UTF-8?B?", "?=" and "Subject: " also fit into the first line.
constexpr std::size_t kWordBytes = 42;
constexpr std::size_t kMaxSubject = 250;  // in characters; what follows stands in the text
constexpr std::size_t kMaxAddress = 254;  // RFC 5321 4.5.3.1.3, without angle brackets

bool is_atom_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

// RFC 5322 3.2.3: atoms with single dots between them.
bool is_dot_atom(std::string_view text) {
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !is_atom_character(c)) {
      return false;
    }
    before = c;
  }
  return before != '.';
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

// "=?" would be read as the beginning of an encoded word; a word without a blank can't be folded.
bool needs_encoding(std::string_view name, std::string_view text) {
  return !is_printable_ascii(text) || text.find("=?") != std::string_view::npos ||
         name.size() + 2 + longest_word(text) > kLine;
}

// Characters are not split (RFC 2047 5), so each word is UTF-8 of its own.
std::string encoded_words(std::string_view text) {
  std::string words;
  std::string piece;
  const auto finish = [&] {
    words += fmt::format("{}=?UTF-8?B?{}?=", words.empty() ? "" : "\r\n ", http::to_base64(piece));
    piece.clear();
  };
  while (!text.empty()) {
    std::string character;
    json::append_code_point(character, json::take_code_point(text));
    if (piece.size() + character.size() > kWordBytes) {
      finish();
    }
    piece += character;
  }
  finish();
  return words;
}

// Breaks at blanks: what follows a break begins with its blank.
std::string folded(std::size_t used, std::string_view text) {
  std::string out;
  bool first = true;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (!first && used + 1 + word.size() > kLine) {
      out += kNewline;
      used = 0;
    }
    out += first ? "" : " ";
    out += word;
    used += word.size() + (first ? 0 : 1);
    first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// RFC 5322 3.3.
std::string mail_date(system::Time time) {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(
                         std::chrono::floor<std::chrono::seconds>(time))));
}

struct Content {
  std::string subject;
  std::string text;
  std::string html;
};

struct Fact {
  std::string name;
  std::string value;
};

// What there is beside title, state and message.
std::vector<Fact> facts_of(const StatusUpdate& update) {
  std::vector<Fact> facts;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      facts.push_back({name, value});
    }
  };
  add("Impact", update.impact == status::Impact::none ? "" : std::string(word(update.impact)));
  add("Components", components_of(update));
  add("Since", time_in_words(update.created_at));
  add("Updated", time_in_words(update.happened_at));
  add("Ended", time_in_words(update.resolved_at));
  add("Planned from", time_in_words(update.scheduled_for));
  add("Planned until", time_in_words(update.scheduled_until));
  return facts;
}

std::string text_of(const StatusUpdate& update) {
  std::string text =
      fmt::format("{}\n{}\n\n{}\n\n", title_of(update), spoken(update.state), update.message);
  for (const Fact& fact : facts_of(update)) {
    text += fmt::format("{}: {}\n", fact.name, fact.value);
  }
  return text + (update.url.empty() ? "" : "\n" + update.url + "\n");
}

std::string html_page(const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n"
      "<body style=\"font-family:sans-serif\">\n{}</body></html>\n",
      body);
}

// Mail programs keep little more than tables and inline styles.
std::string html_of(const StatusUpdate& update) {
  std::string body = fmt::format(
      "<div style=\"border-left:4px solid #{:06x};padding-left:12px\">\n<h2>{} {}</h2>\n"
      "<p><b>{}</b></p>\n<p>{}</p>\n<table>\n",
      colour_of(update), symbol_of(update), html_escaped(title_of(update)),
      html_escaped(spoken(update.state)), html_escaped(update.message));
  for (const Fact& fact : facts_of(update)) {
    body += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", html_escaped(fact.name),
                        html_escaped(fact.value));
  }
  body += "</table>\n";
  if (!update.url.empty()) {
    body += fmt::format("<p><a href=\"{0}\">{0}</a></p>\n", html_escaped(update.url));
  }
  return html_page(body + "</div>\n");
}

std::string part(const std::string& boundary, const char* type, const std::string& text) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n",
      boundary, type, quoted_printable(text));
}

// "=_" is in no quoted-printable text, so no part can hold the boundary (RFC 2045 6.7).
std::string multipart(const std::string& key, const Content& content) {
  const std::string boundary = "=_" + status::digest({"boundary", key});
  return fmt::format(
             "MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n "
             "boundary=\"{}\"\r\n\r\n",
             boundary) +
         part(boundary, "text/plain", content.text) + part(boundary, "text/html", content.html) +
         fmt::format("--{}--\r\n", boundary);
}

std::string assembled(const std::string& key, const std::string& root, system::Time date,
                      const Letterhead& head, const Content& content) {
  const std::string id = message_id(key, head);
  std::string mail = header("Date", mail_date(date)) +
                     header("From", fmt::format("Status Monitor <{}>", head.sender)) +
                     fmt::format("To: {}\r\n", fmt::join(head.recipients, ",\r\n ")) +
                     header("Subject", status::cut(content.subject, kMaxSubject)) +
                     fmt::format("Message-ID:\r\n {}\r\n", id);
  if (!root.empty() && root != id) {
    const std::string clean = status::to_line(root);
    mail += fmt::format("In-Reply-To:\r\n {0}\r\nReferences:\r\n {0}\r\n", clean);
  }
  if (!head.list_id.empty()) {
    mail += fmt::format("List-Id:\r\n <{}>\r\n", head.list_id);
  }
  return mail + header("Auto-Submitted", "auto-generated") + multipart(key, content);
}

}  // namespace

bool is_mail_address(std::string_view text) {
  const auto at = text.find('@');
  return at != std::string_view::npos && text.size() <= kMaxAddress && at <= 64 &&
         is_dot_atom(text.substr(0, at)) && is_dot_atom(text.substr(at + 1));
}

bool is_list_id(std::string_view text) {
  return text.size() <= kMaxAddress && text.find('.') != std::string_view::npos &&
         is_dot_atom(text);
}

std::string message_id(std::string_view key, const Letterhead& head) {
  return fmt::format("<{}@{}>", status::digest({"message", key}),
                     head.sender.substr(head.sender.find('@') + 1));
}

std::string header(std::string_view name, std::string_view text) {
  const std::string clean = status::to_line(text);
  return fmt::format(
      "{}: {}\r\n", name,
      needs_encoding(name, clean) ? encoded_words(clean) : folded(name.size() + 2, clean));
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += kNewline;
      used = 0;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
    const bool plain = (c > ' ' && c <= '~' && c != '=') || (c == ' ' && !ends_line);
    if (used + (plain ? 1 : 3) > kQpLine - 1) {  // one for the '=' of a soft break
      out += "=\r\n";
      used = 0;
    }
    // A dot alone in a line ends a mail (RFC 5321 4.5.2); whoever forgets to double it finds none.
    const bool dot = c == '.' && used == 0;
    const std::string code =
        plain && !dot ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    out += code;
    used += code.size();
  }
  return out;
}

std::string html_escaped(std::string_view text) { return with_references(text, "&<>\"'"); }

std::string mail_of(const StatusUpdate& update, const std::string& key, const std::string& root,
                    const Letterhead& head) {
  // The time it came in, not the present: a repeated mail is the same to the last byte.
  return assembled(key, root, update.received_at, head,
                   {.subject = fmt::format("{} ({})", title_of(update), plain(update.state)),
                    .text = text_of(update),
                    .html = html_of(update)});
}

std::string mail_of(const Missed& missed, system::Time now, const Letterhead& head) {
  const std::string words = in_words(missed);
  return assembled(missed.key, "", now, head,
                   {.subject = "Status Monitor: " + words,
                    .text = words + "\n",
                    .html = html_page("<p>" + html_escaped(words) + "</p>\n")});
}

}  // namespace monitor::delivery
