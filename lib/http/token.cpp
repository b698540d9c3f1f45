#include "lib/http/token.h"

#include <fmt/format.h>
#include <sodium.h>

#include <optional>

#include "lib/http/address.h"
#include "lib/http/base64.h"
#include "lib/http/secret_file.h"
#include "lib/http/word.h"
#include "lib/system/error.h"
#include "lib/system/trim.h"

namespace monitor::http {
namespace {

// Shorter ones can be guessed: 16 random letters and digits have 95 bits.
constexpr std::size_t kShortestToken = 16;

bool starts_with_any_case(std::string_view text, std::string_view prefix) {
  return same_word(text.substr(0, prefix.size()), prefix);
}

// The password of "user:password" in base64.
std::optional<std::string> basic_password(std::string_view encoded) {
  const auto decoded = from_base64(encoded);
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  return colon == std::string::npos ? std::nullopt : std::optional(decoded->substr(colon + 1));
}

}  // namespace

std::optional<std::string> weakness_of_token(std::string_view token) {
  if (token.size() >= kShortestToken) {
    return std::nullopt;
  }
  return fmt::format(
      "the token has {} characters, give at least {} (openssl rand -hex 24 makes one)",
      token.size(), kShortestToken);
}

TokenCheck::TokenCheck(const std::vector<std::string>& tokens) {
  for (const std::string& token : tokens) {
    digests_.push_back(digest(token));
  }
}

TokenCheck TokenCheck::from_file(const std::string& path) {
  TokenCheck check;
  for (const auto& [number, token] : read_secret_file(path, "token")) {
    if (const auto problem = weakness_of_token(token)) {
      throw system::ConfigError(
          fmt::format("cannot use token file {}: line {}: {}", path, number, *problem));
    }
    check.digests_.push_back(digest(token));
  }
  return check;
}

// Digests have one length, so that comparing them tells nothing of a token's.
TokenCheck::Digest TokenCheck::digest(std::string_view token) {
  Digest result{};
  crypto_generichash(result.data(), result.size(),
                     reinterpret_cast<const unsigned char*>(token.data()), token.size(), nullptr,
                     0);
  return result;
}

bool TokenCheck::known(std::string_view token) const {
  const Digest given = digest(token);
  bool found = false;
  for (const Digest& one : digests_) {
    found |= sodium_memcmp(one.data(), given.data(), given.size()) == 0;
  }
  return found;
}

bool TokenCheck::accepts(const Request& request) const {
  if (empty()) {
    return false;
  }
  if (const auto header = request.header("Authorization")) {
    if (starts_with_any_case(*header, "Bearer ")) {
      return known(system::trimmed(std::string_view(*header).substr(7)));
    }
    if (starts_with_any_case(*header, "Basic ")) {
      const auto password = basic_password(system::trimmed(std::string_view(*header).substr(6)));
      return password && known(*password);
    }
  }
  const auto parameter = request.parameter("token");
  return parameter && known(*parameter);
}

Response unauthorized(std::string_view reason) {
  constexpr std::string_view kHow =
      "token missing or wrong: give it as ?token=TOKEN, as \"Authorization: Bearer TOKEN\" or "
      "as the password of Basic authentication";
  Response response = error_response(401, reason.empty() ? kHow : reason);
  response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"status-monitor\"");
  return response;
}

void check_exposure(const std::string& host, const std::string& token_file,
                    bool allow_unauthenticated, std::string_view deed) {
  if (!token_file.empty() || allow_unauthenticated || is_loopback(host)) {
    return;
  }
  throw system::ConfigError(fmt::format(
      "cannot listen on {}: anybody who reaches it could {}; give --token-file FILE, or "
      "--allow-unauthenticated if something in front checks who comes in",
      host, deed));
}

}  // namespace monitor::http
