// What a mail of status-sink-email says, from the first header to the last line, as it goes over
// the wire (lines end in CR LF, none is longer than 78 characters). Pure; whatever a sender wrote
// stays text: it can neither add a header nor a tag.
// https://www.rfc-editor.org/rfc/rfc5322 (form, folding in 2.2.3, threads in 3.6.4), rfc2047 (text
// in headers that is not ASCII), rfc2045 6.7 (quoted-printable), rfc2046 5.1.4
// (multipart/alternative), rfc3834 5 (Auto-Submitted), rfc2919 (List-Id).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sinks/delivery/sink.h"

namespace monitor::delivery {

struct Letterhead {
  std::string sender;  // is_mail_address(), as all recipients are
  std::vector<std::string> recipients;
  std::string list_id = {};  // is_list_id(); empty: no such header
};

// NAME@DOMAIN in ASCII that can stand in a header and in SMTP as it is: no quotes, no comments, no
// blanks. A domain of other letters must be given in its ASCII form (xn--...).
bool is_mail_address(std::string_view text);
// "status.example.com": what stands between the angle brackets of a List-Id.
bool is_list_id(std::string_view text);

// "<...@DOMAIN>", of the sender's domain: the same for the same key, so that a mail program shows a
// repeated mail once.
std::string message_id(std::string_view key, const Letterhead& head);

// `root`: the Message-ID of the incident's first mail, which this one answers; empty or its own:
// this is the first.
std::string mail_of(const status::StatusUpdate& update, const std::string& key,
                    const std::string& root, const Letterhead& head);
std::string mail_of(const Missed& missed, system::Time now, const Letterhead& head);

// The steps, for whoever needs one alone:

// "Name: text CRLF", folded; as encoded words where `text` needs them.
std::string header(std::string_view name, std::string_view text);
// Lines end in LF in `text` and in CR LF in what comes out.
std::string quoted_printable(std::string_view text);
std::string html_escaped(std::string_view text);

}  // namespace monitor::delivery
