package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
)

// KeySize is the length of the keys for Seal and Open, in bytes.
const KeySize = 32

// NewKey makes a key for Seal.
func NewKey() []byte {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails
	return key
}

// Seal encrypts data with AES-256 in Galois/Counter mode (NIST SP 800-38D) under a nonce of its own. What is sealed under
// one name does not open under another, so that two files cannot be exchanged.
func Seal(key []byte, name string, data []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	return gcm.Seal(nil, nil, data, []byte(name)), nil
}

// Open returns what was sealed with the key under the name. Anything else, changed by a single bit, is an error.
func Open(key []byte, name string, sealed []byte) ([]byte, error) {
	gcm, err := sealer(key)
	if err != nil {
		return nil, err
	}
	data, err := gcm.Open(nil, nil, sealed, []byte(name))
	if err != nil {
		return nil, errors.New("it was sealed with another key, or changed")
	}
	return data, nil
}

func sealer(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, errors.New("a key has 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
