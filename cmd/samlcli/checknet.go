package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp/web"
)

// probe is one host to be reached as a sign-in reaches it.
type probe struct {
	origin    *url.URL
	transport http.RoundTripper
	proxy     string // host of the proxy; "" is directly
	sts       bool
}

// answer is what came of it.
type answer struct {
	err   error
	at    time.Time     // by the host's clock; zero where it does not say
	ahead time.Duration // how far that is ahead
}

const probePatience = 5 * time.Second

// checkNetwork reaches for the hosts of the accounts and for STS, all at once, and reads their clocks.
func (d *doctor) checkNetwork(ctx context.Context) []finding {
	probes, found := d.probes(ctx)
	answers := make([]answer, len(probes))
	var wg sync.WaitGroup
	for i, p := range probes {
		wg.Go(func() { answers[i] = p.ask(ctx, d.now) })
	}
	wg.Wait()
	for i, p := range probes {
		found = append(found, p.finding(answers[i]))
	}
	return append(found, clocks(probes, answers)...)
}

// probes are those of the account that is named, else of all; what hinders them is found before.
func (d *doctor) probes(ctx context.Context) (probes []probe, found []finding) {
	of := []*settings{d.settings}
	if d.name == "" && d.address() == "" {
		of = nil
		for _, name := range slices.Sorted(maps.Keys(d.config.Account)) {
			of = append(of, d.as(name))
		}
	}
	seen := map[string]bool{}
	for _, s := range of {
		u, err := url.Parse(s.address())
		if err != nil || u.Host == "" || checkAddress(s.address()) != nil { // the config's check says so
			continue
		}
		p, err := s.probe(u, s.providerConnections)
		key := fmt.Sprint(p.origin, p.proxy, s.path("ca-bundle"), s.path("client-cert"), s.on("insecure"))
		if err != nil {
			found = append(found, wrong("", err))
		} else if !seen[key] {
			seen[key], probes = true, append(probes, p)
		}
	}
	p, err := d.stsProbe(ctx)
	if err != nil {
		return probes, append(found, wrong("", err))
	}
	return append(probes, p), found
}

// address is where a sign-in begins; "" where no address says so.
func (s *settings) address() string { return cmp.Or(s.text("url"), s.text("issuer")) }

func (s *settings) probe(u *url.URL, connections func() (http.RoundTripper, error)) (probe, error) {
	proxies, err := s.proxies()
	if err != nil {
		return probe{}, err
	}
	p := probe{origin: &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/"}}
	if through := proxies.of(u); through != nil {
		p.proxy = through.Host
	}
	p.transport, err = connections()
	return p, err
}

// stsProbe is for the STS that the settings lead to.
func (d *doctor) stsProbe(ctx context.Context) (probe, error) {
	e, err := d.exchange()
	if err != nil {
		return probe{}, err
	}
	region := cmp.Or(d.text("region"), d.env("AWS_REGION"), d.env("AWS_DEFAULT_REGION"), "us-east-1")
	if _, _, err := aws.ChooseRegion(cmp.Or(aws.Partition(region), "aws"), region); err != nil {
		return probe{}, &usageError{err.Error(), "--region takes a region as in eu-west-1"}
	}
	u, err := e.Address(ctx, region)
	if err != nil {
		return probe{}, err
	}
	p, err := d.probe(u, d.connections)
	p.sts = true
	return p, err
}

// ask sends a request without any content; any answer will do.
func (p probe) ask(ctx context.Context, now func() time.Time) (a answer) {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, p.origin.String(), nil)
	if err != nil {
		return answer{err: err}
	}
	r.Header.Set("User-Agent", web.UserAgent)
	reader := clockReader{p.transport, now, func(ahead time.Duration) { a.at, a.ahead = now().Add(ahead), ahead }}
	resp, err := reader.RoundTrip(r)
	if a.err = err; err == nil {
		resp.Body.Close()
	}
	return a
}

func (p probe) name() string {
	name := web.Host(p.origin)
	if p.sts {
		name += " (STS)"
	}
	if p.proxy != "" {
		name += " through the proxy " + p.proxy
	}
	return name
}

// finding says what hinders, and what helps.
func (p probe) finding(a answer) finding {
	var (
		unknown   *net.DNSError
		untrusted *tls.CertificateVerificationError
	)
	switch {
	case a.err == nil:
		return well("%s answers", p.name())
	case errors.As(a.err, &unknown):
		return bad("is the name right, and the VPN on that knows it? where a proxy resolves names, name it with --proxy or HTTPS_PROXY", "%s: the name is not known (DNS)", p.name())
	case errors.As(a.err, &untrusted):
		return bad("if a company's proxy or private authority signs certificates here, trust it with --ca-bundle FILE", "%s: its certificate is not trusted (%v)", p.name(), untrusted.Err)
	case errors.Is(a.err, context.DeadlineExceeded):
		return bad("a firewall in between? where a proxy leads out, name it with --proxy or HTTPS_PROXY", "%s: no answer within %s", p.name(), span(probePatience))
	case p.proxy != "":
		return bad("is the proxy right, in --proxy or HTTPS_PROXY, and does it let this host through? NO_PROXY names hosts that need none", "%s: %v", p.name(), a.err)
	}
	return bad("is the address right? where a proxy leads out, name it with --proxy or HTTPS_PROXY", "%s: %v", p.name(), a.err)
}

// clocks compares this computer's clock with those of the hosts. AWS takes a response for five minutes, and authenticator codes
// are good for half a minute.
func clocks(probes []probe, answers []answer) (found []finding) {
	for i, a := range answers {
		off := max(a.ahead, -a.ahead)
		where := web.Host(probes[i].origin)
		switch {
		case a.at.IsZero():
			continue
		case off >= 30*time.Second:
			found = append(found, bad("set this clock by NTP; where it is right, the other one's administrator must", "this computer's clock is %s that of %s", apart(-a.ahead), where))
		case off >= 5*time.Second:
			found = append(found, warn("set this clock by NTP", "this computer's clock is %s that of %s", apart(-a.ahead), where))
		}
	}
	if len(found) == 0 && slices.ContainsFunc(answers, func(a answer) bool { return !a.at.IsZero() }) {
		found = append(found, well("this computer's clock agrees with those of the hosts"))
	}
	for i := range found {
		found[i].Check = "clock"
	}
	return found
}

// apart says how far a clock is from another.
func apart(ahead time.Duration) string {
	if ahead < 0 {
		return span(-ahead) + " behind"
	}
	return span(ahead) + " ahead of"
}
