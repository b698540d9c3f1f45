// Signatures that senders put over a request's raw body (HMAC). Fails closed: whatever is missing,
// doubled, cut off, stale or written in another way than the scheme says is refused. Digests are
// compared in constant time; secrets are never shown. Any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http/server.h"
#include "lib/system/clock.h"

namespace monitor::http {

struct SignatureScheme {
  enum class Kind {
    // id.timestamp.body, as webhook-signature: v1,BASE64 v1,BASE64
    // https://github.com/standard-webhooks/standard-webhooks (symmetric)
    standard_webhooks,
    hmac,  // the body alone, in one header
  };
  enum class Encoding { hex, base64 };
  enum class Hash { sha256, sha512 };

  Kind kind = Kind::hmac;
  std::string header = {};  // of hmac
  Encoding encoding = Encoding::hex;
  std::string prefix = {};  // of the header's value, as "sha256="
  Hash hash = Hash::sha256;
};

// "standard-webhooks", "instatus", "cachet", or "hmac", whose header and so on the caller fills in.
std::optional<SignatureScheme> signature_scheme(std::string_view name);
std::vector<std::string_view> signature_scheme_names();

// How far a signed time may be from ours, either way: the specification's own libraries say five
// minutes.
inline constexpr std::chrono::minutes kSignatureTolerance{5};

class SignatureCheck {
 public:
  // `secrets`: as the operator has them; those of standard-webhooks are base64, mostly after
  // "whsec_". Any of them is good, so that they can be changed without a gap. Throws
  // std::invalid_argument saying what is wrong with one, without showing it.
  SignatureCheck(SignatureScheme scheme, const std::vector<std::string>& secrets);

  // Nothing when the request is signed; else why it is not, for the answer and the log.
  std::optional<std::string> refuse(const Request& request, system::Time now) const;

 private:
  std::optional<std::string> refuse_standard(const Request& request, system::Time now) const;
  std::optional<std::string> refuse_hmac(const Request& request) const;
  bool is_ours(std::string_view signed_text, std::string_view digest) const;

  SignatureScheme scheme_;
  std::vector<std::string> keys_;
};

// The other side: signs what we send, per Standard Webhooks.
class Signer {
 public:
  // As SignatureCheck. With several each signs, so that the receiver can change from one to the
  // next.
  explicit Signer(const std::vector<std::string>& secrets);

  // webhook-id, webhook-timestamp and webhook-signature, as whole lines.
  std::vector<std::string> headers(std::string_view id, system::Time now,
                                   std::string_view body) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace monitor::http
