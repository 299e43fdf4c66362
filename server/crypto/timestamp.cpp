#include "crypto/timestamp.hpp"

#include <cstring>
#include <memory>
#include <new>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509_vfy.h>

namespace torg::crypto {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Deleter<Free>>;

using Request = Owned<TS_REQ, TS_REQ_free>;
using Token = Owned<PKCS7, PKCS7_free>;
using Bio = Owned<BIO, BIO_free_all>;

std::unexpected<Error> wrong(std::string_view what) {
  return fail(ErrorCode::bad_json, "The timestamp " + std::string(what) + ".");
}

unsigned char const* begin_of(std::string_view bytes) {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

template <class Encode>
std::string der(Encode encode) {
  auto const size = encode(nullptr);
  if (size <= 0) throw std::bad_alloc();
  std::string bytes(static_cast<std::size_t>(size), '\0');
  auto* out = reinterpret_cast<unsigned char*>(bytes.data());
  encode(&out);
  return bytes;
}

Request make_request(Sha256 const& digest, std::uint64_t nonce) {
  Request request(TS_REQ_new());
  Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> const imprint(TS_MSG_IMPRINT_new());
  Owned<X509_ALGOR, X509_ALGOR_free> const algorithm(X509_ALGOR_new());
  Owned<ASN1_INTEGER, ASN1_INTEGER_free> const number(ASN1_INTEGER_new());
  if (!request || !imprint || !algorithm || !number) throw std::bad_alloc();
  std::array<unsigned char, 32> bytes = digest;
  bool const made =
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
      TS_REQ_set_version(request.get(), 1) == 1 &&
      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
      ASN1_INTEGER_set_uint64(number.get(), nonce) == 1 &&
      TS_REQ_set_nonce(request.get(), number.get()) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1;
  if (!made) throw std::bad_alloc();
  return request;
}

Token parse_token(std::string_view bytes) {
  auto const* at = begin_of(bytes);
  return Token(d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size())));
}

/// The signature over the token by the certificate inside it, whoever that is.
bool signed_by_own(PKCS7* token) {
  Bio const out(BIO_new(BIO_s_mem()));
  return out && PKCS7_verify(token, nullptr, nullptr, nullptr, out.get(), PKCS7_NOVERIFY) == 1;
}

Result<Instant> time_of(TS_TST_INFO* info) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) return wrong("has no time");
  return Instant(std::chrono::seconds(::timegm(&parts)));
}

std::string signer_of(PKCS7* token) {
  Owned<STACK_OF(X509), +[](STACK_OF(X509) * s) { sk_X509_free(s); }> const signers(
      PKCS7_get0_signers(token, nullptr, 0));
  if (!signers || sk_X509_num(signers.get()) == 0) return {};
  Bio const out(BIO_new(BIO_s_mem()));
  if (!out) throw std::bad_alloc();
  X509_NAME_print_ex(out.get(), X509_get_subject_name(sk_X509_value(signers.get(), 0)), 0,
                     XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  auto const size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// The certificate as it stood at the token's time: it may have run out since.
bool chains_up(PKCS7* token, Instant at, std::filesystem::path const& roots) {
  Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
  if (!store || X509_STORE_load_file(store.get(), roots.c_str()) != 1) return false;
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()),
                             std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
  Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free> const context(TS_VERIFY_CTX_new());
  if (!context) throw std::bad_alloc();
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_SIGNATURE);
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  return TS_RESP_verify_token(context.get(), token) == 1;
}

bool is_over(TS_TST_INFO* info, Sha256 const& digest) {
  auto* imprint = TS_TST_INFO_get_msg_imprint(info);
  auto const* message = TS_MSG_IMPRINT_get_msg(imprint);
  ASN1_OBJECT const* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  return OBJ_obj2nid(algorithm) == NID_sha256 &&
         ASN1_STRING_length(message) == static_cast<int>(digest.size()) &&
         std::memcmp(ASN1_STRING_get0_data(message), digest.data(), digest.size()) == 0;
}

}  // namespace

std::string timestamp_request(Sha256 const& digest, std::uint64_t nonce) {
  auto const request = make_request(digest, nonce);
  return der([&](unsigned char** out) { return i2d_TS_REQ(request.get(), out); });
}

Result<std::string> timestamp_token(std::string_view answer, Sha256 const& digest, std::uint64_t nonce) {
  auto const* at = begin_of(answer);
  Owned<TS_RESP, TS_RESP_free> const response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
  auto* token = response ? TS_RESP_get_token(response.get()) : nullptr;
  if (token == nullptr) return fail(ErrorCode::unavailable, "The time-stamping authority gave no timestamp.");
  auto const request = make_request(digest, nonce);
  Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free> const context(TS_REQ_to_TS_VERIFY_CTX(request.get(), nullptr));
  if (!context) throw std::bad_alloc();
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE);
  if (TS_RESP_verify_response(context.get(), response.get()) != 1)
    return fail(ErrorCode::unavailable,
                "The time-stamping authority answered something else than was asked.");
  return der([&](unsigned char** out) { return i2d_PKCS7(token, out); });
}

Result<Timestamp> read_timestamp(std::string_view token, Sha256 const& digest,
                                 std::filesystem::path const& roots) {
  auto const parsed = parse_token(token);
  if (!parsed) return wrong("can't be read");
  Owned<TS_TST_INFO, TS_TST_INFO_free> const info(PKCS7_to_TS_TST_INFO(parsed.get()));
  if (!info) return wrong("can't be read");
  if (!is_over(info.get(), digest)) return wrong("is of something else");
  if (!signed_by_own(parsed.get())) return wrong("is not signed by its certificate");
  auto const at = time_of(info.get());
  if (!at) return std::unexpected(at.error());
  if (!roots.empty() && !chains_up(parsed.get(), *at, roots))
    return wrong("is by an authority that is not trusted");
  return Timestamp{*at, signer_of(parsed.get())};
}

}  // namespace torg::crypto
