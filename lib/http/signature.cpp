#include "lib/http/signature.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "lib/http/base64.h"
#include "lib/http/word.h"

namespace monitor::http {
namespace {

using Encoding = SignatureScheme::Encoding;
using Hash = SignatureScheme::Hash;
using Kind = SignatureScheme::Kind;

// A shared secret that can't be guessed; senders' own have 24 bytes and more.
constexpr std::size_t kShortestSecret = 12;
// A sender that changes its secret sends two; a hostile one thousands.
constexpr std::size_t kMostSignatures = 16;
constexpr std::string_view kSecretPrefix = "whsec_";

struct Named {
  std::string_view name;
  SignatureScheme scheme;
};

const std::array<Named, 4>& named_schemes() {
  static const std::array<Named, 4> schemes{{
      {"standard-webhooks", {.kind = Kind::standard_webhooks}},
      // https://instatus.com/help/webhooks
      {"instatus", {.header = "x-instatus-webhook-signature"}},
      // https://docs.cachethq.io/v3.x/guide/webhooks
      {"cachet", {.header = "Signature"}},
      {"hmac", {}},
  }};
  return schemes;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hmac(Hash hash, std::string_view key, std::string_view text) {
  std::string digest;
  if (hash == Hash::sha256) {
    crypto_auth_hmacsha256_state state;
    digest.resize(crypto_auth_hmacsha256_BYTES);
    crypto_auth_hmacsha256_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes(text), text.size());
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  } else {
    crypto_auth_hmacsha512_state state;
    digest.resize(crypto_auth_hmacsha512_BYTES);
    crypto_auth_hmacsha512_init(&state, bytes(key), key.size());
    crypto_auth_hmacsha512_update(&state, bytes(text), text.size());
    crypto_auth_hmacsha512_final(&state, reinterpret_cast<unsigned char*>(digest.data()));
  }
  return digest;
}

// Lower case only: that is what the senders document, and another spelling is another sender.
std::optional<std::string> from_hex(std::string_view text) {
  const bool lower = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  std::string decoded(text.size() / 2, '\0');
  std::size_t size = 0;
  if (!lower || text.size() % 2 != 0 ||
      sodium_hex2bin(reinterpret_cast<unsigned char*>(decoded.data()), decoded.size(), text.data(),
                     text.size(), nullptr, &size, nullptr) != 0) {
    return std::nullopt;
  }
  return decoded;
}

std::string checked_key(const SignatureScheme& scheme, std::string_view secret) {
  std::optional<std::string> key(secret);
  if (scheme.kind == Kind::standard_webhooks) {
    secret.remove_prefix(secret.starts_with(kSecretPrefix) ? kSecretPrefix.size() : 0);
    key = from_base64(secret);
    if (!key) {
      throw std::invalid_argument(
          "the secret is not base64: give it as the sender shows it, \"whsec_...\"");
    }
  }
  if (key->size() < kShortestSecret) {
    throw std::invalid_argument(fmt::format("the secret has {} bytes, at least {} are needed",
                                            key->size(), kShortestSecret));
  }
  return *key;
}

std::vector<std::string> checked_keys(const SignatureScheme& scheme,
                                      const std::vector<std::string>& secrets) {
  std::vector<std::string> keys;
  for (const std::string& secret : secrets) {
    keys.push_back(checked_key(scheme, secret));
  }
  if (keys.empty()) {
    throw std::invalid_argument("there is no secret");
  }
  return keys;
}

std::string standard_text(std::string_view id, std::string_view timestamp, std::string_view body) {
  return fmt::format("{}.{}.{}", id, timestamp, body);
}

// The header's value, if it is there once.
struct Single {
  std::string value;
  std::optional<std::string> problem;
};
Single single_header(const Request& request, std::string_view name) {
  Single found;
  std::size_t count = 0;
  for (const auto& [header, value] : request.headers) {
    if (same_word(header, name)) {
      found.value = value;
      ++count;
    }
  }
  if (count != 1 || found.value.empty()) {
    found.problem = fmt::format("header {} is {}", name, count > 1 ? "there twice" : "missing");
  }
  return found;
}

bool is_fresh(std::string_view timestamp, system::Time now) {
  std::int64_t seconds = 0;
  const char* end = timestamp.data() + timestamp.size();
  const auto [stop, error] = std::from_chars(timestamp.data(), end, seconds);
  constexpr std::int64_t kEndOfTime = 253402300800;  // the year 10000
  if (error != std::errc() || stop != end || seconds < 0 || seconds > kEndOfTime) {
    return false;
  }
  const auto away = now - system::from_microseconds(seconds * 1'000'000);
  return away <= kSignatureTolerance && away >= -kSignatureTolerance;
}

}  // namespace

std::optional<SignatureScheme> signature_scheme(std::string_view name) {
  for (const Named& named : named_schemes()) {
    if (named.name == name) {
      return named.scheme;
    }
  }
  return std::nullopt;
}

std::vector<std::string_view> signature_scheme_names() {
  std::vector<std::string_view> names;
  for (const Named& named : named_schemes()) {
    names.push_back(named.name);
  }
  return names;
}

SignatureCheck::SignatureCheck(SignatureScheme scheme, const std::vector<std::string>& secrets)
    : scheme_(std::move(scheme)), keys_(checked_keys(scheme_, secrets)) {}

std::optional<std::string> SignatureCheck::refuse(const Request& request, system::Time now) const {
  return scheme_.kind == Kind::standard_webhooks ? refuse_standard(request, now)
                                                 : refuse_hmac(request);
}

std::optional<std::string> SignatureCheck::refuse_standard(const Request& request,
                                                           system::Time now) const {
  // Svix, who began it, also calls them svix-...
  const bool svix = !request.header("webhook-id") && request.header("svix-id");
  const std::string family = svix ? "svix" : "webhook";
  const Single id = single_header(request, family + "-id");
  const Single timestamp = single_header(request, family + "-timestamp");
  const Single signatures = single_header(request, family + "-signature");
  for (const Single* header : {&id, &timestamp, &signatures}) {
    if (header->problem) {
      return header->problem;
    }
  }
  if (!is_fresh(timestamp.value, now)) {
    return fmt::format("{}-timestamp is not within {} minutes of now", family,
                       kSignatureTolerance.count());
  }
  const std::string signed_text = standard_text(id.value, timestamp.value, request.body);
  std::string_view rest(signatures.value);
  for (std::size_t i = 0; i < kMostSignatures && !rest.empty(); ++i) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const auto digest = one.starts_with("v1,") ? from_base64(one.substr(3)) : std::nullopt;
    if (digest && is_ours(signed_text, *digest)) {
      return std::nullopt;
    }
  }
  return fmt::format("{}-signature holds no signature of this body with a secret known here",
                     family);
}

std::optional<std::string> SignatureCheck::refuse_hmac(const Request& request) const {
  const Single header = single_header(request, scheme_.header);
  if (header.problem) {
    return header.problem;
  }
  std::string_view text(header.value);
  if (!text.starts_with(scheme_.prefix)) {
    return fmt::format("header {} does not begin with \"{}\"", scheme_.header, scheme_.prefix);
  }
  text.remove_prefix(scheme_.prefix.size());
  const auto digest = scheme_.encoding == Encoding::hex ? from_hex(text) : from_base64(text);
  if (digest && is_ours(request.body, *digest)) {
    return std::nullopt;
  }
  return fmt::format("header {} is no signature of this body with a secret known here",
                     scheme_.header);
}

bool SignatureCheck::is_ours(std::string_view signed_text, std::string_view digest) const {
  bool found = false;
  for (const std::string& key : keys_) {
    const std::string right = hmac(scheme_.hash, key, signed_text);
    found |= digest.size() == right.size() &&
             sodium_memcmp(digest.data(), right.data(), right.size()) == 0;
  }
  return found;
}

Signer::Signer(const std::vector<std::string>& secrets)
    : keys_(checked_keys({.kind = Kind::standard_webhooks}, secrets)) {}

std::vector<std::string> Signer::headers(std::string_view id, system::Time now,
                                         std::string_view body) const {
  const std::string timestamp =
      std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  const std::string text = standard_text(id, timestamp, body);
  std::string signatures;
  for (const std::string& key : keys_) {
    signatures += (signatures.empty() ? "v1," : " v1,") + to_base64(hmac(Hash::sha256, key, text));
  }
  return {fmt::format("webhook-id: {}", id), "webhook-timestamp: " + timestamp,
          "webhook-signature: " + signatures};
}

}  // namespace monitor::http
