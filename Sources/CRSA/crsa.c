#include "crsa.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

struct crsa_key {
    EVP_PKEY *key;
};

crsa_key *crsa_open(const uint8_t *der, size_t length) {
    // What the machine's openssl.cnf says is for other programs: it could replace the algorithms.
    if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) || length > 1 << 20) return NULL;
    const unsigned char *next = der;
    EVP_PKEY *read = d2i_AutoPrivateKey(NULL, &next, (long)length);
    crsa_key *key = NULL;
    if (read && EVP_PKEY_get_base_id(read) == EVP_PKEY_RSA) key = OPENSSL_malloc(sizeof *key);
    if (key) {
        key->key = read;
    } else {
        EVP_PKEY_free(read);
        ERR_clear_error();
    }
    return key;
}

size_t crsa_length(const crsa_key *key) {
    int size = EVP_PKEY_get_size(key->key);
    return size > 0 ? (size_t)size : 0;
}

static const EVP_MD *function_of(crsa_digest digest) {
    switch (digest) {
    case CRSA_MD5_SHA1: return EVP_md5_sha1();
    case CRSA_SHA1: return EVP_sha1();
    case CRSA_SHA256: return EVP_sha256();
    case CRSA_SHA384: return EVP_sha384();
    case CRSA_SHA512: return EVP_sha512();
    }
    return NULL;
}

size_t crsa_sign(
    const crsa_key *key, crsa_digest digest, crsa_padding padding, const uint8_t *message, size_t length, uint8_t *signature) {
    const EVP_MD *function = function_of(digest);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options = NULL;
    size_t written = crsa_length(key);
    bool done = function && context && EVP_DigestSignInit(context, &options, function, NULL, key->key) == 1;
    if (done && padding == CRSA_PSS) {
        done = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    done = done && EVP_DigestSign(context, signature, &written, message, length) == 1;
    EVP_MD_CTX_free(context);
    if (done) return written;
    ERR_clear_error();
    return 0;
}

size_t crsa_decrypt(const crsa_key *key, const uint8_t *message, size_t length, uint8_t *plain) {
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key->key, NULL);
    size_t written = crsa_length(key);
    bool done = context && EVP_PKEY_decrypt_init(context) == 1
        && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1
        && EVP_PKEY_decrypt(context, plain, &written, message, length) == 1;
    EVP_PKEY_CTX_free(context);
    if (done) return written;
    ERR_clear_error();
    return 0;
}

void crsa_free(crsa_key *key) {
    if (!key) return;
    EVP_PKEY_free(key->key);
    OPENSSL_free(key);
}
