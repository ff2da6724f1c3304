package entra

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
)

// CredentialID is the id of alice's security key.
const CredentialID = "alice's key"

// askKey is the page of another host, for which security keys sign. It is told of the sign-in by its form, not by cookies.
func (f *Fake) askKey(w http.ResponseWriter, r *http.Request) {
	for _, k := range f.flows {
		if k.ctx != r.PostFormValue("ctx") {
			continue
		}
		if f.returned(w, r, k, factorPage, nil) {
			k.challenge = "O." + rand.Text()
			f.show(w, r, k, keyPage, map[string]any{
				"urlPost": at(r, login, tenant+"/login"), "sFidoChallenge": k.challenge, "sCrossDomainCanary": "cross." + k.session,
				"arrFidoAllowList": []string{base64.StdEncoding.EncodeToString([]byte(CredentialID))},
			})
		}
		return
	}
	f.demand(w, r, newFlow(), false, "ctx is of no sign-in")
}

// takeKey checks what a security key has signed.
func (f *Fake) takeKey(w http.ResponseWriter, r *http.Request, k *flow) {
	if !f.returned(w, r, k, keyPage, map[string]string{"type": "23", "ps": "23", "lmcCanary": "cross." + k.session}) {
		return
	}
	var said struct{ ID, ClientDataJSON, AuthenticatorData, Signature string }
	err := json.Unmarshal([]byte(r.PostFormValue("assertion")), &said)
	data, authenticator, signature := decode(said.ClientDataJSON), decode(said.AuthenticatorData), decode(said.Signature)
	var client struct{ Type, Challenge, Origin string }
	_ = json.Unmarshal(data, &client) // what cannot be read is not what is wanted
	rp, _ := url.Parse(at(r, keys, ""))
	if err != nil || string(decode(said.ID)) != CredentialID || client.Type != "webauthn.get" || string(decode(client.Challenge)) != k.challenge ||
		client.Origin != at(r, keys, "") || !bytes.HasPrefix(authenticator, hash([]byte(rp.Hostname()))) ||
		f.key == nil || !ecdsa.VerifyASN1(f.key, hash(append(authenticator, hash(data)...)), signature) {
		f.complain(r, "the security key's signature is not of this sign-in (%v)", err)
		f.askFactor(w, r, k, "500121")
		return
	}
	f.advance(w, r, k)
}

func hash(data []byte) []byte {
	sum := sha256.Sum256(data)
	return sum[:]
}

func decode(encoded string) []byte {
	data, _ := base64.RawURLEncoding.DecodeString(encoded) // what cannot be read is not what is wanted
	return data
}
