package store_test

import (
	"bytes"
	"testing"

	"github.com/samlcli/samlcli/internal/store"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	key, data := store.NewKey(), []byte("cookies")
	sealed, err := store.Seal(key, "session", data)
	if err != nil || bytes.Contains(sealed, data) {
		t.Fatalf("%q, %v", sealed, err)
	}
	if again, _ := store.Seal(key, "session", data); bytes.Equal(again, sealed) {
		t.Error("the same text twice")
	}
	if got, err := store.Open(key, "session", sealed); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%q, %v", got, err)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for _, c := range []struct {
		what, name  string
		key, sealed []byte
	}{
		{"another key", "session", store.NewKey(), sealed},
		{"another name", "assertion", key, sealed},
		{"a changed bit", "session", key, changed},
		{"half of it", "session", key, sealed[:10]},
		{"nothing", "session", key, nil},
		{"a short key", "session", key[:16], sealed},
	} {
		if got, err := store.Open(c.key, c.name, c.sealed); err == nil || got != nil {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
	}
}

// FuzzOpen takes anything for what is sealed: nothing opens but what was sealed, as it was.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("cookies"), []byte{})
	f.Add([]byte{}, []byte("0123456789ab0123456789abcdef"))
	key := store.NewKey()
	f.Fuzz(func(t *testing.T, data, other []byte) {
		sealed, err := store.Seal(key, "session", data)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := store.Open(key, "session", sealed); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%q was sealed, %q, %v opened", data, got, err)
		}
		if got, err := store.Open(key, "session", other); err == nil {
			t.Errorf("%q opens as %q", other, got)
		}
	})
}
