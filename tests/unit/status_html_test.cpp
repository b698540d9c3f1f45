#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "lib/status/text.h"

using namespace monitor::status;

namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(html_to_line_of)

BOOST_AUTO_TEST_CASE(text_that_only_looks_like_html_stays) {
  for (const std::string text :
       {"latency < 5 ms, a<b, AT&T", "a<b and c>d", "x <- y", "<3", "1 < 2 && 3 > 2",
        "retry with <your-api-key>", "<https://status.example.com|details>", "R&D;", "Q&A; more",
        "https://example.com/?a=1&copy=2&lt=3", "&", "<", "a & b", "&#; &#x; &#xZZ;",
        "<b and c> or <i think>", "vector<std::string>", "<a href=\"unclosed", "<a title=\"<\">"}) {
    BOOST_TEST(html_to_line(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(tags_go_and_blocks_leave_a_space) {
  const std::pair<std::string, std::string> cases[] = {
      {"<p>One.</p><p>Two.</p>", "One. Two."},
      {"One.<br>Two.<br/>Three.<BR />Four.", "One. Two. Three. Four."},
      {"all <b>is</b> w<i>el</i>l", "all is well"},
      {"<ul><li>a</li><li>b</li></ul>", "a b"},
      {"<table><tr><td>1</td><td>2</td></tr></table>", "1 2"},
      {"see <a href=\"https://x.example/?a=1>2\" target='_blank'>here</a>.", "see here."},
      {"<section>a</section><main>b</main>", "a b"},
      {"<input disabled>x", "x"},
      {"<p\nclass=a\n>x</p >", "x"},
      {"<p>latency < 5 ms, a<b, AT&T</p>", "latency < 5 ms, a<b, AT&T"},
      {"<!DOCTYPE html><html><head><title>T</title></head><body>B</body></html>", "T B"},
      {"a<!-- not > this -->b", "ab"},
      {"<p></p>", ""},
  };
  for (const auto& [html, line] : cases) {
    BOOST_TEST(html_to_line(html) == line);
  }
}

BOOST_AUTO_TEST_CASE(character_references_are_decoded_once) {
  const std::pair<std::string, std::string> cases[] = {
      {"AT&amp;T", "AT&T"},
      {"&lt;b&gt;", "<b>"},
      {"&amp;lt;", "&lt;"},
      {"a&nbsp;&nbsp;b", "a b"},
      {"&mdash; &hellip; &eacute;", "\u2014 \u2026 \u00e9"},
      {"it&#39;s &#8220;ok&#x201d;", "it's \u201cok\u201d"},
      {"&#128512;", "\U0001F600"},
      {"a&#0;&#xD800;&#x110000;&#99999999;b", "a&#0;&#xD800;&#x110000;&#99999999;b"},
      {"a&#x202e;&#27;&#x85;b", "a b"},
      {"&nosuch;", "&nosuch;"},
  };
  for (const auto& [html, line] : cases) {
    BOOST_TEST(html_to_line(html) == line);
  }
}

BOOST_AUTO_TEST_CASE(scripts_and_styles_go_with_their_content) {
  BOOST_TEST(html_to_line("a<script>if (x<b) alert('</p>')</script>b") == "a b");
  BOOST_TEST(html_to_line("a<STYLE type=\"text/css\">p { color: red }</style>b") == "a b");
  BOOST_TEST(html_to_line("a<script>never closed") == "a");
}

BOOST_AUTO_TEST_CASE(hostile_text_costs_no_more_than_its_length) {
  const auto begin = std::chrono::steady_clock::now();
  for (const std::string part :
       {"<", "&", "<!--", "<a href='", "<a href=\"x\" ", "<script>", "</", "<b>", "&lt", "&#x",
        "<p a=b c=d", "<b ", "<!doctype", "<script></", "<p a='<' "}) {
    html_to_line(repeated(part, (1 << 20) / part.size()));
  }
  // 15 MiB, a third of a second; generous, for a build with sanitizers. Quadratic takes minutes.
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(20)));
}

BOOST_AUTO_TEST_SUITE_END()
