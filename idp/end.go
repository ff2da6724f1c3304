package idp

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// awsSignIn lists the sign-in hosts of the partitions; a region may stand in front of each ("eu-west-1.signin.…").
var awsSignIn = [...]string{
	"signin.aws.amazon.com",
	"signin.amazonaws-us-gov.com",
	"signin.amazonaws.cn",
	"signin.amazonaws-eusc.eu",
	"signin.c2shome.ic.gov",
	"signin.sc2shome.sgov.gov",
}

// isAWS reports whether an address is AWS's own sign-in, over https and without user information.
func isAWS(u *url.URL) bool {
	if u.Scheme != "https" || u.User != nil {
		return false
	}
	host := web.Host(u)
	for _, known := range awsSignIn {
		if region, found := strings.CutSuffix(host, known); found && (region == "" || isRegion(region)) {
			return true
		}
	}
	return false
}

// isRegion reports whether s is one label and the dot behind it.
func isRegion(s string) bool {
	label, ok := strings.CutSuffix(s, ".")
	return ok && label != "" && strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// end reports whether the page carries the response for AWS. A response for AWS that is on its way to somebody else is
// an error.
func (w *walk) end(page *web.Page) (Result, bool, error) {
	for _, form := range page.Forms() {
		field := form.Field("SAMLResponse")
		if field == nil || field.Value == "" {
			continue
		}
		action, err := form.Action()
		if err != nil {
			continue
		}
		if isAWS(action) || w.isTarget(action) {
			return Result{Response: field.Value, Destination: action.String(), RelayState: form.Value("RelayState")}, true, nil
		}
		if forAWS(field.Value) {
			return Result{}, false, &UnknownPageError{Host: web.Host(action), Path: action.EscapedPath(), Status: page.Status,
				Reason: "a SAML response for AWS was on its way to this host, which is not AWS's"}
		}
	}
	return Result{}, false, nil
}

// isTarget reports whether an address is the one that the account names beside AWS's.
func (w *walk) isTarget(u *url.URL) bool {
	target, err := web.Resolve(nil, w.s.Account.Target)
	return err == nil && target.Hostname() != "" && web.Place(target) == web.Place(u) && u.User == nil
}

// responseIn returns the SAMLResponse that a request carries, if any.
func responseIn(req *http.Request, body []byte) string {
	for _, encoded := range []string{string(body), req.URL.RawQuery} {
		if !strings.Contains(encoded, "SAMLResponse") {
			continue
		}
		values, _ := url.ParseQuery(encoded)
		if response := values.Get("SAMLResponse"); response != "" {
			return response
		}
	}
	return ""
}

// forAWS reports whether a response names AWS as its destination, recipient or audience. What cannot be read is not for AWS.
func forAWS(encoded string) bool {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	if err != nil {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	audience := false
	for {
		token, err := d.RawToken()
		if err != nil {
			return false
		}
		switch t := token.(type) {
		case xml.StartElement:
			audience = t.Name.Local == "Audience"
			for _, a := range t.Attr {
				if (a.Name.Local == "Destination" || a.Name.Local == "Recipient") && namesAWS(a.Value) {
					return true
				}
			}
		case xml.CharData:
			if audience && namesAWS(string(t)) {
				return true
			}
		case xml.EndElement:
			audience = false
		}
	}
}

// namesAWS knows AWS's entity id in every partition ("urn:amazon:webservices:cn-north-1") and its sign-in addresses.
func namesAWS(s string) bool {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "urn:amazon:webservices") {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && isAWS(u)
}
