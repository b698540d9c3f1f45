#include "lib/status/provider_credentials.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "lib/http/secret_file.h"
#include "lib/status/formats/fields.h"
#include "lib/system/error.h"

namespace monitor::status {
namespace {

constexpr std::string_view kExample =
    "signature = { scheme = \"instatus\", secret_file = \"acme.secret\" }";
constexpr std::array<std::string_view, 8> kSignatureKeys{
    "scheme", "secret", "secrets", "secret_file", "header", "encoding", "prefix", "hash"};

std::string beside(const std::string& providers_file, const std::string& path) {
  return (std::filesystem::path(providers_file).parent_path() / path).string();
}

// The secrets in the file that `key` names. Its errors get the line of the providers file as well.
std::vector<std::string> secrets_in_file(const CheckedToml& toml, const toml::table& table,
                                         std::string_view key, const std::string& what) {
  std::vector<std::string> secrets;
  const std::string path = beside(toml.path(), toml.text(table, key));
  try {
    for (const auto& [number, secret] : http::read_secret_file(path, what)) {
      secrets.push_back(secret);
    }
  } catch (const system::ConfigError& error) {
    toml.refuse(*table.get(key), error.what());
  }
  return secrets;
}

void allow_one_of(const CheckedToml& toml, const toml::table& table,
                  std::initializer_list<std::string_view> keys) {
  const toml::node* first = nullptr;
  for (const std::string_view key : keys) {
    const toml::node* node = table.get(key);
    if (node != nullptr && first != nullptr) {
      toml.refuse(*node, fmt::format("give only one of {}", fmt::join(keys, ", ")));
    }
    first = node != nullptr ? node : first;
  }
}

http::TokenCheck read_tokens(const CheckedToml& toml, const toml::table& table) {
  allow_one_of(toml, table, {"token", "token_file"});
  std::vector<std::string> tokens;
  std::string_view key = "token";
  if (table.contains("token")) {
    tokens.push_back(toml.secret_of(*table.get("token"), "token"));
  } else if (table.contains("token_file")) {
    key = "token_file";
    tokens = secrets_in_file(toml, table, key, "token");
  }
  for (const std::string& token : tokens) {
    if (const auto problem = http::weakness_of_token(token)) {
      toml.refuse(*table.get(key), *problem);
    }
  }
  return http::TokenCheck(tokens);
}

std::vector<std::string> read_signing_secrets(const CheckedToml& toml, const toml::table& table) {
  allow_one_of(toml, table, {"secret", "secrets", "secret_file"});
  if (table.contains("secret_file")) {
    return secrets_in_file(toml, table, "secret_file", "secret");
  }
  std::vector<std::string> secrets;
  for (const std::string_view key : {"secret", "secrets"}) {
    for (const toml::node* node : toml.elements(table, key, key == "secret")) {
      secrets.push_back(toml.secret_of(*node, key));
    }
  }
  if (secrets.empty()) {
    toml.refuse(table, "a signature needs secret = \"...\" or secret_file = \"...\"");
  }
  return secrets;
}

// The word of `key` among `known`, by its place there; nothing when it is not given.
std::optional<std::size_t> choice(const CheckedToml& toml, const toml::table& table,
                                  std::string_view key, std::span<const std::string_view> known) {
  const std::string word = toml.text(table, key);
  if (word.empty()) {
    return std::nullopt;
  }
  toml.check_known(table.get(key)->source(), key, word, known);
  return static_cast<std::size_t>(std::find(known.begin(), known.end(), word) - known.begin());
}

// "hmac" leaves to the user what the named schemes settle.
http::SignatureScheme read_scheme(const CheckedToml& toml, const toml::table& table) {
  constexpr std::array<std::string_view, 2> kEncodings{"hex", "base64"};
  constexpr std::array<std::string_view, 2> kHashes{"sha256", "sha512"};
  const std::vector<std::string_view> names = http::signature_scheme_names();
  const auto named = choice(toml, table, "scheme", names);
  if (!named) {
    toml.refuse(table, fmt::format("a signature needs a scheme: {}", fmt::join(names, ", ")));
  }
  http::SignatureScheme scheme = *http::signature_scheme(names[*named]);
  const bool free = names[*named] == "hmac";
  for (const std::string_view key : {"header", "encoding", "prefix", "hash"}) {
    if (!free && table.contains(key)) {
      toml.refuse(*table.get(key), fmt::format("{} goes with scheme = \"hmac\"; \"{}\" has its own",
                                               key, names[*named]));
    }
  }
  if (!free) {
    return scheme;
  }
  scheme.header = toml.text(table, "header");
  if (scheme.header.empty()) {
    toml.refuse(table,
                "scheme \"hmac\" needs the header that carries the signature, as header = "
                "\"X-Acme-Signature\"");
  }
  scheme.prefix = toml.text(table, "prefix");
  using Scheme = http::SignatureScheme;
  scheme.encoding = choice(toml, table, "encoding", kEncodings).value_or(0) == 0
                        ? Scheme::Encoding::hex
                        : Scheme::Encoding::base64;
  scheme.hash = choice(toml, table, "hash", kHashes).value_or(0) == 0 ? Scheme::Hash::sha256
                                                                      : Scheme::Hash::sha512;
  return scheme;
}

std::optional<http::SignatureCheck> read_signature(const CheckedToml& toml,
                                                   const toml::table& provider) {
  const toml::table* table = toml.table_in(provider, "signature", kExample);
  if (table == nullptr) {
    return std::nullopt;
  }
  toml.check_keys(*table, kSignatureKeys);
  const http::SignatureScheme scheme = read_scheme(toml, *table);
  const std::vector<std::string> secrets = read_signing_secrets(toml, *table);
  try {
    return http::SignatureCheck(scheme, secrets);
  } catch (const std::invalid_argument& error) {
    toml.refuse(*table, error.what());
  }
}

std::vector<std::string> read_topics(const CheckedToml& toml, const toml::table& provider,
                                     Claims& topics) {
  std::vector<std::string> arns;
  for (const toml::node* node : toml.elements(provider, "topic_arns")) {
    const std::string arn = toml.text_of(*node, "topic_arns");
    if (!arn.starts_with("arn:aws") || std::count(arn.begin(), arn.end(), ':') != 5) {
      toml.refuse(*node, fmt::format("\"{}\" is no topic: write it as "
                                     "\"arn:aws:sns:us-east-1:123456789012:health\"",
                                     arn));
    }
    topics.claim(toml, *node, arn);
    arns.push_back(arn);
  }
  return arns;
}

}  // namespace

Credentials read_provider_credentials(const CheckedToml& toml, const toml::table& provider,
                                      Claims& topics) {
  Credentials credentials;
  credentials.tokens = read_tokens(toml, provider);
  credentials.signature = read_signature(toml, provider);
  credentials.topic_arns = read_topics(toml, provider, topics);
  credentials.verify_sns = toml.boolean(provider, "verify").value_or(true);
  credentials.aggregator = toml.boolean(provider, "aggregator").value_or(false);
  if (credentials.aggregator && !credentials.own()) {
    toml.refuse(*provider.get("aggregator"),
                "an aggregator speaks for others, so it needs a token or a signature");
  }
  return credentials;
}

}  // namespace monitor::status
