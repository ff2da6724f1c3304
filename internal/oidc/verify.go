package oidc

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	_ "crypto/sha256" // what hashOf names
	_ "crypto/sha512"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// skew is by how much the provider's clock may be ahead.
const skew = 5 * time.Minute

// verify returns what an ID token says, once that can be trusted (OpenID Connect Core 1.0, 3.1.3.7).
func (p *Provider) verify(ctx context.Context, token secret.Secret) (*Claims, error) {
	c, ok := Read(token)
	if !ok {
		return nil, unusable("it is no JSON Web Token")
	}
	now := p.client.Now()
	switch azp := c.Text("azp"); {
	case c.Issuer == "" || c.Subject == "" || c.Expires.IsZero() || len(c.Audience) == 0:
		return nil, unusable("it does not say of whom and for whom it is, or until when")
	case azp != "" && azp != p.client.ID || azp == "" && len(c.Audience) > 1:
		return nil, unusable("it was given to another client than %s", p.client.ID)
	case c.time("iat").After(now.Add(skew)), c.time("nbf").After(now.Add(skew)):
		return nil, unusable("it is of a time to come: is the clock here right?")
	}
	if err := c.Check(now, p.about.Issuer, p.client.ID); err != nil {
		return nil, err
	}
	var set struct {
		Keys []jsonKey `json:"keys"`
	}
	if err := p.get(ctx, p.about.Keys, &set); err != nil {
		return nil, err
	}
	if !signed(token.Reveal(), set.Keys) {
		return nil, unusable("it is not signed by any key of %s", p.host)
	}
	return c, nil
}

// signed reports whether one of the keys signed a token.
func signed(token string, keys []jsonKey) bool {
	var head struct {
		Alg  string `json:"alg"`
		ID   string `json:"kid"`
		Crit []any  `json:"crit"`
	}
	last := strings.LastIndexByte(token, '.')
	first, _, _ := strings.Cut(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(token[last+1:])
	if err != nil || !decode(first, &head) || len(head.Crit) > 0 { // nothing critical is known here (RFC 7515, 4.1.11)
		return false
	}
	return slices.ContainsFunc(keys, func(k jsonKey) bool {
		return (head.ID == "" || k.ID == head.ID) && (k.Use == "" || k.Use == "sig") && (k.Alg == "" || k.Alg == head.Alg) &&
			verified(head.Alg, k.public(), []byte(token[:last]), signature)
	})
}

// hashOf returns the hash of one of the algorithms of RFC 7518 that a public key can check; 0 for every other.
func hashOf(algorithm string) crypto.Hash {
	switch strings.TrimLeft(algorithm, "EPRS") {
	case "256":
		return crypto.SHA256
	case "384":
		return crypto.SHA384
	case "512":
		return crypto.SHA512
	}
	return 0
}

// verified reports whether a key made a signature by an algorithm, which must be one that suits the key.
func verified(algorithm string, key crypto.PublicKey, text, signature []byte) bool {
	if key, ok := key.(ed25519.PublicKey); ok {
		return algorithm == "EdDSA" && ed25519.Verify(key, text, signature)
	}
	hash := hashOf(algorithm)
	if hash == 0 {
		return false
	}
	h := hash.New()
	h.Write(text)
	sum := h.Sum(nil)
	switch key := key.(type) {
	case *rsa.PublicKey:
		return algorithm[:2] == "RS" && rsa.VerifyPKCS1v15(key, hash, sum, signature) == nil ||
			algorithm[:2] == "PS" && rsa.VerifyPSS(key, hash, sum, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
	case *ecdsa.PublicKey:
		size := (key.Curve.Params().BitSize + 7) / 8
		return algorithm[:2] == "ES" && curveOf(algorithm) == key.Curve && len(signature) == 2*size &&
			ecdsa.Verify(key, sum, new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:]))
	}
	return false
}
