package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab/broker"
)

// atBroker is a world with a broker in it, and a person whose browser goes where that sends it.
func atBroker(t *testing.T, fields map[string]string) *world {
	t.Helper()
	w := newWorld(t)
	b := httptest.NewServer(&broker.Broker{Way: broker.Redirect, Fields: fields})
	t.Cleanup(b.Close)
	w.config("[account.b]\nsource = \"broker\"\nurl = %q\n", b.URL+"/?team=x")
	w.set("SAMLCLI_BROWSER_CMD", "sh -c true")
	w.browse = followLocally
	w.tty = somebody
	return w
}

// followLocally is a browser that knows where localhost is.
func followLocally(address string) error {
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(must(http.NewRequest("GET", address, nil)))
	if err != nil {
		return err
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		return nil // the page says what is wrong
	}
	resp, err = comeBack("GET", to, nil)
	if err == nil {
		resp.Body.Close()
	}
	return nil
}

func comeBack(method string, to *url.URL, header http.Header) (*http.Response, error) {
	r := must(http.NewRequest(method, strings.Replace(to.String(), "//localhost:", "//127.0.0.1:", 1), nil))
	r.Host = to.Host
	if header != nil {
		r.Header = header
	}
	return (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
}

func brokerFields() map[string]string {
	return map[string]string{"AccessKeyId": "ASIABROKER", "SecretAccessKey": "secret-of-broker", "SessionToken": "token-of-broker",
		"Expiration": noon.Add(time.Hour).Format(time.RFC3339), "RoleArn": deploy}
}

func TestBroker(t *testing.T) {
	w := atBroker(t, brokerFields())
	r := w.want(0, "", "process", "-v")
	if accessKey(t, r.stdout) != "ASIABROKER" || strings.Contains(r.stderr, "of-broker") || strings.Contains(r.stderr, "state=") {
		t.Errorf("%s %s", r.stdout, r.stderr)
	}
	w.browse = func(string) error { t.Error("a browser was opened"); return nil }
	for range 2 {
		w.want(0, "", "process", "--no-input")
	}
	w.want(0, "profile \"saml\" has credentials for "+deploy, "login", "--no-input")
	w.want(3, "and there is nobody to ask", "process", "--no-input", "--refresh")
	w.want(0, "removed the credentials", "logout")
	w.want(3, "and there is nobody to ask", "process", "--no-input")
	w.tty = nobody // a browser would open all the same
	w.want(3, "hint: at a terminal, and without --no-input", "process")
	w.want(2, "no list of roles", "roles")
}

func TestBrokerRefused(t *testing.T) {
	fields := func(change func(map[string]string)) map[string]string {
		f := brokerFields()
		change(f)
		return f
	}
	for name, test := range map[string]struct {
		fields map[string]string
		code   int
		words  string
		args   []string
	}{
		"another role":  {fields(func(map[string]string) {}), 6, "not for " + deploy + "2", []string{"--role", deploy + "2"}},
		"garbage":       {map[string]string{"hello": "world"}, 5, "sent no usable credentials: access key, secret key or session token is missing", nil},
		"expired":       {fields(func(f map[string]string) { f["Expiration"] = noon.Format(time.RFC3339) }), 5, "they expired at", nil},
		"another state": {fields(func(f map[string]string) { f["state"] = "x" }), 4, "belongs to another sign-in", nil},
		"denied":        {map[string]string{"error": "access_denied"}, 4, "refused the sign-in: access_denied", nil},
		"no ARN":        {brokerFields(), 2, "is not the ARN of one", []string{"--role", "Deploy"}},
		"narrower":      {brokerFields(), 2, "cannot be made narrower", []string{"--read-only"}},
		"not safe":      {brokerFields(), 2, "must be https", []string{"--url", "http://broker.example.com"}},
		"no browser":    {brokerFields(), 3, "nobody to ask", []string{"--browser-cmd", "samlcli-no-such-browser"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := atBroker(t, test.fields)
			w.tty = nobody
			w.want(test.code, test.words, append([]string{"login"}, test.args...)...)
			if len(w.cachedCredentials()) > 0 || !w.missing(".aws/credentials") {
				t.Error("something was written")
			}
		})
	}
}

// TestBrokerImpostors: who is not the broker's page gets nowhere, and is in nobody's way.
func TestBrokerImpostors(t *testing.T) {
	w := atBroker(t, brokerFields())
	follow := w.browse
	w.browse = func(address string) error {
		to := must(url.Parse(must(url.Parse(address)).Query().Get("callback_uri")))
		if resp, err := comeBack("POST", to, http.Header{"Origin": {"https://evil.example.com"}}); err != nil || resp.StatusCode != 403 {
			t.Errorf("another origin: %v %v", resp, err)
		}
		r := must(http.NewRequest("GET", "http://127.0.0.1:"+to.Port()+"/callback?"+to.RawQuery, nil))
		r.Host = "evil.example.com:" + to.Port()
		if resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r); err != nil || resp.StatusCode != 421 {
			t.Errorf("another name: %v %v", resp, err)
		}
		return follow(address)
	}
	w.want(0, "", "process")
}

// TestBrokerOrigin: browsers write a page's origin in one way, however the address was written.
func TestBrokerOrigin(t *testing.T) {
	w := atBroker(t, nil)
	w.browse = func(address string) error {
		to := must(url.Parse(must(url.Parse(address)).Query().Get("callback_uri")))
		q := to.Query()
		for name, value := range brokerFields() {
			q.Set(name, value)
		}
		to.RawQuery = q.Encode()
		if resp, err := comeBack("POST", to, http.Header{"Origin": {"https://broker.example.com"}}); err != nil || resp.StatusCode != 200 {
			t.Errorf("%v %v", resp, err)
		}
		return nil
	}
	w.want(0, "opening https://broker.example.com/ with sh\n", "process", "-v", "--timeout", "5s", "--account", "b", "--url", "https://Broker.Example.com:443/")
}

// TestBrokerWithoutRole: a broker that does not say whose credentials they are gives some all the same.
func TestBrokerWithoutRole(t *testing.T) {
	fields := brokerFields()
	delete(fields, "RoleArn")
	w := atBroker(t, fields)
	w.want(0, "has credentials for a role that the broker does not name, valid for 1h", "login")
	w.want(0, "", "process", "--no-input")
	w.want(0, "has credentials for "+deploy, "login", "--role", deploy)
}

func TestBrokerNobodyComes(t *testing.T) {
	w := atBroker(t, brokerFields())
	w.browse = func(string) error { return nil }
	w.want(8, "the time limit of 50ms ran out", "login", "--timeout", "50ms")
}
