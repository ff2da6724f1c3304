package saml

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	dsig "github.com/russellhaering/goxmldsig"
)

func FuzzParse(f *testing.F) {
	for _, file := range fixtureFiles(f) {
		f.Add(readFile(f, file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		encoded := base64.StdEncoding.EncodeToString(data)
		r, err := Parse(encoded)
		if err != nil {
			checkError(t, err)
			return
		}
		if r.Encoded != encoded {
			t.Errorf("Encoded = %q, want %q", r.Encoded, encoded)
		}
		if r.Encrypted && (r.Roles != nil || r.Attributes != nil) {
			t.Errorf("an encrypted response has roles %v, attributes %v", r.Roles, r.Attributes)
		}
		seen := map[Role]bool{}
		for _, role := range r.Roles {
			again, ok := parseRole(role.Provider + "," + role.ARN)
			if !ok || again != role || seen[role] {
				t.Errorf("%+v reads again as %+v, %v", role, again, ok)
			}
			seen[role] = true
		}
	})
}

func FuzzExtract(f *testing.F) {
	for _, file := range fixtureFiles(f) {
		data := readFile(f, file)
		encoded := base64.StdEncoding.EncodeToString(data)
		f.Add(data)
		f.Add([]byte(encoded))
		f.Add([]byte("SAMLResponse=" + encoded + "&RelayState="))
		f.Add([]byte(`{"assertion":"` + encoded + `"}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		encoded, err := Extract(data)
		if err != nil {
			if checkError(t, err); kindOf(err) == "" {
				t.Errorf("%v is no FormatError", err)
			}
			return
		}
		if _, err := base64.StdEncoding.DecodeString(encoded); err != nil {
			t.Errorf("Extract = %q: %v", encoded, err)
		}
		if again, err := Extract([]byte(encoded)); err != nil || again != encoded {
			t.Errorf("Extract(%q) = %q, %v", encoded, again, err)
		}
		if r, err := Parse(encoded); err == nil && r.Encoded != encoded {
			t.Errorf("Parse makes %q of %q", r.Encoded, encoded)
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	var format *FormatError
	var status *StatusError
	if !errors.As(err, &format) && !errors.As(err, &status) {
		t.Errorf("a %T: %v", err, err)
	}
	checkPlain(t, err.Error())
}

func checkPlain(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 || 0x202a <= r && r <= 0x202e }) {
		t.Errorf("control characters in %q", text)
	}
}

// FuzzVerify takes anything for a response and for metadata: nothing is said to be signed that is not, and every problem can be
// said.
func FuzzVerify(f *testing.F) {
	for _, file := range fixtureFiles(f) {
		data := readFile(f, file)
		f.Add(data, data)
	}
	root := document(f)
	signAssertion(f, provider(), root, dsig.RSASHA256SignatureMethod)
	f.Add([]byte(written(f, root)), []byte(describe(issuer, stranger())))
	f.Fuzz(func(t *testing.T, data, metadata []byte) {
		r, err := Parse(base64.StdEncoding.EncodeToString(data))
		if err != nil {
			return
		}
		for _, p := range r.Problems(time.Unix(1795262400, 0), time.Minute) {
			checkPlain(t, p.What)
		}
		if _, err := r.Intact(); err != nil && !errors.As(err, new(*SignatureError)) {
			t.Errorf("a %T: %v", err, err)
		}
		m, err := ParseMetadata(metadata)
		if err != nil {
			return
		}
		if _, err := r.Verify(m); err == nil {
			t.Error("it is signed")
		} else if !errors.As(err, new(*SignatureError)) {
			t.Errorf("a %T: %v", err, err)
		}
	})
}
