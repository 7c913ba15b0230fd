#ifndef MARTINET_CRSA_H
#define MARTINET_CRSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A private RSA key in OpenSSL's hands; immutable and safe to use from any thread.
typedef struct crsa_key crsa_key;

/// How a signature is made.
typedef enum { CRSA_MD5_SHA1, CRSA_SHA1, CRSA_SHA256, CRSA_SHA384, CRSA_SHA512 } crsa_digest;
typedef enum { CRSA_PKCS1, CRSA_PSS } crsa_padding;

/// Reads a key in DER (PKCS#1 or PKCS#8). NULL when it is none.
crsa_key *crsa_open(const uint8_t *der, size_t length);

/// Bytes of a signature, and of a message to decrypt.
size_t crsa_length(const crsa_key *key);

/// Hashes `message` and signs the hash. A salt (PSS) is as long as the hash (RFC 8446 §4.2.3). `signature` has room for `crsa_length`
/// bytes. Returns how many were written; 0 on failure.
size_t crsa_sign(
    const crsa_key *key, crsa_digest digest, crsa_padding padding, const uint8_t *message, size_t length, uint8_t *signature);

/// Decrypts one block without looking at its padding. Returns how many bytes were written, at most `crsa_length`; 0 on failure.
size_t crsa_decrypt(const crsa_key *key, const uint8_t *message, size_t length, uint8_t *plain);

void crsa_free(crsa_key *key);

#endif
