// The shared token that lets a request in. Compared in constant time; never logged.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/server.h"

namespace monitor::http {

class TokenCheck {
 public:
  TokenCheck() = default;  // no token: accepts() is false for everybody
  explicit TokenCheck(const std::vector<std::string>& tokens);

  // A secret file (secret_file.h). Throws system::ConfigError when it can't be read, holds none, or
  // holds a short one.
  static TokenCheck from_file(const std::string& path);

  bool empty() const { return digests_.empty(); }

  // The token as `Authorization: Bearer`, as the password of `Authorization: Basic`, or as
  // `?token=`.
  bool accepts(const Request& request) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  static Digest digest(std::string_view token);
  bool known(std::string_view token) const;

  std::vector<Digest> digests_;
};

// Why a token is too easy to guess; nothing when it is not. Never shows it.
std::optional<std::string> weakness_of_token(std::string_view token);

// The 401 that asks for it. Some senders (Amazon SNS) give the password of their URL only after
// such a challenge.
// `reason`: why, when it is not the token.
Response unauthorized(std::string_view reason = {});

// Fails closed: throws system::ConfigError when strangers could reach `host` and neither a token
// file is given nor `allow_unauthenticated`. `deed`: what anybody could do then, "post webhooks".
void check_exposure(const std::string& host, const std::string& token_file,
                    bool allow_unauthenticated, std::string_view deed);

}  // namespace monitor::http
