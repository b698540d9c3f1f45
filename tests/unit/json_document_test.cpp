#include "lib/json/document.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace monitor::json;

namespace {

Document parsed(const std::string& text) {
  auto document = Document::parse(text);
  BOOST_REQUIRE_MESSAGE(document, text);
  return *std::move(document);
}

// Whatever a view stands for, every question has an answer.
void ask_everything(View view) {
  view.is_null();
  view.is_object();
  view.is_array();
  view.is_string();
  view.is_number();
  view["a"];
  view[""];
  view.at(0);
  view.at(std::numeric_limits<std::size_t>::max());
  view.size();
  view.text();
  view.scalar();
  view.integer();
  view.number();
  view.boolean();
  view.key_at(0);
  view.key_at(std::numeric_limits<std::size_t>::max());
  view.member_at(0);
  view.member_at(std::numeric_limits<std::size_t>::max());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_view)

BOOST_AUTO_TEST_CASE(a_missing_value_answers_every_question) {
  const View missing;
  BOOST_TEST(!missing.present());
  BOOST_TEST(!missing.is_null());
  BOOST_TEST(missing.size() == 0U);
  BOOST_TEST(missing.text() == "");
  BOOST_TEST(missing.scalar() == "");
  BOOST_TEST(!missing.integer());
  BOOST_TEST(!missing.number());
  BOOST_TEST(!missing.boolean());
  BOOST_TEST(!missing["a"]["b"].at(3)["c"].present());
  BOOST_TEST(missing.key_at(0) == "");
  ask_everything(missing);
}

BOOST_AUTO_TEST_CASE(values_of_every_type_answer_every_question) {
  const Document document =
      parsed(R"([null,true,1,-1,1.5,18446744073709551615,"text","",[],[1],{},{"a":1},{"":2}])");
  for (std::size_t i = 0; i < document.root().size(); ++i) {
    ask_everything(document.root().at(i));
  }
}

BOOST_AUTO_TEST_CASE(what_is_of_another_type_is_as_good_as_missing) {
  const Document document = parsed(R"({"s":"x","n":1,"o":{"a":1},"l":[1],"z":null,"b":true})");
  const View root = document.root();
  for (const char* key : {"n", "o", "l", "z", "b"}) {
    BOOST_TEST(root[key].text() == "", key);
  }
  for (const char* key : {"s", "o", "l", "z", "b"}) {
    BOOST_TEST(!root[key].integer(), key);
    BOOST_TEST(!root[key].number(), key);
  }
  for (const char* key : {"s", "n", "o", "l", "z"}) {
    BOOST_TEST(!root[key].boolean(), key);
  }
  for (const char* key : {"s", "n", "l", "z", "b"}) {
    BOOST_TEST(!root[key]["a"].present(), key);
    BOOST_TEST(!root[key].member_at(0).present(), key);
    BOOST_TEST(root[key].key_at(0) == "", key);
  }
  for (const char* key : {"s", "n", "o", "z", "b"}) {
    BOOST_TEST(!root[key].at(0).present(), key);
  }
}

BOOST_AUTO_TEST_CASE(null_is_present) {
  const Document document = parsed(R"({"a":null})");
  BOOST_TEST(document.root()["a"].present());
  BOOST_TEST(document.root()["a"].is_null());
  BOOST_TEST(!document.root()["b"].present());
}

BOOST_AUTO_TEST_CASE(members_and_elements_are_found_and_counted) {
  const Document document = parsed(R"({"a":[10,20],"b":{"c":"d"},"a":[30]})");
  const View root = document.root();
  BOOST_TEST(root.size() == 3U);
  BOOST_TEST(root["a"].size() == 2U);
  BOOST_TEST(root["a"].at(1).integer().value() == 20);
  BOOST_TEST(!root["a"].at(2).present());
  BOOST_TEST(root["b"]["c"].text() == "d");
  BOOST_TEST(root.key_at(1) == "b");
  BOOST_TEST(root.member_at(2).at(0).integer().value() == 30);
  BOOST_TEST(!root.member_at(3).present());
}

BOOST_AUTO_TEST_CASE(a_member_is_looked_for_among_the_first_thousand) {
  std::string text = "{";
  for (std::size_t i = 0; i < kMaxSearched; ++i) {
    text += "\"" + std::to_string(i) + "\":1,";
  }
  const Document document = parsed(text + "\"last\":1}");
  BOOST_TEST(document.root()["999"].present());
  BOOST_TEST(!document.root()["last"].present());
  BOOST_TEST(document.root().key_at(kMaxSearched) == "last");
}

BOOST_AUTO_TEST_CASE(of_many_elements_or_members_the_first_are_seen) {
  std::string list = "[0";
  std::string object = "{\"\":0";
  for (std::size_t i = 1; i <= kMaxSeen; ++i) {
    list += ",0";
    object += ",\"\":0";
  }
  for (const std::string& text : {list + "]", object + "}"}) {
    const Document document = parsed(text);
    BOOST_TEST(document.root().size() == kMaxSeen);
    BOOST_TEST(!document.root().at(kMaxSeen).present());
    BOOST_TEST(!document.root().member_at(kMaxSeen).present());
  }
}

BOOST_AUTO_TEST_CASE(a_key_is_found_whole_and_with_its_nul) {
  const Document document = parsed(R"({"ab":1,"a\u0000b":2,"":3})");
  const View root = document.root();
  BOOST_TEST(!root["a"].present());
  BOOST_TEST(root["ab"].integer().value() == 1);
  BOOST_TEST(root[std::string_view("a\0b", 3)].integer().value() == 2);
  BOOST_TEST(root[""].integer().value() == 3);
  BOOST_TEST(root[std::string_view()].integer().value() == 3);
}

BOOST_AUTO_TEST_CASE(integers_are_told_from_what_does_not_fit) {
  const struct {
    const char* text;
    std::optional<std::int64_t> value;
  } cases[] = {{"0", 0},
               {"-0", 0},
               {"9223372036854775807", INT64_MAX},
               {"-9223372036854775808", INT64_MIN},
               {"9223372036854775808", std::nullopt},
               {"18446744073709551616", std::nullopt},
               {"1.0", std::nullopt},
               {"1e2", std::nullopt}};
  for (const auto& [text, value] : cases) {
    BOOST_TEST((parsed(text).root().integer() == value), text);
    BOOST_TEST(parsed(text).root().number().has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(scalar_writes_ids_of_any_kind) {
  const struct {
    const char* text;
    const char* scalar;
  } cases[] = {{R"("x1")", "x1"},  {"42", "42"},
               {"-7", "-7"},       {"true", "true"},
               {"false", "false"}, {"null", ""},
               {"[1]", ""},        {"{\"a\":1}", ""},
               {"1.5", "1.5"},     {"18446744073709551615", "18446744073709551615"}};
  for (const auto& [text, scalar] : cases) {
    BOOST_TEST(parsed(text).root().scalar() == scalar, text);
  }
}

BOOST_AUTO_TEST_CASE(a_string_may_hold_a_nul) {
  BOOST_TEST(parsed(R"("a\u0000b")").root().text().size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_document)

BOOST_AUTO_TEST_CASE(a_document_can_be_moved_and_replaced) {
  Document one = parsed(R"({"a":"one"})");
  Document other = std::move(one);
  BOOST_TEST(other.root()["a"].text() == "one");
  other = parsed(R"({"a":"two"})");
  BOOST_TEST(other.root()["a"].text() == "two");
}

BOOST_AUTO_TEST_CASE(the_text_need_not_outlive_the_document) {
  auto text = std::make_unique<std::string>(R"({"key":"a text that is longer than any buffer"})");
  const Document document = parsed(*text);
  text.reset();
  BOOST_TEST(document.root()["key"].text() == "a text that is longer than any buffer");
}

BOOST_AUTO_TEST_CASE(an_error_is_not_touched_when_all_is_well) {
  Error error{.offset = 7, .reason = "before"};
  BOOST_TEST(Document::parse("{}", &error).has_value());
  BOOST_TEST(error.reason == "before");
  BOOST_TEST(!Document::parse("{", nullptr).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
