package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// proxyTo starts a CONNECT proxy that leads every name to one server, and returns its address and what was asked of it.
func proxyTo(t *testing.T, server string) (address string, asked func() string) {
	t.Helper()
	var mu sync.Mutex
	var hosts []string
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		hosts = append(hosts, r.Method+" "+r.Host)
		mu.Unlock()
		there, err := net.Dial("tcp", server)
		if err != nil {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		defer there.Close()
		here, buffer, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			return
		}
		defer here.Close()
		io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
		go func() {
			io.Copy(there, buffer)
			there.Close()
		}()
		io.Copy(here, bufio.NewReader(there))
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL, func() string { mu.Lock(); defer mu.Unlock(); return strings.Join(hosts, "\n") }
}

// TestProxyAndAuthority: a stand-in for a vendor's host, reached through a proxy, with a company's own authority.
func TestProxyAndAuthority(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		io.WriteString(rw, "<title>here is "+r.Host+"</title>")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // one handshake is to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	address, asked := proxyTo(t, server.Listener.Addr().String())
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	const url = "https://example.com/start" // the name in httptest's certificate

	for _, test := range []struct {
		name    string
		environ []string
		args    []string
		words   string
	}{
		{"HTTPS_PROXY and --ca-bundle", []string{"HTTPS_PROXY=" + address}, []string{"--ca-bundle", "~/ca.pem"}, `page not understood: example.com/start ("here is example.com")`},
		{"https_proxy and AWS_CA_BUNDLE", []string{"https_proxy=" + address, "AWS_CA_BUNDLE=HOME/ca.pem"}, nil, "here is example.com"},
		{"--proxy and SSL_CERT_FILE", []string{"HTTPS_PROXY=http://127.0.0.1:1", "SSL_CERT_FILE=HOME/ca.pem"}, []string{"--proxy", address}, "here is example.com"},
		{"not trusted", []string{"HTTPS_PROXY=" + address}, nil, "trust it with --ca-bundle FILE"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.file("ca.pem", authority)
			for _, entry := range test.environ {
				w.environ = append(w.environ, strings.ReplaceAll(entry, "HOME", w.home))
			}
			r := w.run(append([]string{"login", "--url", url}, test.args...)...)
			if !strings.Contains(r.stderr, test.words) || r.code != 5 && r.code != 8 {
				t.Errorf("%d: %s", r.code, r.stderr)
			}
		})
	}
	t.Cleanup(func() {
		if !strings.Contains(asked(), "CONNECT example.com:443") {
			t.Errorf("the proxy was asked for %q", asked())
		}
	})
}

// TestWhichProxy: --proxy beats the environment, and NO_PROXY holds for both.
func TestWhichProxy(t *testing.T) {
	for _, test := range []struct {
		environ []string
		address string
		want    string
	}{
		{nil, "https://idp.example.com", ""},
		{[]string{"HTTPS_PROXY=http://a:1"}, "https://idp.example.com", "http://a:1"},
		{[]string{"https_proxy=a:1"}, "https://idp.example.com", "http://a:1"},
		{[]string{"HTTP_PROXY=http://a:1"}, "https://idp.example.com", ""},
		{[]string{"HTTPS_PROXY=http://a:1", "NO_PROXY=other.com,.example.com"}, "https://idp.example.com", ""},
		{[]string{"HTTPS_PROXY=http://a:1", "SAMLCLI_PROXY=socks5://b:2"}, "https://idp.example.com", "socks5://b:2"},
		{[]string{"SAMLCLI_PROXY=http://b:2", "no_proxy=example.com"}, "https://idp.example.com", ""},
		{[]string{"SAMLCLI_PROXY=http://b:2"}, "http://127.0.0.1:8080", ""},
		{[]string{"SAMLCLI_PROXY=http://b:2"}, "http://idp.localhost:8080", ""},
	} {
		s := (&world{T: t, environ: test.environ}).answers().s
		s.program.transport = newTransport
		transport, err := s.connections()
		if err != nil {
			t.Fatal(err)
		}
		request, err := http.NewRequest(http.MethodGet, test.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if proxy, err := transport.(*http.Transport).Proxy(request); err == nil && proxy != nil {
			got = proxy.String()
		}
		if got != test.want {
			t.Errorf("%v: proxy %q for %s, want %q", test.environ, got, test.address, test.want)
		}
	}
}

func TestThisMachineNeedsNoProxy(t *testing.T) {
	w := asBob(t)
	w.set("HTTPS_PROXY", "http://127.0.0.1:1")
	w.set("HTTP_PROXY", "http://127.0.0.1:1")
	w.want(0, "", "login")
	w.want(0, "", "login", "--proxy", "http://127.0.0.1:1")
}

func TestOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS() // for its certificate alone
	certificate, raw := server.TLS.Certificates[0], server.Certificate().Raw
	server.Close()
	w := newLab(t, lab.Options{TLS: &tls.Config{Certificates: []tls.Certificate{certificate}}})
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.golden("untrusted", w.want(8, "", "login", "--url", w.lab.URL, "--username", "bob").stderr)
	bundle := w.file("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})))
	w.want(0, "", "login", "--url", w.lab.URL, "--username", "bob", "--ca-bundle", bundle)
}

// hanging is a network that never answers, but for what goes to a host of next.
func hanging(host string, next http.RoundTripper) wire {
	return func(r *http.Request) (*http.Response, error) {
		if host != "" && !strings.Contains(host, r.URL.Host) {
			return next.RoundTrip(r)
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
}

func TestTimeLimit(t *testing.T) {
	real, err := newTransport(transportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("provider", func(t *testing.T) {
		w := asBob(t)
		w.wire = hanging("", nil)
		w.golden("timeout", w.want(8, "", "login", "--timeout", "1s").stderr)
	})
	t.Run("STS", func(t *testing.T) {
		w := asBob(t)
		w.wire = hanging(w.lab.STS, real)
		w.golden("timeout-sts-json", w.want(8, "", "login", "--timeout", "2s", "--log-format", "json").stderr)
	})
	t.Run("config", func(t *testing.T) {
		w := asBob(t)
		w.config("[account.lab]\nurl = %q\nusername = \"bob\"\ntimeout = 1\n", w.lab.URL)
		w.wire = hanging("", nil)
		w.want(8, "the time limit of 1s ran out", "login")
	})
}

func TestInterrupted(t *testing.T) {
	for name, args := range map[string][]string{
		"provider": {"login", "--log-format", "json"}, "configure": {"configure", "https://idp.example.com"},
		"standard input": {"login", "--password-stdin"}, "assertion": {"roles", "--assertion", "-"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asBob(t)
			ctx, cancel := context.WithCancel(context.Background())
			w.ctx, w.stdin = ctx, readerFunc(func([]byte) (int, error) { cancel(); select {} })
			w.wire = wire(func(r *http.Request) (*http.Response, error) {
				cancel()
				return hanging("", nil).RoundTrip(r)
			})
			w.want(130, "interrupted", args...)
			if !w.missing(".aws") {
				t.Error("something was written")
			}
		})
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestUnreachable(t *testing.T) {
	w := asBob(t)
	file := w.file("response", w.sign(w.lab.Assertion("bob")))
	w.wire = unreachable
	w.want(8, "reaching", "login")
	w.set("AWS_ENDPOINT_URL_STS", "https://sts.example.com")
	w.golden("unreachable-sts", w.want(8, "", "login", "--assertion", file).stderr)
	w.wire = answering(503)
	w.want(8, "it answers with status 503", "login")
	w.wire = answering(429)
	w.want(4, "status 429", "login")
	w.wire = answering(404)
	w.want(5, "hint: is the address right?", "login")
	w.wire = answering(200)
	w.golden("unknown-page", w.want(5, "", "login").stderr)
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 1900 * time.Millisecond: "2s", 50 * time.Millisecond: "50ms", time.Minute: "1m", 61 * time.Second: "1m1s", time.Hour: "1h",
		8*time.Hour - time.Second: "8h", 90 * time.Minute: "1h30m", 10 * time.Minute: "10m", 20 * time.Hour: "20h",
	} {
		if got := span(d); got != want {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

// twoHosts is a provider whose start leads to a password form on another host.
func twoHosts(r *http.Request) (*http.Response, error) {
	switch {
	case r.URL.Host == "idp.example.com":
		return leading("https://login.example.net/form")(r)
	case r.Method == http.MethodGet:
		return page(r, 200, `<form method=post><input name=user><input type=password name=pass><button>Sign in</button></form>`)
	}
	return page(r, 401, `<p class=error>No.</p>`)
}

// TestPasswordForAnotherHost: it goes there only if somebody says so.
func TestPasswordForAnotherHost(t *testing.T) {
	w := newWorld(t)
	var posted int
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			posted++
		}
		return twoHosts(r)
	})
	w.set("SAMLCLI_PASSWORD", "planted")
	login := []string{"login", "--url", "https://idp.example.com/aws", "--username", "bob"}
	w.golden("another-host", w.want(3, "", login...).stderr)
	w.golden("another-host-json", w.want(3, "", append(login, "--log-format", "json")...).stderr)
	if posted > 0 {
		t.Fatalf("%d posts", posted)
	}
	w.want(4, "refused the sign-in: No", append(login, "--host", "login.example.net")...)
	w.set("SAMLCLI_PASSWORD", "planted elsewhere")
	w.set("SAMLCLI_HOST", "other.example.net, login.example.net")
	w.want(4, "refused the sign-in: No", login...)
	if posted == 0 {
		t.Error("nothing was posted")
	}
}

// TestWhichSTS: the region's own, in the role's partition.
func TestWhichSTS(t *testing.T) {
	for file, want := range map[string]string{
		"govcloud.xml": "sts.us-gov-west-1.amazonaws.com", "china.xml": "sts.cn-north-1.amazonaws.com.cn", "okta.xml": "sts.us-east-1.amazonaws.com",
	} {
		t.Run(file, func(t *testing.T) {
			w := newWorld(t)
			w.wire = unreachable
			w.want(8, "reaching "+want, "process", "--assertion", "../../fixtures/saml/"+file, "--role", "*A*")
			w.want(2, "name a region of the role's partition with --region", "process", "--assertion", "../../fixtures/saml/"+file, "--role", "*A*", "--region", "eusc-de-east-1")
		})
	}
}

// selfSigned is a certificate that nobody vouches for.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	return server.TLS.Certificates[0]
}

// --insecure is for the provider alone: AWS's certificates are verified whatever it says.
func TestInsecure(t *testing.T) {
	w := newLab(t, lab.Options{TLS: &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}}})
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.want(8, "trust it with --ca-bundle", "roles")
	w.want(0, "", "roles", "--insecure")
	w.want(8, "trust it with --ca-bundle", "login", "--insecure")
}

func TestClientCertificate(t *testing.T) {
	pair := selfSigned(t)
	shown := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		shown = len(r.TLS.PeerCertificates)
		rw.Header().Set("Content-Type", "text/html")
		io.WriteString(rw, "<title>hello</title>")
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}))
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	w.file("both.pem", cert+private)
	w.file("cert.pem", cert)
	w.file("key.pem", private)
	authority := w.file("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	for _, args := range [][]string{{"--client-cert", "~/both.pem"}, {"--client-cert", "~/cert.pem", "--client-key", "~/key.pem"}} {
		shown = 0
		w.want(5, "hello", append([]string{"roles", "--url", server.URL, "--ca-bundle", authority}, args...)...)
		if shown != 1 {
			t.Errorf("%q: %d certificates were shown", args, shown)
		}
	}
	w.want(8, "", "roles", "--url", server.URL, "--ca-bundle", authority)
	w.want(2, "reading the certificate to show", "roles", "--url", server.URL, "--client-cert", "~/cert.pem")
}

// TestNamesThatLeadAstray: what a name is in the DNS is its owner's choice.
func TestNamesThatLeadAstray(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, resolved string
		astray            bool
	}{
		{"idp.example.com:443", "192.0.2.1:443", false},
		{"idp.example.com:443", "10.0.0.1:443", false},
		{"dev.example.com:443", "127.0.0.1:443", false},
		{"idp.example.com:443", "169.254.169.254:443", true},
		{"idp.example.com:443", "[::ffff:169.254.169.254]:443", true},
		{"idp.example.com:443", "[fd00:ec2::254]:443", true},
		{"169.254.169.254:443", "169.254.169.254:443", false}, // only as the start
		{"localhost:80", "127.0.0.1:80", false},
		{"idp.localhost:80", "192.0.2.1:80", true},
	} {
		if err := leadsAstray(c.address, c.resolved); (err != nil) != c.astray {
			t.Errorf("%s at %s: %v", c.address, c.resolved, err)
		}
	}
}
