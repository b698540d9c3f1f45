#include "lib/http/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <limits>

namespace monitor::http {
namespace {

template <auto* Function>
struct Freeing {
  template <typename Pointee>
  void operator()(Pointee* pointee) const {
    Function(pointee);
  }
};
using Bio = std::unique_ptr<BIO, Freeing<&::BIO_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freeing<&::EVP_MD_CTX_free>>;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void Certificate::Free::operator()(x509_st* certificate) const { ::X509_free(certificate); }

std::optional<Certificate> Certificate::parse(std::string_view pem) {
  if (pem.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return std::nullopt;
  }
  const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // The empty passphrase: without one OpenSSL would ask for it on the terminal.
  char no_passphrase[] = "";
  X509* const found = ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, no_passphrase);
  if (found == nullptr) {
    return std::nullopt;
  }
  Certificate certificate(found);
  const EVP_PKEY* const key = ::X509_get0_pubkey(found);
  const bool rsa = key != nullptr && ::EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
  return rsa ? std::optional(std::move(certificate)) : std::nullopt;
}

bool Certificate::valid_at(system::Time now) const {
  std::time_t seconds = system::to_microseconds(now) / 1'000'000;
  return ::X509_cmp_time(::X509_get0_notBefore(certificate_.get()), &seconds) < 0 &&
         ::X509_cmp_time(::X509_get0_notAfter(certificate_.get()), &seconds) > 0;
}

bool Certificate::signed_by(Hash hash, std::string_view text, std::string_view signature) const {
  const Context context(::EVP_MD_CTX_new());
  const EVP_MD* const digest = hash == Hash::sha1 ? ::EVP_sha1() : ::EVP_sha256();
  return ::EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr,
                                ::X509_get0_pubkey(certificate_.get())) == 1 &&
         ::EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(text),
                            text.size()) == 1;
}

}  // namespace monitor::http
