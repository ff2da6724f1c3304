package lab

import (
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

const redeemWithin = 5 * time.Minute

// claims are what a checked assertion says.
type claims struct {
	issuer, audience string
	subject, format  string
	sessionName      string
	pairs            []string // "role provider"
	session          time.Duration
	sessionEnds      time.Time
}

func invalid(message string) *refusal {
	return &refusal{http.StatusBadRequest, "InvalidIdentityToken", message}
}

// read checks a response as AWS does, in its order, and returns what it says.
func (s *sts) read(encoded string) (*claims, *refusal) {
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, invalid("Invalid base64 SAMLResponse")
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(text); err != nil || doc.Root() == nil || doc.Root().Tag != "Response" {
		return nil, invalid("Could not parse SAMLResponse")
	}
	said := doc.Root().SelectElements("Assertion")
	if len(said) != 1 {
		return nil, invalid("SAMLResponse must hold exactly one assertion")
	}
	if childText(said[0], "./Issuer") != s.lab.issuer {
		return nil, invalid("Issuer not present in specified provider")
	}
	a, err := s.signed(doc.Root(), said[0])
	if err != nil {
		return nil, invalid("Response signature invalid")
	}
	if no := s.meantForUsNow(a); no != nil {
		return nil, no
	}
	return toClaims(a)
}

// signed returns the assertion as far as a signature covers it, whether that is on it or on the response around it.
func (s *sts) signed(root, said *etree.Element) (*etree.Element, error) {
	whole, err := s.lab.key.validation().Validate(root)
	if err == nil {
		return whole.SelectElement("Assertion"), nil
	}
	if !errors.Is(err, dsig.ErrMissingSignature) {
		return nil, err
	}
	around, err := etreeutils.NSBuildParentContext(said)
	if err != nil {
		return nil, err
	}
	alone, err := etreeutils.NSDetatch(around, said)
	if err != nil {
		return nil, err
	}
	return s.lab.key.validation().Validate(alone)
}

func (s *sts) meantForUsNow(a *etree.Element) *refusal {
	if at := childText(a, "./Conditions/AudienceRestriction/Audience"); at != audience && at != recipient {
		return invalid("Response does not contain the required audience")
	}
	if childAttr(a, "./Subject/SubjectConfirmation/SubjectConfirmationData", "Recipient") != recipient {
		return invalid("Response does not contain the required recipient")
	}
	now := s.lab.options.Now()
	issued, ok := moment(a.SelectAttrValue("IssueInstant", ""))
	if before, limited := moment(childAttr(a, "./Conditions", "NotBefore")); !ok || limited && now.Before(before) {
		return invalid("Response is not valid yet")
	}
	late := !now.Before(issued.Add(redeemWithin))
	for _, path := range []string{"./Conditions", "./Subject/SubjectConfirmation/SubjectConfirmationData"} {
		end, limited := moment(childAttr(a, path, "NotOnOrAfter"))
		late = late || limited && !now.Before(end)
	}
	if late {
		return &refusal{http.StatusBadRequest, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance"}
	}
	return nil
}

func toClaims(a *etree.Element) (*claims, *refusal) {
	c := &claims{
		issuer:   childText(a, "./Issuer"),
		audience: recipient,
		subject:  childText(a, "./Subject/NameID"),
		format:   strings.TrimPrefix(childAttr(a, "./Subject/NameID", "Format"), "urn:oasis:names:tc:SAML:2.0:nameid-format:"),
	}
	names := values(a, "RoleSessionName")
	if len(names) == 0 || names[0] == "" {
		return nil, invalid("RoleSessionName is required in AuthnResponse")
	}
	if c.sessionName = names[0]; !regexp.MustCompile(`^[\w+=,.@-]{2,64}$`).MatchString(c.sessionName) {
		return nil, invalid("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
	}
	for _, v := range values(a, "Role") {
		if first, second, two := strings.Cut(v, ","); two {
			role, provider := strings.TrimSpace(first), strings.TrimSpace(second)
			if strings.Contains(role, ":saml-provider/") { // either order will do
				role, provider = provider, role
			}
			c.pairs = append(c.pairs, role+" "+provider)
		}
	}
	if said := values(a, "SessionDuration"); len(said) > 0 {
		seconds, err := strconv.Atoi(said[0])
		if err != nil || seconds < minSeconds || seconds > maxSeconds {
			return nil, invalid("SessionDuration must be a number of seconds from 900 to 43200")
		}
		c.session = time.Duration(seconds) * time.Second
	}
	c.sessionEnds, _ = moment(childAttr(a, "./AuthnStatement", "SessionNotOnOrAfter"))
	return c, nil
}

func values(a *etree.Element, name string) []string {
	var found []string
	for _, at := range a.FindElements("./AttributeStatement/Attribute") {
		if at.SelectAttrValue("Name", "") == attribute+name {
			for _, v := range at.SelectElements("AttributeValue") {
				found = append(found, strings.TrimSpace(v.Text()))
			}
		}
	}
	return found
}

func childText(el *etree.Element, path string) string {
	if found := el.FindElement(path); found != nil {
		return strings.TrimSpace(found.Text())
	}
	return ""
}

func childAttr(el *etree.Element, path, name string) string {
	if found := el.FindElement(path); found != nil {
		return found.SelectAttrValue(name, "")
	}
	return ""
}

func moment(s string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil
}
