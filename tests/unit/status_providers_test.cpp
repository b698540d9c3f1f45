#include "lib/status/providers.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "lib/status/catalogue.h"
#include "lib/status/providers_file.h"
#include "lib/status/text.h"
#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::status;

namespace {

const Providers& shipped() {
  static const Providers providers = Providers::shipped();
  return providers;
}

Providers with(std::string_view toml) {
  const tests::TempDir directory;
  const std::string path = directory / "providers.toml";
  tests::write_file(path, toml);
  return Providers::with_user_file(path);
}

// "slug/name"
std::string told(const Providers& providers, std::string_view path_provider, const Clues& clues) {
  const Identity identity = providers.identify(path_provider, clues);
  return identity.slug + "/" + identity.name;
}

// What a providers file is refused for, without "cannot use providers file PATH: ".
std::string refusal(std::string_view toml) {
  try {
    parse_providers(toml, "p.toml");
  } catch (const system::ConfigError& error) {
    const std::string what = error.what();
    const std::string prefix = "cannot use providers file p.toml: ";
    BOOST_TEST(what.starts_with(prefix), what);
    BOOST_TEST(error.exit_code() == system::kExitConfig);
    return what.substr(std::min(prefix.size(), what.size()));
  }
  return "accepted";
}

constexpr std::string_view kGitHubId = "kctbh9vrtdwd";

}  // namespace

BOOST_AUTO_TEST_SUITE(providers_catalogue)

BOOST_AUTO_TEST_CASE(it_is_large_and_every_entry_is_whole) {
  const auto entries = parse_providers(catalogue_text(), "catalogue.toml");
  BOOST_TEST(entries.size() > 350U);
  for (const Provider& provider : entries) {
    BOOST_TEST(!provider.name.empty(), provider.slug);
    BOOST_TEST(provider.slug == to_slug(provider.name), provider.slug);
    BOOST_TEST(shipped().find(provider.slug) != nullptr, provider.slug);
  }
  BOOST_TEST(shipped().size() == entries.size());
}

BOOST_AUTO_TEST_CASE(the_clouds_bear_their_short_names) {
  for (const auto& [slug, name] : {std::pair{"aws", "AWS"}, std::pair{"azure", "Azure"},
                                   std::pair{"google-cloud", "Google Cloud"}}) {
    BOOST_REQUIRE(shipped().find(slug) != nullptr);
    BOOST_TEST(shipped().find(slug)->name == name);
  }
  BOOST_TEST(shipped().find("nobody") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_company_that_moved_is_known_by_all_its_page_ids) {
  for (const std::string id : {"01JMDK9XYNY6RXSED6SDWW50WY", "jbxzcdv9xc4d"}) {
    BOOST_TEST(told(shipped(), "", {id, "", {}}) == "openai/OpenAI");
  }
}

BOOST_AUTO_TEST_CASE(it_is_read_quickly_enough_for_every_start) {
  const auto begin = std::chrono::steady_clock::now();
  Providers::shipped();
  // It takes 3 ms; the rest is for sanitizers and busy machines.
  BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers_identify)

BOOST_AUTO_TEST_CASE(each_clue_counts_when_the_better_ones_are_missing) {
  const std::string id(kGitHubId);
  const std::tuple<std::string, Clues, std::string> cases[] = {
      {"", {}, "unknown/unknown"},
      {"", {id, "", {}}, "github/GitHub"},
      {"", {"", "", {"www.githubstatus.com"}}, "github/GitHub"},
      {"", {"nobody", "", {"x.example", "www.githubstatus.com"}}, "github/GitHub"},
      {"github", {}, "github/GitHub"},
      {"", {id, "Our Hub", {}}, "github/Our Hub"},
      {"", {"", "Our Hub", {}}, "our-hub/Our Hub"},
      {"mine", {}, "mine/mine"},
      {"mine", {id, "", {}}, "mine/GitHub"},
      {"mine", {"", "Our Hub", {}}, "mine/Our Hub"},
      {"", {"p1", "", {"www.status.kestrel.example"}}, "kestrel-example/kestrel.example"},
      {"", {"p1", "", {"k24.pages.example"}}, "k24-pages-example/k24.pages.example"},
      {"", {"", "", {"status.io"}}, "status-io/status.io"},
      {"", {"P1", "", {}}, "p1/P1"},
      {"", {"p1", "\u72b6\u6001", {}}, "p1/\u72b6\u6001"},
      {"", {"", "\u72b6\u6001", {}}, "unknown/\u72b6\u6001"},
      {"github", {"", "", {"x.example"}}, "github/GitHub"},
  };
  for (const auto& [path, clues, expected] : cases) {
    BOOST_TEST(told(shipped(), path, clues) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_product_names_only_those_who_have_no_other_name) {
  const Clues clues{.page_id = "", .name = "", .hosts = {}, .product = "Uptime Kuma"};
  BOOST_TEST(told(shipped(), "", clues) == "uptime-kuma/Uptime Kuma");
  BOOST_TEST(told(shipped(), "home", clues) == "home/home");
  BOOST_TEST(told(shipped(), "8x8", clues) == "8x8/8x8");
  BOOST_TEST(told(shipped(), "github", clues) == "github/GitHub");
}

BOOST_AUTO_TEST_CASE(page_ids_are_compared_exactly) {
  BOOST_TEST(told(shipped(), "", {"KCTBH9VRTDWD", "", {}}) == "kctbh9vrtdwd/KCTBH9VRTDWD");
}

BOOST_AUTO_TEST_CASE(the_page_id_beats_the_host) {
  BOOST_TEST(told(shipped(), "", {std::string(kGitHubId), "", {"status.openai.com"}}) ==
             "github/GitHub");
}

BOOST_AUTO_TEST_CASE(the_users_file_beats_everything_but_the_path) {
  const Providers providers = with(R"(
[[provider]]
slug = "hub"
name = "The Hub"
page_ids = ["kctbh9vrtdwd"]

[[provider]]
name = "Kestrel Mail"
hosts = ["Status.Kestrel.example."]
)");
  const std::string id(kGitHubId);
  BOOST_TEST(told(providers, "", {id, "GitHub", {}}) == "hub/The Hub");
  BOOST_TEST(told(providers, "mine", {id, "GitHub", {}}) == "mine/The Hub");
  BOOST_TEST(told(providers, "hub", {"", "GitHub", {}}) == "hub/The Hub");
  BOOST_TEST(told(providers, "", {"", "K", {"x.example", "status.kestrel.example"}}) ==
             "kestrel-mail/Kestrel Mail");
  BOOST_TEST(told(providers, "", {"jbxzcdv9xc4d", "", {"status.kestrel.example"}}) ==
             "kestrel-mail/Kestrel Mail");
  BOOST_TEST(told(providers, "", {"", "", {"www.githubstatus.com"}}) == "github/GitHub");
}

BOOST_AUTO_TEST_CASE(an_entry_of_the_catalogue_can_be_renamed_and_extended) {
  const Providers providers = with(R"(
[[provider]]
slug = "github"
name = "GH"
hosts = ["github.corp.example"]

[[provider]]
slug = "openai"
page_ids = ["p-openai"]
)");
  BOOST_TEST(providers.size() == shipped().size());
  BOOST_TEST(told(providers, "", {std::string(kGitHubId), "GitHub", {}}) == "github/GH");
  BOOST_TEST(told(providers, "", {"", "", {"github.corp.example"}}) == "github/GH");
  BOOST_TEST(told(providers, "", {"p-openai", "", {}}) == "openai/OpenAI");
  BOOST_TEST(told(providers, "", {"jbxzcdv9xc4d", "", {}}) == "openai/OpenAI");
  BOOST_TEST(providers.find("github")->hosts.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_name_leaves_it_to_the_body) {
  const Providers providers = with("[[provider]]\nslug = \"kestrel\"\npage_ids = [\"p1\"]\n");
  BOOST_TEST(told(providers, "", {"p1", "Kestrel Mail", {}}) == "kestrel/Kestrel Mail");
  BOOST_TEST(told(providers, "", {"p1", "", {"status.k.example"}}) == "kestrel/k.example");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers_file)

BOOST_AUTO_TEST_CASE(all_keys_are_read) {
  const auto entries = parse_providers(R"(
[[provider]]
slug = "kestrel"
name = " Kestrel  Mail "
page_ids = ["p1", "p2"]
hosts = ["https://Status.Kestrel.example/"]
platform = "statuspage"
)",
                                       "p.toml");
  BOOST_REQUIRE(entries.size() == 1U);
  BOOST_TEST(entries[0].slug == "kestrel");
  BOOST_TEST(entries[0].name == "Kestrel Mail");
  BOOST_TEST(entries[0].page_ids.size() == 2U);
  BOOST_TEST(entries[0].hosts.at(0) == "status.kestrel.example");
  BOOST_TEST(entries[0].platform == "statuspage");
}

BOOST_AUTO_TEST_CASE(an_empty_file_is_a_good_file) {
  BOOST_TEST(refusal("") == "accepted");
  BOOST_TEST(refusal("# nothing yet\n") == "accepted");
  BOOST_TEST(refusal("provider = []\n") == "accepted");
}

BOOST_AUTO_TEST_CASE(every_mistake_names_its_line_and_what_would_be_right) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"\n[[providers]]\nslug = \"a\"\n",
       "line 2: unknown key \"providers\", did you mean \"provider\""},
      {"[provider]\nslug = \"a\"\n", "line 1: provider must be an array of tables"},
      {"provider = 7\n", "line 1: provider must be an array of tables"},
      {"[[provider]]\nslug = \"a\"\npage_id = \"x\"\n",
       "line 3: unknown key \"page_id\", did you mean \"page_ids\""},
      {"[[provider]]\nslug = \"a\"\nnmae = \"x\"\n",
       "line 3: unknown key \"nmae\", did you mean \"name\""},
      {"[[provider]]\nslug = 7\n", "line 2: slug must be a string"},
      {"[[provider]]\nname = \" \"\n", "line 2: name must not be empty"},
      {"[[provider]]\nslug = \"My Hub\"\n", "as \"my-hub\""},
      {"[[provider]]\nname = \"\u72b6\u6001\"\n", "line 1: no slug can be made of the name"},
      {"[[provider]]\n", "line 1: a provider needs a slug or a name"},
      {"[[provider]]\nslug = \"a\"\npage_ids = \"x\"\n",
       "line 3: page_ids must be an array of strings"},
      {"[[provider]]\nslug = \"a\"\npage_ids = [\n\"x\",\n7]\n",
       "line 5: page_ids must be a string"},
      {"[[provider]]\nslug = \"a\"\nhosts = [\"not a host\"]\n",
       "line 3: \"not a host\" is no host: write it as \"status.example.com\""},
      {"[[provider]]\nslug = \"a\"\npage_ids = [\"x\"]\n[[provider]]\nslug = \"b\"\npage_ids = "
       "[\"x\"]\n",
       "line 6: page id \"x\" is already in line 3"},
      {"[[provider]]\nslug = \"a\"\nhosts = [\"k.example\",\n\"K.example.\"]\n",
       "line 4: host \"k.example\" is already in line 3"},
      {"[[provider]]\nname = \"A\"\n[[provider]]\nslug = \"a\"\n",
       "slug \"a\" is already in line 1"},
      {"[[provider]]\nslug = \n", "line 2: "},
  };
  for (const auto& [toml, expected] : cases) {
    const std::string reason = refusal(toml);
    BOOST_TEST(reason.find(expected) != std::string::npos, toml << " gave: " << reason);
    BOOST_TEST(reason.starts_with("line "), reason);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_named) {
  const tests::TempDir directory;
  const std::string path = directory / "nowhere.toml";
  BOOST_CHECK_EXCEPTION(
      Providers::with_user_file(path), system::ConfigError, [&](const auto& error) {
        return std::string(error.what()).starts_with("cannot use providers file " + path + ": ");
      });
  BOOST_CHECK_THROW(Providers::with_user_file(directory.path().string()), system::ConfigError);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(providers_file_credentials)

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told_with_its_line_and_never_with_the_secret) {
  const std::pair<std::string, std::string> cases[] = {
      {"token = \"short\"", "line 3: the token has 5 characters"},
      {"token = 7", "line 3: token must be a string"},
      {"token = \"0123456789abcdef\"\ntoken_file = \"x\"", "line 4: give only one of token"},
      {"token_file = \"/no/such/file\"", "line 3: cannot use token file /no/such/file"},
      {"signature = \"instatus\"", "line 3: signature must be a table"},
      {"signature = { secret = \"abcdefghijklmno\" }", "line 3: a signature needs a scheme"},
      {"signature = { scheme = \"instatus\" }", "line 3: a signature needs secret"},
      {"signature = { scheme = \"cachett\", secret = \"x\" }", "did you mean \"cachet\"?"},
      {"signature = { scheme = \"cachet\", secret = \"x\" }", "line 3: the secret has 1 bytes"},
      {"signature = { scheme = \"cachet\", header = \"H\", secret = \"x\" }",
       "header goes with scheme = \"hmac\""},
      {"signature = { scheme = \"hmac\", secret = \"abcdefghijklmno\" }", "needs the header"},
      {"signature = { scheme = \"hmac\", header = \"H\", encoding = \"hax\", secret = \"x\" }",
       "did you mean \"hex\"?"},
      {"signature = { schem = \"hmac\" }", "unknown key \"schem\", did you mean \"scheme\"?"},
      {"topic_arns = [\"health\"]", "line 3: \"health\" is no topic"},
      {"topic_arns = [\"arn:aws:sns:a:1:t\", \"arn:aws:sns:a:1:t\"]", "is already in line 3"},
      {"verify = \"no\"", "line 3: verify must be true or false"},
      {"format = \"statuspag\"", "did you mean \"statuspage\"?"},
      {"format = \"generic\"", "needs a mapping"},
      {"mapping = { name = \"/a\" }", "goes with format = \"generic\""},
      {"format = \"generic\"\nmapping = { name = \"a\" }", "line 4: name must be a JSON Pointer"},
      {"format = \"generic\"\nmapping = { id = \"/a\" }", "at least one of name, status"},
      {"format = \"generic\"\nmapping = { nam = \"/a\" }", "did you mean \"name\"?"},
      {"format = \"generic\"\nmapping = { name = \"/a\", status_words = { x = \"resolvd\" } }",
       "did you mean \"resolved\"?"},
  };
  for (const auto& [lines, expected] : cases) {
    const std::string told = refusal("[[provider]]\nslug = \"acme\"\n" + lines + "\n");
    BOOST_TEST(told.find(expected) != std::string::npos, lines << " -> " << told);
    BOOST_TEST(told.find("abcdefghijklmno") == std::string::npos, told);
  }
}

BOOST_AUTO_TEST_CASE(a_secret_is_taken_as_it_is_written) {
  const Providers providers =
      with("[[provider]]\nslug = \"k\"\ntoken = \"two  blanks in a row\"\n");
  http::Request request;
  request.headers.emplace_back("Authorization", "Bearer two  blanks in a row");
  BOOST_TEST(providers.find("k")->credentials.tokens.accepts(request));
  for (const char* odd : {" a token with blank", "a token with blank ", "a token\\twith a tab"}) {
    BOOST_TEST(refusal("[[provider]]\nslug = \"k\"\ntoken = \"" + std::string(odd) + "\"\n")
                       .find("blank at an end") != std::string::npos,
               odd);
  }
}

BOOST_AUTO_TEST_CASE(a_topic_goes_with_the_format_that_has_envelopes) {
  BOOST_TEST(refusal("[[provider]]\nslug = \"k\"\nformat = \"statuspage\"\ntopic_arns = "
                     "[\"arn:aws:sns:us-east-1:123456789012:h\"]\n")
                 .find("topic_arns goes with format") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(secrets_in_files_stand_beside_the_providers_file) {
  const tests::TempDir directory;
  tests::write_file(directory / "acme.token", "# ours\n0123456789abcdef\n");
  const std::string path = directory / "providers.toml";
  tests::write_file(path, "[[provider]]\nslug = \"acme\"\ntoken_file = \"acme.token\"\n");
  const Providers providers = Providers::with_user_file(path);
  BOOST_REQUIRE(providers.find("acme") != nullptr);
  BOOST_TEST(providers.find("acme")->credentials.own());
}

BOOST_AUTO_TEST_CASE(a_topic_leads_to_its_provider) {
  const Providers providers =
      with("[[provider]]\nslug = \"acme\"\ntopic_arns = [\"arn:aws:sns:us-east-1:1:t\"]\n");
  BOOST_REQUIRE(providers.find_topic("arn:aws:sns:us-east-1:1:t") != nullptr);
  BOOST_TEST(providers.find_topic("arn:aws:sns:us-east-1:1:t")->slug == "acme");
  BOOST_TEST(providers.find_topic("arn:aws:sns:us-east-1:1:T") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
