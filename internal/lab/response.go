package lab

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"
)

const (
	audience  = "urn:amazon:webservices"
	recipient = "https://signin.aws.amazon.com/saml"
	attribute = "https://aws.amazon.com/SAML/Attributes/"
	success   = "urn:oasis:names:tc:SAML:2.0:status:Success"

	protocolNS  = "urn:oasis:names:tc:SAML:2.0:protocol"
	assertionNS = "urn:oasis:names:tc:SAML:2.0:assertion"
	metadataNS  = "urn:oasis:names:tc:SAML:2.0:metadata"
)

// Assertion is what a response says. Assertion and Sign let a test say something else, rightly signed.
type Assertion struct {
	Issuer, Audience, Recipient string
	Subject, SessionName        string
	Roles                       []Role
	Session                     time.Duration // the SessionDuration attribute; 0 leaves it out
	Issued, Expires             time.Time
	SessionEnds                 time.Time // SessionNotOnOrAfter; zero leaves it out
}

// Assertion returns what the identity provider says of a user now. An unknown user has no roles.
func (l *Lab) Assertion(user string) Assertion {
	u := l.user(user)
	if u == nil {
		u = &User{Name: user}
	}
	return l.assertion(u)
}

func (l *Lab) assertion(u *User) Assertion {
	now := l.options.Now().UTC()
	return Assertion{
		Issuer: l.issuer, Audience: audience, Recipient: recipient,
		Subject: u.Name, SessionName: u.Name + "@example.com",
		Roles: u.Roles, Session: u.Session,
		Issued: now, Expires: now.Add(5 * time.Minute),
	}
}

// Sign returns the base64 of a signed SAML response that says a.
func (l *Lab) Sign(a Assertion) (string, error) {
	response, said := a.response(), a.element()
	signed := said
	if l.options.SignResponse {
		response.AddChild(said)
		signed = response
	}
	if err := l.key.sign(signed); err != nil {
		return "", fmt.Errorf("signing the response: %w", err)
	}
	if !l.options.SignResponse {
		response.AddChild(said)
	}
	text, err := etree.NewDocumentWithRoot(response).WriteToBytes()
	if err != nil {
		return "", fmt.Errorf("writing the response: %w", err)
	}
	return base64.StdEncoding.EncodeToString(text), nil
}

// sign puts the signature where the schema wants it: right after the issuer.
func (k *keyPair) sign(el *etree.Element) error {
	ctx, err := k.signing()
	if err != nil {
		return err
	}
	signature, err := ctx.ConstructSignature(el, true)
	if err != nil {
		return err
	}
	el.InsertChildAt(1, signature)
	return nil
}

func (a Assertion) response() *etree.Element {
	r := element("samlp:Response", "xmlns:samlp", protocolNS, "xmlns:saml", assertionNS,
		"ID", "_"+rand.Text(), "Version", "2.0", "IssueInstant", stamp(a.Issued), "Destination", a.Recipient)
	add(r, "saml:Issuer").SetText(a.Issuer)
	add(add(r, "samlp:Status"), "samlp:StatusCode", "Value", success)
	return r
}

func (a Assertion) element() *etree.Element {
	id := "_" + rand.Text()
	el := element("saml:Assertion", "xmlns:saml", assertionNS, "ID", id, "Version", "2.0", "IssueInstant", stamp(a.Issued))
	add(el, "saml:Issuer").SetText(a.Issuer)
	subject := add(el, "saml:Subject")
	add(subject, "saml:NameID", "Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent").SetText(a.Subject)
	confirmation := add(subject, "saml:SubjectConfirmation", "Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
	add(confirmation, "saml:SubjectConfirmationData", "NotOnOrAfter", stamp(a.Expires), "Recipient", a.Recipient)
	conditions := add(el, "saml:Conditions", "NotBefore", stamp(a.Issued.Add(-30*time.Second)), "NotOnOrAfter", stamp(a.Expires))
	add(add(conditions, "saml:AudienceRestriction"), "saml:Audience").SetText(a.Audience)
	statement := add(el, "saml:AuthnStatement", "AuthnInstant", stamp(a.Issued), "SessionIndex", id)
	if !a.SessionEnds.IsZero() {
		statement.CreateAttr("SessionNotOnOrAfter", stamp(a.SessionEnds))
	}
	add(add(statement, "saml:AuthnContext"), "saml:AuthnContextClassRef").
		SetText("urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport")
	a.attributes(add(el, "saml:AttributeStatement"))
	return el
}

func (a Assertion) attributes(statement *etree.Element) {
	say := func(name string, values ...string) {
		at := add(statement, "saml:Attribute", "Name", attribute+name)
		for _, v := range values {
			add(at, "saml:AttributeValue").SetText(v)
		}
	}
	if len(a.Roles) > 0 {
		var pairs []string
		for _, r := range a.Roles {
			pairs = append(pairs, r.ARN+","+r.Provider)
		}
		say("Role", pairs...)
	}
	if a.SessionName != "" {
		say("RoleSessionName", a.SessionName)
	}
	if a.Session > 0 {
		say("SessionDuration", strconv.Itoa(int(a.Session.Seconds())))
	}
}

func metadata(issuer, address string, key *keyPair) []byte {
	root := element("md:EntityDescriptor", "xmlns:md", metadataNS, "xmlns:ds", "http://www.w3.org/2000/09/xmldsig#", "entityID", issuer)
	idp := add(root, "md:IDPSSODescriptor", "WantAuthnRequestsSigned", "false", "protocolSupportEnumeration", protocolNS)
	info := add(add(idp, "md:KeyDescriptor", "use", "signing"), "ds:KeyInfo")
	add(add(info, "ds:X509Data"), "ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(key.cert.Raw))
	add(idp, "md:SingleSignOnService", "Binding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", "Location", address)
	text, _ := etree.NewDocumentWithRoot(root).WriteToBytes() // writing to memory cannot fail
	return text
}

// element makes an element from its name and pairs of attribute name and value.
func element(tag string, attrs ...string) *etree.Element {
	el := etree.NewElement(tag)
	for i := 0; i < len(attrs); i += 2 {
		el.CreateAttr(attrs[i], attrs[i+1])
	}
	return el
}

func add(parent *etree.Element, tag string, attrs ...string) *etree.Element {
	el := element(tag, attrs...)
	parent.AddChild(el)
	return el
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
