package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"

	"github.com/samlcli/samlcli/idp"
)

// blueKey is the security key that the realms know by its public half: the curve's own base point, so that the private half
// is the number one. It signs as an authenticator does (Web Authentication Level 2, section 6.3.3), the person present and verified.
type blueKey struct{}

func (blueKey) Sign(_ context.Context, r idp.KeyRequest) (idp.KeyAssertion, error) {
	one := make([]byte, 32)
	one[31] = 1
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), one)
	if err != nil {
		return idp.KeyAssertion{}, err
	}
	party, client := sha256.Sum256([]byte(r.RPID)), sha256.Sum256(r.ClientData)
	const presentAndVerified = 0x05
	data := append(party[:], presentAndVerified, 0, 0, 0, 1)
	digest := sha256.Sum256(append(append([]byte{}, data...), client[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, private, digest[:])
	return idp.KeyAssertion{ID: []byte("samlcli-live-key"), AuthenticatorData: data, Signature: signature}, err
}
