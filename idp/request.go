package idp

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/base64"
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

// An AuthnRequest asks a provider to sign somebody in (SAML core, section 3.4.1), in the name of a service provider.
type AuthnRequest struct {
	Issuer   string // the service provider
	Consumer string // where it wants the response
	Binding  string // by which; may be empty
	NameID   string // the format in which it wants the person named; may be empty
}

// AuthnRequest returns the XML of a request.
func (s *Session) AuthnRequest(r AuthnRequest) string {
	now := s.Now().UTC()
	id := sha256.Sum256([]byte(strconv.FormatInt(now.UnixNano(), 10) + s.Account.URL + s.Account.Username))
	binding, policy := "", ""
	if r.Binding != "" {
		binding = ` ProtocolBinding="` + escaped(r.Binding) + `"`
	}
	if r.NameID != "" {
		policy = `<samlp:NameIDPolicy Format="` + escaped(r.NameID) + `"/>`
	}
	return fmt.Sprintf(`<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="id%x-%x-%x-%x-%x" Version="2.0" IssueInstant="%s" IsPassive="false"%s AssertionConsumerServiceURL="%s">`+
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">%s</saml:Issuer>%s</samlp:AuthnRequest>`,
		id[:4], id[4:6], id[6:8], id[8:10], id[10:16], now.Format(time.RFC3339), binding, escaped(r.Consumer), escaped(r.Issuer), policy)
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
