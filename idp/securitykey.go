package idp

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/samlcli/samlcli/idp/web"
)

// A SecurityKey signs WebAuthn challenges: a device, or keys in a file.
type SecurityKey interface {
	// Sign returns the assertion of a credential that the request allows. It returns ErrNoAnswer where it has none.
	Sign(context.Context, KeyRequest) (KeyAssertion, error)
}

// A KeyRequest is what a page asks of a security key: the PublicKeyCredentialRequestOptions of Web Authentication
// Level 2, section 5.5.
type KeyRequest struct {
	Challenge        []byte
	RPID             string   // the page's host where it is empty
	Allow            [][]byte // ids of credentials; none means a discoverable one
	UserVerification string   // required, preferred or discouraged

	// ClientData is the collected client data (section 5.8.1) as JSON. Session.SignChallenge sets it.
	ClientData []byte
}

// ReadKeyRequest reads the options as a page's script has them: JSON, with bytes in base64.
func ReadKeyRequest(options web.Value) (KeyRequest, error) {
	r := KeyRequest{RPID: options.At("rpId").Text(), UserVerification: options.At("userVerification").Text()}
	for _, allowed := range options.At("allowCredentials").List() {
		r.AllowID(allowed.At("id").Text())
	}
	return r, r.SetChallenge(options.At("challenge").Text())
}

// SetChallenge takes the challenge in base64, which must be one.
func (r *KeyRequest) SetChallenge(encoded string) (err error) {
	r.Challenge, err = web.DecodeBase64(encoded)
	if err == nil && len(r.Challenge) == 0 {
		err = errors.New("a security key is given no challenge")
	}
	return err
}

// AllowID allows one credential more, by its id in base64; one that cannot be read is left out.
func (r *KeyRequest) AllowID(encoded string) {
	if id, err := web.DecodeBase64(encoded); err == nil && len(id) > 0 {
		r.Allow = append(r.Allow, id)
	}
}

// A KeyAssertion is a security key's answer: the AuthenticatorAssertionResponse of section 5.2.2.
type KeyAssertion struct {
	ID                []byte // of the credential
	ClientData        []byte // what the page gets as clientDataJSON
	AuthenticatorData []byte
	Signature         []byte
	UserHandle        []byte // may be empty
}

// SignChallenge has the security key answer the current page, whose origin goes into what is signed. Only a session with
// a Key may be asked. A page that speaks for somebody else's host is unknown.
func (s *Session) SignChallenge(ctx context.Context, r KeyRequest) (KeyAssertion, error) {
	page := s.Page().URL
	if r.RPID == "" {
		r.RPID = page.Hostname()
	}
	if !web.SpeaksFor(page.Hostname(), r.RPID) {
		return KeyAssertion{}, s.Unknown("it asks a security key for the signature of another site")
	}
	var err error
	r.ClientData, err = json.Marshal(struct {
		Type        string `json:"type"`
		Challenge   string `json:"challenge"`
		Origin      string `json:"origin"`
		CrossOrigin bool   `json:"crossOrigin"`
	}{"webauthn.get", web.EncodeBase64(r.Challenge), page.Scheme + "://" + s.Page().Host(), false})
	if err != nil {
		return KeyAssertion{}, err
	}
	s.chosen, s.walk.asked = WebAuthn, elsewhere
	answer, err := s.Key.Sign(ctx, r)
	answer.ClientData = r.ClientData
	return answer, err
}
