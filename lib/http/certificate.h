// The RSA key of an X.509 certificate, for signatures that a sender makes with the other half of it
// (GnuTLS). A value; any thread.
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string_view>

#include "lib/system/clock.h"

struct gnutls_pubkey_st;

namespace monitor::http {

class Certificate {
 public:
  // Of `pem`, the first in it; nothing when that holds none with an RSA key.
  static std::optional<Certificate> parse(std::string_view pem);

  // Between its two dates.
  bool valid_at(system::Time now) const;

  enum class Hash { sha1, sha256 };
  // Is `signature` (the bytes) that of `text` by PKCS #1 v1.5 (RFC 8017, 8.2)?
  bool signed_by(Hash hash, std::string_view text, std::string_view signature) const;

 private:
  struct Free {
    void operator()(gnutls_pubkey_st* key) const;
  };
  Certificate() = default;
  std::unique_ptr<gnutls_pubkey_st, Free> key_;
  std::time_t from_ = 0;
  std::time_t to_ = 0;
};

}  // namespace monitor::http
