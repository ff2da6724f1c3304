package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"slices"
)

// jsonKey is a public key as RFC 7517 and 7518 write it.
type jsonKey struct {
	Type  string `json:"kty"`
	Use   string `json:"use"`
	Alg   string `json:"alg"`
	ID    string `json:"kid"`
	N     string `json:"n"`
	E     string `json:"e"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// public returns the key; nil for one of a kind that is not known, or that is broken.
func (k jsonKey) public() crypto.PublicKey {
	switch k.Type {
	case "RSA":
		e := new(big.Int).SetBytes(bytesOf(k.E))
		if key := (&rsa.PublicKey{N: new(big.Int).SetBytes(bytesOf(k.N)), E: int(e.Int64())}); e.BitLen() < 32 && key.Size() >= 256 {
			return key
		}
	case "EC":
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Curve]
		if curve == nil {
			return nil
		}
		if key, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, bytesOf(k.X), bytesOf(k.Y))); err == nil {
			return key
		}
	case "OKP":
		if x := bytesOf(k.X); k.Curve == "Ed25519" && len(x) == ed25519.PublicKeySize {
			return ed25519.PublicKey(x)
		}
	}
	return nil
}

func bytesOf(text string) []byte {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return data
}

// curveOf returns the curve that an algorithm is for (RFC 7518, 3.4).
func curveOf(algorithm string) elliptic.Curve {
	switch algorithm {
	case "ES256":
		return elliptic.P256()
	case "ES384":
		return elliptic.P384()
	case "ES512":
		return elliptic.P521()
	}
	return nil
}
