package idp

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

func TestIsAWS(t *testing.T) {
	t.Parallel()
	for _, host := range awsSignIn {
		for _, address := range []string{"https://" + host + "/saml", "https://eu-west-1." + host + "/saml", "https://" + host + ":443/saml/acs/SAMLSP", "https://" + strings.ToUpper(host) + "./saml"} {
			if u, err := web.Resolve(nil, address); err != nil || !isAWS(u) {
				t.Errorf("%s is AWS's", address)
			}
		}
	}
	for _, address := range []string{
		"http://signin.aws.amazon.com/saml", "https://signin.aws.amazon.com:444/saml", "https://signin.aws.amazon.com.evil.example/saml",
		"https://evil-signin.aws.amazon.com/saml", "https://evilsignin.aws.amazon.com/saml", "https://a.b.signin.aws.amazon.com/saml", "https://.signin.aws.amazon.com/saml",
		"https://signin.aws.amazon.com@evil.example/saml", "https://evil.example@signin.aws.amazon.com/saml", "https://evil.example/signin.aws.amazon.com/saml",
		"https://signin.aws.amazon.com%2eevil.example/", "https://evil.example\\@signin.aws.amazon.com/", "https://evil.example?.signin.aws.amazon.com/",
		"https://signin.aws.amazon.cоm/saml", "https://aws.amazon.com/saml", "https://ev_il.signin.aws.amazon.com/saml",
	} {
		if u, err := web.Resolve(nil, address); err == nil && isAWS(u) {
			t.Errorf("%s is not AWS's", address)
		}
	}
}

func TestForAWS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		xml  string
		want bool
	}{
		{`<p:Response xmlns:p="x" Destination="https://eu-west-1.signin.aws.amazon.com/saml">`, true},
		{`<Response><SubjectConfirmationData Recipient=" https://signin.amazonaws.cn/saml "/></Response>`, true},
		{`<Response><Audience>urn:amazon:webservices</Audience></Response>`, true},
		{`<Response><s:Audience><!-- x -->urn:amazon:webservices:cn-north-1</s:Audience></Response>`, true},
		{`<?xml version="1.0" encoding="iso-8859-1"?><Response Destination="https://signin.aws.amazon.com/saml">`, true},
		{`<Response Destination="https://sp.example.com/"><Audience>sp</Audience>urn:amazon:webservices</Response>`, false},
		{`<Response Destination="https://signin.aws.amazon.com.evil.example/saml"/>`, false},
		{`<Response Destination="%zz"/>`, false},
		{`no XML`, false},
	} {
		if got := forAWS(encoded(c.xml)); got != c.want {
			t.Errorf("forAWS(%s) = %t, want %t", c.xml, got, c.want)
		}
		wrapped := strings.TrimRight(encoded(c.xml), "=")
		if got := forAWS(wrapped[:4] + "\r\n " + wrapped[4:]); got != c.want {
			t.Errorf("forAWS(%s), wrapped and unpadded, = %t, want %t", c.xml, got, c.want)
		}
	}
	if forAWS("!") {
		t.Error("what is no base64 is for AWS")
	}
}

// Where a response ends the walk, goes on, or stops it.
func TestEnd(t *testing.T) {
	t.Parallel()
	const astray = ": a SAML response for AWS was on its way to this host, which is not AWS's"
	form := func(action, value string) string {
		return `<form method=post action="` + action + `"><input type=hidden name=SAMLResponse value="` + value + `"></form>`
	}
	for _, c := range []struct {
		name, page, want string
		requests         int
	}{
		{"AWS", form("https://signin.aws.amazon.com/saml", awsResponse), "", 1},
		{"a region", form("https://eu-west-1.signin.aws.amazon.com:443/saml", "x"), "", 1},
		{"the second form", form("https://sp.example.com/", "") + form("https://signin.aws.amazon.com/saml", "x"), "", 1},
		{"the second field", `<form action="https://signin.aws.amazon.com/saml"><input name=samlresponse><input name=SAMLResponse value=x></form>`, "", 1},
		{"the target", form("https://aws.example.com:443/acs", awsResponse), "", 1},
		{"the target by another path", form("https://aws.example.com/other", awsResponse), "unknown aws.example.com" + astray, 1},
		{"look-alike", form("https://signin.aws.amazon.com.evil.example/saml", awsResponse), "unknown signin.aws.amazon.com.evil.example" + astray, 1},
		{"look-alike in front", form("https://evil-signin.aws.amazon.com/saml", awsResponse), "unknown evil-signin.aws.amazon.com" + astray, 1},
		{"user information", form("https://signin.aws.amazon.com/@evil.example", "") + form("https://signin.aws.amazon.com@evil.example/saml", awsResponse), "unknown evil.example" + astray, 1},
		{"user information at AWS", form("https://evil@signin.aws.amazon.com/saml", awsResponse), "unknown signin.aws.amazon.com" + astray, 1},
		{"http", form("http://signin.aws.amazon.com/saml", awsResponse), "unknown signin.aws.amazon.com" + astray, 1},
		{"http, unreadable", form("http://signin.aws.amazon.com/saml", "x"), "unknown signin.aws.amazon.com: plain http is for this machine only", 1},
		{"a decoy before it", `<form method=post action=https://evil.example/><input type=hidden name=SAMLResponse value=x><input type=hidden name=samlresponse value="` + awsResponse + `">`,
			"unknown evil.example" + astray, 1},
		{"bad action", form("https://[", awsResponse), "unknown idp.example.com: a form's address cannot be read", 1},
		{"a broker that redirects", form("https://broker.example.com/307", encoded(`<Response Destination="https://broker.example.com/307"/>`)), "", 3},
		{"a redirect to AWS", `<meta http-equiv=refresh content="0;url=https://signin.aws.amazon.com/saml">`,
			"unknown signin.aws.amazon.com: the walk came to AWS without a SAML response", 1},
		{"a response by redirect", `<meta http-equiv=refresh content="0;url=https://signin.aws.amazon.com/saml?SAMLResponse=x">`,
			"unknown signin.aws.amazon.com: the provider sends its response by redirect, where AWS cannot check the signature; its AWS application needs an assertion consumer service with the POST binding", 1},
		{"a response for AWS in an address", `<meta http-equiv=refresh content="0;url=https://evil.example/?samlResponse=` + url.QueryEscape(awsResponse) + `">`, "unknown evil.example" + astray, 1},
	} {
		_, site, err := walked(t, map[string][]string{"idp.example.com/": {c.page}, "broker.example.com/307": {"307 /acs"}, "broker.example.com/acs": {donePage}},
			&person{}, Account{Target: "https://aws.example.com/acs"})
		if told(err) != c.want || len(site.seen) != c.requests {
			t.Errorf("%s: %q after %q, want %q", c.name, told(err), site.seen, c.want)
		}
	}
}

// Not even a step may send a response for AWS to somebody else, nor a redirect.
func TestResponseStays(t *testing.T) {
	t.Parallel()
	step := Adapter{Steps: []Step{{On: has("p"), Do: func(ctx context.Context, s *Session) error {
		return s.Visit(ctx, web.Request{Method: "POST", URL: "https://b.example.com/", Body: []byte("a=1&SAMLResponse=" + url.QueryEscape(awsResponse))})
	}}}}
	site := &provider{pages: map[string][]string{"idp.example.com/": {"<p>"}}}
	_, err := SignIn(t.Context(), step, nil, &Session{Browser: web.New(web.Options{Transport: site}), Ask: &person{}, Account: Account{URL: "https://idp.example.com/"}})
	if !strings.HasPrefix(told(err), "unknown b.example.com: a SAML response for AWS") || len(site.seen) != 1 {
		t.Errorf("SignIn = %v after %q", err, site.seen)
	}
}

// Who may be given a password. Each walk ends up with a password form of another host than the start's.
func TestHosts(t *testing.T) {
	t.Parallel()
	const other = "login.other.example"
	away := map[string]string{
		"a form elsewhere":  "302 https://" + other + "/",
		"a form from here":  strings.Replace(passwordPage, "/password", "https://"+other+"/password", 1),
		"by GET":            strings.Replace(strings.Replace(passwordPage, "/password", "https://"+other+"/password", 1), "post", "get", 1),
		"through a 307":     passwordPage,
		"through a 308 GET": passwordPage,
	}
	for name, start := range away {
		for _, c := range []struct {
			name    string
			account Account
			takes   string
			ok      bool
		}{
			{"nobody to ask", Account{}, "", false},
			{"a person says no", Account{}, "no", false},
			{"a person says yes", Account{}, "yes", true},
			{"listed", Account{Hosts: []string{"x.example", other}}, "", true},
			{"listed with its port", Account{Hosts: []string{other + ":443"}}, "", true},
			{"listed as an address", Account{Hosts: []string{"https://LOGIN.other.example/x"}}, "", true},
			{"another is listed", Account{Hosts: []string{"other.example"}}, "", false},
			{"another port is listed", Account{Hosts: []string{other + ":8443"}}, "", false},
		} {
			redirect := "307 https://" + other + "/password"
			if name == "through a 308 GET" {
				redirect = "308 https://" + other + "/password"
			}
			p := &person{takes: c.takes}
			_, site, err := walked(t, map[string][]string{
				"idp.example.com/":              {start},
				other + "/":                     {passwordPage},
				"POST idp.example.com/password": {redirect},
				other + "/password":             {donePage},
			}, p, c.account)
			want := "host " + other
			if c.ok {
				want = ""
			}
			sent := strings.Contains(strings.Join(site.seen, " "), other+"/password")
			if told(err) != want || sent != c.ok {
				t.Errorf("%s, %s: %v after %q, want %q", name, c.name, err, site.seen, want)
			}
			if len(p.chosen) > 1 {
				t.Errorf("%s, %s: asked %d times", name, c.name, len(p.chosen))
			}
		}
	}
}

// A vendor's own host may have the password for the pages of its adapter alone.
func TestVendorHosts(t *testing.T) {
	t.Parallel()
	pages := map[string][]string{"idp.example.com/": {"302 https://accounts.vendor.example/"}, "accounts.vendor.example/": {passwordPage}, "accounts.vendor.example/password": {donePage}}
	vendor, stranger := toy(), Adapter{Name: "stranger", Hosts: []string{"accounts.vendor.example"}}
	vendor.Hosts = stranger.Hosts
	for _, c := range []struct {
		a      Adapter
		others []Adapter
		want   string
	}{{vendor, nil, ""}, {stranger, []Adapter{toy()}, "host accounts.vendor.example"}} {
		_, err := SignIn(t.Context(), c.a, c.others, &Session{Browser: web.New(web.Options{Transport: &provider{pages: pages}}),
			Ask: &person{answers: map[Kind][]string{Password: {"pass-word"}}}, Account: Account{URL: "https://idp.example.com/"}})
		if told(err) != c.want {
			t.Errorf("%s: %v, want %q", c.a.Name, err, c.want)
		}
	}
}

// A secret is found in what leaves, however it is written; nothing else is taken for one.
func TestAllow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, query, body string
		open              bool
		want              bool
	}{
		{"form", "", "p=p%26ss+%22w", false, true},
		{"query", "p=p%26ss%20%22w", "", false, true},
		{"JSON", "", `{"p":"p\u0026ss \"w"}`, false, true},
		{"raw", "", `--x p&ss "w --x`, false, true},
		{"all that is posted by the step at work", "", "hash=1", true, true},
		{"a query in another character set", "p=p%E4ss", "", true, true},
		{"a query while a step is at work", "a=%C3%A4", "", true, false},
		{"later", "a=1", "b=2", false, false},
	} {
		w := newWalk(toy(), nil, &Session{Browser: web.New(web.Options{}), Ask: &person{}, Account: Account{URL: "https://idp.example.com/"}})
		w.hold(`p&ss "w`)
		w.hold("")
		w.guard.open = c.open
		for host, want := range map[string]bool{"idp.example.com": false, "other.example": c.want} {
			req, err := http.NewRequestWithContext(t.Context(), "POST", "https://"+host+"/?"+c.query, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.allow(req, []byte(c.body)); (err != nil) != want {
				t.Errorf("%s to %s: %v, want an error: %t", c.name, host, err, want)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := newWalk(toy(), nil, &Session{Browser: web.New(web.Options{}), Ask: &person{}, Account: Account{URL: "https://idp.example.com/"}})
	if err := w.agree(ctx, "other.example", Password); err != context.Canceled {
		t.Errorf("agree = %v, want cancelled", err)
	}
	host := &HostError{Host: "h", Kind: Password}
	if host.Error() != "h asks for the password, and nobody agreed that it may have it" || !host.Is(ErrNoAnswer) {
		t.Error(host)
	}
}
