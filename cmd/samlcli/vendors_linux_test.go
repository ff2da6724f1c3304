package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/lab/adfs"
	"github.com/samlcli/samlcli/internal/lab/entra"
	"github.com/samlcli/samlcli/internal/lab/front"
	"github.com/samlcli/samlcli/internal/lab/google"
	"github.com/samlcli/samlcli/internal/lab/okta"
)

// A vendor is a stand-in for a provider's product, which notes what it would not have been asked by a browser.
type vendor struct {
	idp, url   string // where its sign-in starts, at its true host name
	loopback   string // and on loopback
	handler    http.Handler
	complaints func() []string
}

func vendors(t *testing.T, l *lab.Lab) []vendor {
	t.Helper()
	var all []vendor
	add := func(name, host, loopback string, handler http.Handler, complaints func() []string, done func(), err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(done)
		all = append(all, vendor{name, "https://" + host + pathOf(loopback), loopback, handler, complaints})
	}
	e, err := entra.Start(entra.Options{Lab: l})
	add("entra", "account.activedirectory.windowsazure.com", e.URL, e.Handler(), e.Complaints, e.Close, err)
	for _, engine := range []bool{false, true} {
		o, err := okta.Start(okta.Options{Lab: l, Engine: engine})
		add("okta", "acme.okta.com", o.URL, o.Handler(), o.Complaints, o.Close, err)
	}
	g, err := google.Start(google.Options{Lab: l})
	add("google", "accounts.google.com", g.URL, g.Handler(), g.Complaints, g.Close, err)
	a, err := adfs.Start(adfs.Options{Lab: l})
	add("adfs", "sts.example.com", a.URL, a.Handler(), a.Complaints, a.Close, err)
	return all
}

// pathOf returns an address without its scheme and host.
func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest[strings.Index(rest, "/"):]
}

// vendors: the program signs in to those that most people use, on loopback and at their true host names behind a proxy.
func (b *built) vendors(t *testing.T) {
	for _, v := range vendors(t, b.lab) {
		proxy, err := front.Start(v.handler)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(proxy.Close)
		bundle := filepath.Join(t.TempDir(), "authority.pem")
		if err := os.WriteFile(bundle, proxy.Authority, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"--url", v.loopback, "--idp", v.idp, "--username", "bob@example.com"},
			{"--url", v.url, "--ca-bundle", bundle, "--username", "bob@example.com"},
			{"--url", v.url, "--ca-bundle", bundle, "--username", "alice@example.com", "--mfa", "totp"},
		} {
			home := t.TempDir()
			cmd := b.command(home, append([]string{"login", "--role", "ReadOnly", "--idp", "auto"}, args...)...)
			cmd.Env = append(cmd.Env, "HTTPS_PROXY="+proxy.Proxy, "SAMLCLI_PASSWORD="+lab.BobPassword)
			if strings.Contains(strings.Join(args, " "), "alice") {
				cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.AlicePassword, "SAMLCLI_CODE="+lab.Code(lab.AliceSeed, time.Now()))
			}
			if out, err := cmd.CombinedOutput(); err != nil || len(v.complaints()) > 0 {
				t.Errorf("%s %q: %v; complaints %q\n%s", v.idp, args, err, v.complaints(), out)
			}
			data, _ := os.ReadFile(filepath.Join(home, ".aws/credentials"))
			if keys, _ := inifile.Parse(data).Section("saml"); keys.Get("aws_session_token") == "" {
				t.Errorf("%s %q: no credentials in\n%s", v.idp, args, bytes.TrimSpace(data))
			}
		}
	}
}
