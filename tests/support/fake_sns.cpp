#include "tests/support/fake_sns.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "lib/json/writer.h"

namespace monitor::tests {
namespace {

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void check(bool good) {
  if (!good) {
    throw std::runtime_error("OpenSSL fails");
  }
}

std::string to_base64(const std::string& raw) {
  std::string text(4 * ((raw.size() + 2) / 3) + 1, '\0');
  const int size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(raw),
                                     static_cast<int>(raw.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string text_to_sign(const Parts& parts) {
  const bool confirms = parts.at("Type") != "Notification";
  const std::initializer_list<const char*> notification{"Message",   "MessageId", "Subject",
                                                        "Timestamp", "TopicArn",  "Type"};
  const std::initializer_list<const char*> confirmation{
      "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
  std::string text;
  for (const char* name : confirms ? confirmation : notification) {
    if (const auto part = parts.find(name); part != parts.end()) {
      text += part->first + '\n' + part->second + '\n';
    }
  }
  return text;
}

}  // namespace

struct SigningKey::State {
  EVP_PKEY* key = ::EVP_RSA_gen(2048);
  X509* certificate = ::X509_new();
  ~State() {
    ::X509_free(certificate);
    ::EVP_PKEY_free(key);
  }
};

SigningKey::SigningKey(long from, long to) : state_(std::make_unique<State>()) {
  X509* const certificate = state_->certificate;
  check(state_->key != nullptr && ::X509_set_version(certificate, X509_VERSION_3) == 1);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate), from);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate), to);
  check(::X509_set_pubkey(certificate, state_->key) == 1);
  check(::X509_sign(certificate, state_->key, ::EVP_sha256()) > 0);
}

SigningKey::~SigningKey() = default;

std::string SigningKey::certificate() const {
  BIO* const bio = ::BIO_new(::BIO_s_mem());
  check(::PEM_write_bio_X509(bio, state_->certificate) == 1);
  char* data = nullptr;
  const long size = ::BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  ::BIO_free(bio);
  return pem;
}

std::string SigningKey::sign(const std::string& text, const std::string& version) const {
  EVP_MD_CTX* const context = ::EVP_MD_CTX_new();
  const EVP_MD* const hash = version == "1" ? ::EVP_sha1() : ::EVP_sha256();
  check(::EVP_DigestSignInit(context, nullptr, hash, nullptr, state_->key) == 1);
  std::string raw(512, '\0');
  std::size_t size = raw.size();
  check(::EVP_DigestSign(context, reinterpret_cast<unsigned char*>(raw.data()), &size, bytes(text),
                         text.size()) == 1);
  ::EVP_MD_CTX_free(context);
  raw.resize(size);
  return to_base64(raw);
}

Parts notification(const std::string& message) {
  return {{"Type", "Notification"},
          {"MessageId", "0f0e0d0c-1111-4222-8333-444455556666"},
          {"TopicArn", kTopic},
          {"Subject", "AWS Health"},
          {"Message", message},
          {"Timestamp", "2026-03-04T05:06:07.123Z"},
          {"SigningCertURL", kCertificateUrl}};
}

Parts subscription_confirmation() {
  Parts parts = notification("You have chosen to subscribe.\nVisit the SubscribeURL.");
  parts.erase("Subject");
  parts["Type"] = "SubscriptionConfirmation";
  parts["Token"] = "t0";
  parts["SubscribeURL"] = kSubscribeUrl;
  return parts;
}

std::string signed_body(Parts parts, const SigningKey& key, const std::string& version) {
  parts["SignatureVersion"] = version;
  parts["Signature"] = key.sign(text_to_sign(parts), version);
  return to_body(parts);
}

std::string to_body(const Parts& parts) {
  json::Writer out;
  out.begin_object();
  for (const auto& [name, text] : parts) {
    out.member(name, text);
  }
  return out.end_object().take();
}

FakeAmazon::FakeAmazon(std::string certificate) : certificate_(std::move(certificate)) {
  server_.start(*this);
}

http::Fetched FakeAmazon::get(const std::string& url) {
  const std::string_view path = std::string_view(url).substr(url.find('/', 8));
  return client_.get(server_.url() + std::string(path));
}

void FakeAmazon::serve(http::Exchange exchange) {
  const bool asks_certificate = exchange.request().path.ends_with(".pem");
  ++(asks_certificate ? certificates : confirmations);
  exchange.answer({.status = status, .body = asks_certificate ? certificate_ : "<Confirmed/>"});
}

}  // namespace monitor::tests
