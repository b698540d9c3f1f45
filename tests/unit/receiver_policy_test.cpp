#include "receiver/policy.h"

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using receiver::Policy;

namespace {

constexpr const char kFile[] = R"(
[[provider]]
slug = "kestrel"
token = "kestrel-token-0123456"
page_ids = ["kpage"]
[[provider]]
slug = "heron"
signature = { scheme = "instatus", secret = "a secret of a page" }
[[provider]]
slug = "cloud"
topic_arns = ["arn:aws:sns:us-east-1:123456789012:health"]
[[provider]]
slug = "bridge"
format = "generic"
mapping = { name = "/title" }
)";
constexpr const char kShared[] = "shared-token-0123456";

class File {
 public:
  explicit File(const std::string& text, const std::string& tokens = "") {
    options.providers = directory_ / "providers.toml";
    tests::write_file(options.providers, text);
    if (!tokens.empty()) {
      options.token_file = directory_ / "token";
      tests::write_file(options.token_file, tokens);
    }
  }
  receiver::ReceiverOptions options;

 private:
  tests::TempDir directory_;
};

http::Request with_token(const std::string& token) {
  http::Request request;
  if (!token.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + token);
  }
  return request;
}

bool takes(const Policy& policy, const std::string& provider, const http::Request& request) {
  return policy.may_post(provider, request) &&
         !policy.refuse(policy.providers().find(provider), request, system::now());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver_policy)

BOOST_AUTO_TEST_CASE(who_has_credentials_must_show_them_and_the_rest_what_all_must) {
  const struct {
    const char* tokens;
    const char* provider;
    const char* shown;
    bool taken;
  } cases[] = {
      {"", "kestrel", "", false},
      {"", "kestrel", "kestrel-token-0123456", true},
      {"", "kestrel", kShared, false},
      {"", "heron", "", false},
      {"", "github", "", true},
      {"", "bridge", "", true},
      {kShared, "github", "", false},
      {kShared, "github", kShared, true},
      {kShared, "github", "kestrel-token-0123456", false},
      {kShared, "kestrel", kShared, false},
      {kShared, "kestrel", "kestrel-token-0123456", true},
      {kShared, "heron", kShared, false},
      {kShared, "nobody", kShared, true},
      {kShared, "nobody", "", false},
  };
  for (const auto& [tokens, provider, shown, taken] : cases) {
    const File file(kFile, tokens);
    BOOST_TEST(takes(Policy(file.options), provider, with_token(shown)) == taken,
               tokens << " " << provider << " " << shown);
  }
}

BOOST_AUTO_TEST_CASE(beyond_loopback_who_has_no_credentials_is_refused) {
  File file(kFile);
  file.options.host = "0.0.0.0";
  const Policy policy(file.options);
  BOOST_TEST(!policy.open());
  BOOST_TEST(takes(policy, "kestrel", with_token("kestrel-token-0123456")));
  BOOST_TEST(!takes(policy, "github", with_token("")));
  BOOST_TEST(!takes(policy, "github", with_token("kestrel-token-0123456")));
  file.options.allow_unauthenticated = true;
  BOOST_TEST(takes(Policy(file.options), "github", with_token("")));
  BOOST_TEST(!takes(Policy(file.options), "kestrel", with_token("")));
}

BOOST_AUTO_TEST_CASE(with_nobody_to_show_anything_it_does_not_reach_beyond_loopback) {
  File file("[[provider]]\nslug = \"kestrel\"\n");
  BOOST_TEST(Policy(file.options).open());
  file.options.host = "0.0.0.0";
  BOOST_CHECK_THROW(Policy{file.options}, system::ConfigError);
}

BOOST_AUTO_TEST_CASE(only_the_body_tells_who_a_path_without_provider_is) {
  const File file(kFile, kShared);
  BOOST_TEST(Policy(file.options).may_post("", with_token("")));  // heron's signature may come
  const File tokens("[[provider]]\nslug = \"k\"\ntoken = \"kestrel-token-0123456\"\n", kShared);
  BOOST_TEST(!Policy(tokens.options).may_post("", with_token("")));
  BOOST_TEST(Policy(tokens.options).may_post("", with_token("kestrel-token-0123456")));
  BOOST_TEST(Policy(tokens.options).may_post("", with_token(kShared)));
}

BOOST_AUTO_TEST_CASE(an_aggregator_speaks_for_everybody_with_its_own_token_and_nobody_elses) {
  const std::string aggregator =
      "[[provider]]\nslug = \"gator\"\ntoken = \"gator-token-0123456\"\naggregator = true\n";
  const File file(kFile + aggregator, kShared);
  const Policy policy(file.options);
  for (const char* about : {"github", "nobody", "kestrel", "heron", "cloud", "gator"}) {
    BOOST_TEST(takes(policy, about, with_token("gator-token-0123456")), about);
  }
  BOOST_TEST(!takes(policy, "github", with_token("kestrel-token-0123456")));
  BOOST_TEST(!takes(policy, "gator", with_token(kShared)));
  BOOST_TEST(!takes(policy, "kestrel", with_token("gator-token-012345")));
}

BOOST_AUTO_TEST_CASE(an_aggregator_without_credentials_is_a_mistake) {
  const File file("[[provider]]\nslug = \"gator\"\naggregator = true\n");
  BOOST_CHECK_EXCEPTION(Policy{file.options}, system::ConfigError, [](const auto& error) {
    return std::string(error.what()).find("needs a token or a signature") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_provider_known_by_its_topics_takes_nothing_unsigned_even_where_all_is_open) {
  const File file(kFile);
  const Policy policy(file.options);
  BOOST_TEST(policy.open());
  BOOST_TEST(!takes(policy, "cloud", with_token("")));
  const std::string topic = "arn:aws:sns:us-east-1:123456789012:health";
  BOOST_TEST(policy.rule_of_topic("", topic).entry->slug == "cloud");
  BOOST_TEST(policy.rule_of_topic("cloud", topic).verify);
  BOOST_TEST(policy.rule_of_topic("cloud", topic).refusal.empty());
  BOOST_TEST(!policy.rule_of_topic("kestrel", topic).refusal.empty());
  BOOST_TEST(!policy.rule_of_topic("cloud", topic + "x").refusal.empty());
}

BOOST_AUTO_TEST_CASE(an_aggregator_may_be_known_by_its_signature_alone) {
  const File file(std::string(kFile) +
                      "[[provider]]\nslug = \"gator\"\naggregator = true\n"
                      "signature = { scheme = \"instatus\", secret = \"a secret of gator's\" }\n",
                  kShared);
  const Policy policy(file.options);
  BOOST_TEST(policy.may_post("kestrel", with_token("")));  // the body may be signed
  BOOST_TEST(!takes(policy, "kestrel", with_token("")));
  BOOST_TEST(!takes(policy, "github", with_token("")));
}

BOOST_AUTO_TEST_CASE(one_providers_token_does_not_make_a_body_anothers) {
  const File file(std::string(kFile) +
                  "[[provider]]\nslug = \"acme\"\nname = \"Acme Cloud\"\ntoken = "
                  "\"acme-token-01234567\"\nhosts = [\"status.acme.example\"]\n");
  const Policy policy(file.options);
  const auto taken = [&](const std::string& path, const status::Clues& clues,
                         const std::string& token) {
    return !policy.refuse(policy.providers().identify(path, clues), with_token(token),
                          system::now());
  };
  const std::string kestrels = "kestrel-token-0123456";
  BOOST_TEST(taken("kestrel", {}, kestrels));
  BOOST_TEST(taken("kestrel", {.page_id = "kpage", .name = "Kestrel", .hosts = {}}, kestrels));
  for (const status::Clues& acmes :
       {status::Clues{.page_id = "", .name = "Acme Cloud", .hosts = {}},
        status::Clues{.page_id = "", .name = "ACME", .hosts = {}},
        status::Clues{.page_id = "", .name = "", .hosts = {"status.acme.example"}}}) {
    BOOST_TEST(!taken("kestrel", acmes, kestrels));
    BOOST_TEST(!taken("github", acmes, ""));
    BOOST_TEST(!taken("", acmes, kestrels));
    BOOST_TEST(taken("github", acmes, "acme-token-01234567"));
    BOOST_TEST(taken("", acmes, "acme-token-01234567"));
  }
}

BOOST_AUTO_TEST_CASE(a_generic_event_gets_its_providers_mapping) {
  const File file(kFile);
  const Policy policy(file.options);
  feed::Event event;
  event.provider = "bridge";
  event.format = "generic";
  BOOST_TEST(policy.mapping_of(event) == R"({"name":["/title"]})");
  event.format = "statuspage";
  BOOST_TEST(policy.mapping_of(event).empty());
}

BOOST_AUTO_TEST_SUITE_END()
