// Package shibbolethecp signs in by the enhanced client profile (SAML profiles, section 4.2): one request with name and
// password, and the response in its answer. Shibboleth speaks it, and SimpleSAMLphp, Keycloak and CAS where it is switched on.
package shibbolethecp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const paos = "urn:oasis:names:tc:SAML:2.0:bindings:PAOS"

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "shibboleth-ecp", Title: "Shibboleth and others by the enhanced client profile (ECP)",
		Settings: []idp.Setting{
			{Key: "entity_id", Help: "entity id of AWS at the provider", Default: idp.AWSIssuer},
			{Key: "acs_url", Help: "AWS's assertion consumer service with the PAOS binding there", Default: idp.AWSConsumer},
			{Key: "duo_factor", Help: "ask Duo for this factor: auto, push, phone, sms or passcode"},
			{Key: "duo_factor_header", Help: "header that names the factor", Default: "X-Shibboleth-Duo-Factor"},
			{Key: "duo_passcode_header", Help: "header that has the passcode", Default: "X-Shibboleth-Duo-Passcode"},
		},
		Claims: func(u *url.URL) bool { return strings.HasSuffix(u.Path, "/SOAP/ECP") },
		Start:  start,
		Steps: []idp.Step{
			{Name: "ecp answer", On: isAnswer, Do: finish, Tries: 3},
			{Name: "ecp wrong password", On: isUnauthorised, Do: again, Tries: 3},
		},
	}
}

// isAnswer knows a SOAP envelope by its root element's namespace.
func isAnswer(p *web.Page) bool {
	d := xml.NewDecoder(bytes.NewReader(p.Body[:min(len(p.Body), 4096)]))
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if root, ok := token.(xml.StartElement); ok {
			return root.Name.Local == "Envelope" && root.Name.Space == "http://schemas.xmlsoap.org/soap/envelope/"
		}
	}
}

func isUnauthorised(p *web.Page) bool {
	return p.Status == http.StatusUnauthorized && strings.HasSuffix(p.Path(), "/SOAP/ECP")
}

const sentNote = "ecp sent"

// start sends the request at once: with the cookies of a session alone, or with name and password.
func start(ctx context.Context, s *idp.Session) error { return send(ctx, s, "") }

func again(ctx context.Context, s *idp.Session) error { return send(ctx, s, s.Page().Text("body")) }

func send(ctx context.Context, s *idp.Session, refused string) error {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil {
		return &web.UnsafeError{Reason: "the address cannot be read"}
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	envelope := `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>` +
		s.AuthnRequest(idp.AuthnRequest{Issuer: s.Setting("entity_id"), Consumer: s.Setting("acs_url"), Binding: paos}) + `</S:Body></S:Envelope>`
	r := web.Request{Method: http.MethodPost, URL: u.String(), Body: []byte(envelope), Header: http.Header{
		"Content-Type":  {"text/xml; charset=utf-8"},
		"Accept":        {"text/xml, application/vnd.paos+xml"},
		"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))},
	}}
	if err := askDuo(ctx, s, r.Header); err != nil {
		return err
	}
	s.Notes[sentNote] = "yes"
	return s.Visit(ctx, r)
}

// askDuo names the factor that Duo is to be asked for. The provider answers when Duo has.
func askDuo(ctx context.Context, s *idp.Session, header http.Header) error {
	factor := s.Setting("duo_factor")
	if factor == "" {
		return nil
	}
	header.Set(s.Setting("duo_factor_header"), factor)
	if factor != "passcode" {
		s.Ask.Tell(ctx, "Answer Duo on your device.")
		return nil
	}
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: "Duo passcode"})
	header.Set(s.Setting("duo_passcode_header"), code)
	return err
}

// finish takes the response out of the envelope, or says what stands there instead.
func finish(ctx context.Context, s *idp.Session) error {
	envelope, err := open(s.Page().Body)
	if err != nil {
		return s.Unknown("its SOAP answer cannot be read")
	}
	switch {
	case envelope.fault != "":
		return s.Refuse(idp.Blocked, "", envelope.fault)
	case envelope.response == nil:
		return s.Unknown("its SOAP answer holds no SAML response")
	case slices.Contains(envelope.status, "urn:oasis:names:tc:SAML:2.0:status:Success"):
		s.Finish(idp.Result{Response: base64.StdEncoding.EncodeToString(envelope.response), Destination: s.Setting("acs_url")})
		return nil
	}
	return refuseStatus(ctx, s, envelope)
}

// refuseStatus tells a password that was refused, for which one may try again, from the rest.
func refuseStatus(ctx context.Context, s *idp.Session, e envelope) error {
	var words []string
	for _, code := range e.status {
		words = append(words, code[strings.LastIndex(code, ":")+1:])
	}
	message := strings.TrimSpace(strings.Join(words, "/") + " " + e.message)
	if strings.Contains(message, "AuthnFailed") || strings.Contains(message, "WRONGUSERPASS") {
		return send(ctx, s, message)
	}
	return s.Refuse(idp.Blocked, "", message+"; AWS's consumer service with the PAOS binding may be missing there")
}

// An envelope is what a SOAP answer says.
type envelope struct {
	fault, message string
	status         []string // the codes, outermost first
	response       []byte   // the Response as a document of its own
}

const (
	protocolNS = "urn:oasis:names:tc:SAML:2.0:protocol"
	soapNS     = "http://schemas.xmlsoap.org/soap/envelope/"
)

// open reads an envelope. Elements are told by their namespaces: every product has prefixes of its own. The response's
// bytes stay as they are, for its signature; only the namespaces of the elements around it are declared on it as well.
func open(body []byte) (e envelope, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = true
	var path []xml.Name
	var scope []xml.Attr
	begin, depth := int64(0), 0
	for {
		offset := d.InputOffset()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return e, nil
		}
		if err != nil {
			return e, fmt.Errorf("reading the SOAP answer: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name)
			switch {
			case t.Name == xml.Name{Space: protocolNS, Local: "Response"} && depth == 0:
				begin, depth = offset, len(path)
				e.response = []byte{}
			case depth == 0:
				scope = inScope(scope, t.Attr)
			case t.Name == xml.Name{Space: protocolNS, Local: "StatusCode"} && len(path) <= depth+4:
				e.status = append(e.status, attribute(t.Attr, "Value"))
			}
		case xml.EndElement:
			path = path[:len(path)-1]
			if depth > 0 && len(path) == depth-1 && t.Name.Local == "Response" {
				e.response, depth = standAlone(body[begin:d.InputOffset()], scope), 0
			}
		case xml.CharData:
			switch here := path[max(len(path)-1, 0):]; {
			case len(here) == 0:
			case here[0].Local == "faultstring":
				e.fault += strings.TrimSpace(string(t))
			case here[0] == xml.Name{Space: protocolNS, Local: "StatusMessage"}:
				e.message += strings.TrimSpace(string(t))
			}
		}
	}
}

func attribute(attrs []xml.Attr, name string) string {
	i := slices.IndexFunc(attrs, func(a xml.Attr) bool { return a.Name.Local == name })
	if i < 0 {
		return ""
	}
	return attrs[i].Value
}

// inScope adds an element's namespace declarations to those around it.
func inScope(scope, attrs []xml.Attr) []xml.Attr {
	scope = slices.Clone(scope)
	for _, a := range attrs {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			scope = slices.DeleteFunc(scope, func(other xml.Attr) bool { return other.Name == a.Name })
			scope = append(scope, a)
		}
	}
	return scope
}

// standAlone declares on an element the namespaces that it has from the elements around it.
func standAlone(element []byte, scope []xml.Attr) []byte {
	end := bytes.IndexByte(element, '>')
	head := element[:end]
	insert := bytes.IndexAny(head, " \t\r\n/")
	if insert < 0 {
		insert = end
	}
	var declared bytes.Buffer
	for _, a := range scope {
		name := "xmlns"
		if a.Name.Space == "xmlns" {
			name += ":" + a.Name.Local
		}
		if !bytes.Contains(head, []byte(" "+name+"=")) && !bytes.Contains(head, []byte("\n"+name+"=")) {
			fmt.Fprintf(&declared, " %s=\"", name)
			_ = xml.EscapeText(&declared, []byte(a.Value)) // a bytes.Buffer takes everything
			declared.WriteByte('"')
		}
	}
	return slices.Concat(element[:insert], declared.Bytes(), element[insert:])
}
