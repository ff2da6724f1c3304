package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/internal/lab"
)

// TestRecordVendors: the stand-ins of what most people use, recorded, played, and put beside their adapters' tapes.
func TestRecordVendors(t *testing.T) {
	w := newWorld(t)
	l, err := lab.Start(lab.Options{Now: w.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	real, err := newTransport(transportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vendors(t, l) {
		for _, user := range []string{"bob@example.com", "alice@example.com"} {
			saw := &witness{next: real}
			w.wire = saw
			w.set("SAMLCLI_PASSWORD", lab.BobPassword)
			if strings.HasPrefix(user, "alice") {
				w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
			}
			r := w.record(0, "ended so: signed in", "--url", v.loopback, "--idp", v.idp, "--username", user, "--mfa", "totp", "--code", lab.Code(lab.AliceSeed, noon))
			if strings.Contains(r.stderr, "warning") {
				t.Errorf("%s: %s", v.idp, r.stderr)
			}
			random := slices.DeleteFunc(saw.seen, func(s string) bool { return !strings.ContainsAny(s, "0123456789") || strings.HasPrefix(s, "/") })
			w.holdsNone(append(random, lab.AlicePassword, lab.Code(lab.AliceSeed, noon), strings.TrimPrefix(l.URL, "http://"))...)
			w.replayed(0, "")
			adapter, err := adapterNamed(v.idp)
			if err != nil {
				t.Fatal(err)
			}
			idptest.Play(t, filepath.Join(w.home, "bug.tape"), adapter, all.Adapters())
		}
	}
}
