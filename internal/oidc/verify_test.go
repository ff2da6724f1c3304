package oidc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
)

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// signWith makes a token of a head and a signer.
func signWith(head string, sign func([]byte) []byte) string {
	text := encode([]byte(head)) + "." + encode([]byte(`{"sub":"7"}`))
	return text + "." + encode(sign([]byte(text)))
}

func TestSigned(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edPublic, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := ecKey.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	rsaPublic := jsonKey{Type: "RSA", ID: "r", N: encode(rsaKey.N.Bytes()), E: encode(big.NewInt(int64(rsaKey.E)).Bytes())}
	ecPublic := jsonKey{Type: "EC", ID: "e", Curve: "P-256", X: encode(point[1:33]), Y: encode(point[33:])}
	keys := []jsonKey{rsaPublic, ecPublic, {Type: "OKP", ID: "d", Curve: "Ed25519", X: encode(edPublic)}, {Type: "oct", ID: "h"}, {Type: "EC", Curve: "P-1"}}
	sum := func(text []byte) []byte { s := sha256.Sum256(text); return s[:] }
	rs := func(text []byte) []byte {
		s, _ := rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum(text))
		return s
	}
	ps := func(text []byte) []byte {
		s, _ := rsa.SignPSS(rand.Reader, rsaKey, crypto.SHA256, sum(text), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		return s
	}
	es := func(text []byte) []byte {
		r, s, _ := ecdsa.Sign(rand.Reader, ecKey, sum(text))
		out := make([]byte, 64)
		r.FillBytes(out[:32])
		s.FillBytes(out[32:])
		return out
	}
	ed := func(text []byte) []byte { return ed25519.Sign(edKey, text) }
	nobody := func([]byte) []byte { return nil }
	for _, c := range []struct {
		head string
		sign func([]byte) []byte
		want bool
	}{
		{`{"alg":"RS256","kid":"r"}`, rs, true},
		{`{"alg":"RS256"}`, rs, true},
		{`{"alg":"PS256","kid":"r"}`, ps, true},
		{`{"alg":"ES256","kid":"e"}`, es, true},
		{`{"alg":"EdDSA","kid":"d"}`, ed, true},
		{`{"alg":"RS256","kid":"e"}`, rs, false},
		{`{"alg":"RS256","kid":"unknown"}`, rs, false},
		{`{"alg":"RS384","kid":"r"}`, rs, false},
		{`{"alg":"PS256","kid":"r"}`, rs, false},
		{`{"alg":"ES384","kid":"e"}`, es, false},
		{`{"alg":"ES256","kid":"r"}`, es, false},
		{`{"alg":"none","kid":"r"}`, nobody, false},
		{`{"alg":"","kid":"h"}`, nobody, false},
		{`{"alg":"256","kid":"r"}`, rs, false},
		{`{"alg":"HS256","kid":"h"}`, nobody, false},
		{`{"alg":"RS256","kid":"r","crit":["b64"]}`, rs, false},
		{`no JSON`, rs, false},
	} {
		if got := signed(signWith(c.head, c.sign), keys); got != c.want {
			t.Errorf("%s: %v", c.head, got)
		}
	}
	good := signWith(`{"alg":"RS256"}`, rs)
	for _, k := range []jsonKey{{Type: "RSA", N: rsaPublic.N, E: rsaPublic.E, Use: "enc"}, {Type: "RSA", N: rsaPublic.N, E: rsaPublic.E, Alg: "RS512"}, {Type: "RSA", N: "!", E: "!"}, {Type: "RSA", N: rsaPublic.N, E: encode(make([]byte, 9))}, {Type: "EC", Curve: "P-256", X: "AA", Y: "AA"}, {Type: "OKP", Curve: "Ed25519", X: "AA"}} {
		if signed(good, []jsonKey{k}) {
			t.Errorf("%+v took it", k)
		}
	}
	changed := strings.Replace(good, encode([]byte(`{"sub":"7"}`)), encode([]byte(`{"sub":"8"}`)), 1)
	if signed(changed, keys) {
		t.Error("a changed token is taken")
	}
}
