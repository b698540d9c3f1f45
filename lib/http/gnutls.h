// What the users of GnuTLS (tls.cpp, certificate.cpp) have in common; nobody else includes this but
// tests.
#pragma once

#include <gnutls/abstract.h>

#include <string_view>

namespace monitor::http {

// Text as GnuTLS takes it, which only reads it although the type says otherwise.
inline gnutls_datum_t datum(std::string_view text) {
  return {reinterpret_cast<unsigned char*>(const_cast<char*>(text.data())),
          static_cast<unsigned>(text.size())};
}

struct FreePublicKey {
  void operator()(gnutls_pubkey_st* key) const { ::gnutls_pubkey_deinit(key); }
};

}  // namespace monitor::http
