package idp

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// AWS is what AWS calls itself towards identity providers, unless an account says otherwise.
const (
	AWSIssuer   = "urn:amazon:webservices"
	AWSConsumer = "https://signin.aws.amazon.com/saml"
)

// AuthnRequest is the XML of a request to sign in (SAML core, section 3.4.1) in the name of the service provider that
// issuer names. The response is wanted at consumer, by the binding, which may be empty.
func (s *Session) AuthnRequest(issuer, consumer, binding string) string {
	now := s.Now().UTC()
	seed := sha256.Sum256([]byte(strconv.FormatInt(now.UnixNano(), 10) + s.Account.URL + s.Account.Username))
	if binding != "" {
		binding = fmt.Sprintf(" ProtocolBinding=%q", binding)
	}
	return fmt.Sprintf(`<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_%s" Version="2.0" IssueInstant="%s"%s AssertionConsumerServiceURL="%s">`+
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">%s</saml:Issuer></samlp:AuthnRequest>`,
		hex.EncodeToString(seed[:16]), now.Format(time.RFC3339), binding, escaped(consumer), escaped(issuer))
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// RedirectBinding returns the address that carries a request in its query (SAML bindings, section 3.4.4.1).
func RedirectBinding(address *url.URL, request string) string {
	var deflated bytes.Buffer
	w, _ := flate.NewWriter(&deflated, flate.BestCompression) // a level that there is
	_, _ = w.Write([]byte(request))                           // a bytes.Buffer takes everything
	_ = w.Close()
	u := *address
	query := u.Query()
	query.Set("SAMLRequest", base64.StdEncoding.EncodeToString(deflated.Bytes()))
	u.RawQuery = query.Encode()
	return u.String()
}
