#include "net/testing/certificate.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace torg::net::testing {
namespace {

constexpr long kDay = 24 * 60 * 60;

void write_pem(std::filesystem::path const& path, auto write) {
  std::shared_ptr<BIO> const out(BIO_new_file(path.c_str(), "w"), BIO_free);
  if (!out || write(out.get()) != 1) throw std::runtime_error("cannot write " + path.string());
}

std::shared_ptr<X509> sign(EVP_PKEY* key, std::string const& name) {
  std::shared_ptr<X509> const certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay);
  X509_set_pubkey(certificate.get(), key);
  auto* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) throw std::runtime_error("cannot sign");
  return certificate;
}

}  // namespace

Tls make_self_signed(std::filesystem::path const& folder, std::string const& name) {
  Tls const files{folder / "certificate.pem", folder / "key.pem"};
  std::shared_ptr<EVP_PKEY> const key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  auto const certificate = sign(key.get(), name);
  write_pem(files.certificate, [&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
  write_pem(files.key, [&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  return files;
}

}  // namespace torg::net::testing
