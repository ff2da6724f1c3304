package idp

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
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
		action, err := form.Action()
		if err != nil {
			continue
		}
		for _, field := range form.Fields {
			switch {
			case !strings.EqualFold(field.Name, "SAMLResponse") || field.Value == "":
			case isAWS(action) || w.isTarget(action):
				return Result{Response: field.Value, Destination: action.String(), RelayState: form.Value("RelayState")}, true, nil
			case forAWS(field.Value):
				return Result{}, false, astray(action, page.Status)
			}
		}
	}
	return Result{}, false, nil
}

// astray is the error of a response that would go to somebody else.
func astray(to *url.URL, status int) error {
	return &UnknownPageError{Host: web.Host(to), Path: web.Path(to), Status: status,
		Reason: "a SAML response for AWS was on its way to this host, which is not AWS's"}
}

// isTarget reports whether an address is the one that the account names beside AWS's.
func (w *walk) isTarget(u *url.URL) bool {
	target, err := web.Resolve(nil, w.s.Account.Target)
	return err == nil && target.Hostname() != "" && web.Place(target) == web.Place(u) && u.User == nil
}

// carriesResponseForAWS reports whether a form that was sent holds one, in its body or its address.
func carriesResponseForAWS(req *http.Request, body []byte) bool {
	for _, encoded := range []string{string(body), req.URL.RawQuery} {
		values, _ := url.ParseQuery(encoded)
		for name, all := range values {
			if strings.EqualFold(name, "SAMLResponse") && slices.ContainsFunc(all, forAWS) {
				return true
			}
		}
	}
	return false
}

// forAWS reports whether a response names AWS as its destination, recipient or audience. What cannot be read is not for AWS.
func forAWS(encoded string) bool {
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.Join(strings.Fields(encoded), ""), "="))
	if err != nil {
		return false
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // what is looked for is ASCII
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
