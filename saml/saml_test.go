package saml

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite fixtures/saml/*.golden")

const fixtures = "../fixtures/saml"

// golden is what a fixture's file says was read: a response or an error.
type golden struct {
	Response *Response    `json:",omitempty"`
	Format   *FormatError `json:",omitempty"`
	Status   *StatusError `json:",omitempty"`
	Error    string       `json:",omitempty"`
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	for _, file := range fixtureFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data := readFile(t, file)
			encoded := base64.StdEncoding.EncodeToString(data)
			got := readGolden(t, encoded)
			goldenFile := strings.TrimSuffix(file, ".xml") + ".golden"
			if *update {
				if err := os.WriteFile(goldenFile, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := readFile(t, goldenFile); string(got) != string(want) {
				t.Errorf("%s reads as\n%s\nwant\n%s", file, got, want)
			}
		})
	}
}

// readGolden parses encoded and writes down what came of it, but for the text itself, which it checks.
func readGolden(t *testing.T, encoded string) []byte {
	t.Helper()
	var g golden
	r, err := Parse(encoded)
	if err == nil {
		if r.Encoded != encoded {
			t.Errorf("Encoded differs from what was parsed")
		}
		r.Encoded = ""
		g.Response = r
	} else {
		g.Error = err.Error()
		if !errors.As(err, &g.Format) && !errors.As(err, &g.Status) {
			t.Errorf("Parse returned a %T, want a FormatError or StatusError", err)
		}
	}
	text, err := json.MarshalIndent(g, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return append(escapeUnprintable(text), '\n')
}

// escapeUnprintable keeps controls out of the golden files.
func escapeUnprintable(text []byte) (escaped []byte) {
	for _, r := range string(text) {
		if r > 0x7e && !unicode.IsPrint(r) {
			escaped = fmt.Appendf(escaped, `\u%04x`, r)
			continue
		}
		escaped = utf8.AppendRune(escaped, r)
	}
	return escaped
}

func fixtureFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtures, "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures in %s: %v", fixtures, err)
	}
	return files
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// wrap makes a response around the values of the role attribute.
func wrap(values string) string {
	return `<p:Response xmlns:p="` + protocolNS + `" xmlns="` + assertionNS + `"><Assertion><AttributeStatement>` +
		`<Attribute Name="` + roleAttribute + `">` + values + `</Attribute></AttributeStatement></Assertion></p:Response>`
}

func encode(xml string) string { return base64.StdEncoding.EncodeToString([]byte(xml)) }

func TestParseAcceptsBase64AsItComes(t *testing.T) {
	t.Parallel()
	// The question marks make "/" and "+" appear, the lengths the three kinds of padding.
	for _, tail := range []string{"", "?", "??", "???>>>~~~"} {
		want := encode(wrap("") + "<!--" + tail + "-->")
		url := strings.NewReplacer("+", "-", "/", "_").Replace(want)
		for name, in := range map[string]string{
			"as it is":         want,
			"trailing newline": want + "\r\n",
			"wrapped":          "\n  " + want[:76] + "\r\n\t" + want[76:] + "\n",
			"one space":        want[:5] + " " + want[5:],
			"unpadded":         strings.TrimRight(want, "="),
			"overpadded":       want + "==",
			"url alphabet":     url,
			"url, unpadded":    strings.TrimRight(url, "=") + "\n",
		} {
			r, err := Parse(in)
			if err != nil {
				t.Errorf("%s, %q: %v", name, tail, err)
				continue
			}
			if r.Encoded != want {
				t.Errorf("%s, %q: Encoded = %q, want %q", name, tail, r.Encoded, want)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	var prefixes strings.Builder
	for i := range maxBindings + 1 {
		fmt.Fprintf(&prefixes, ` xmlns:p%d="urn:x"`, i)
	}
	for _, c := range []struct {
		name, in string
		want     Kind
	}{
		{"nothing", "", KindEmpty},
		{"white space", " \r\n", KindEmpty},
		{"words", "Signed in as alice", KindNotXML},
		{"a sentence", "Signed in as alice.", KindNotBase64},
		{"padding inside", "PHg+PC94Pg==PHg+PC94Pg==", KindNotBase64},
		{"half a byte", "PHg+P", KindNotBase64},
		{"text", encode("hello"), KindNotXML},
		{"deflated", encode("\x7d\x52\xcb\x6e"), KindNotXML},
		{"UTF-16", encode("\xff\xfe<\x00a\x00/\x00>\x00"), KindNotXML},
		{"only a comment", encode("<!-- -->"), KindNotXML},
		{"text in front", encode("<!-- -->x" + wrap("")), KindNotXML},
		{"NUL", encode(wrap("\x00")), KindNotXML},
		{"invalid UTF-8", encode(wrap("\xff")), KindNotXML},
		{"closed too often", encode(wrap("") + "</a>"), KindNotXML},
		{"too deep", encode(wrap(deep(maxDepth))), KindTooDeep},
		{"much too deep", encode(strings.Repeat("<a>", 90_000)), KindTooDeep},
		{"too large", encode(wrap(strings.Repeat(" ", maxDecoded))), KindTooLarge},
		{"far too large", strings.Repeat("A", 3*maxDecoded), KindTooLarge},
		{"too many elements", encode(wrap(strings.Repeat("<a/>", maxMarks))), KindTooLarge},
		{"too many attributes", encode(wrap("<a" + strings.Repeat(` a=""`, maxMarks) + "/>")), KindTooLarge},
		{"too many prefixes", encode(wrap("<a" + prefixes.String() + "/>")), KindTooLarge},
	} {
		_, err := Parse(c.in)
		var format *FormatError
		if !errors.As(err, &format) || format.Kind != c.want {
			t.Errorf("%s: Parse = %v, want a FormatError of kind %s", c.name, err, c.want)
		}
	}
}

func TestParseKeepsWithinItsLimits(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"as deep as may be":  wrap(strings.Repeat("<a>", maxDepth-4) + strings.Repeat("</a>", maxDepth-4)),
		"byte order mark":    "\ufeff" + wrap(""),
		"nearly 8 MiB":       wrap("") + strings.Repeat(" ", maxDecoded-1000),
		"more than STS does": wrap("") + strings.Repeat(" ", MaxEncoded),
		"US-ASCII as UTF-8":  `<?xml version="1.0" encoding="utf-8"?>` + wrap(""),
		"xml:lang and xml:x": strings.Replace(wrap("<xml:x/>"), "<Assertion", `<Assertion xml:lang="en"`, 1),
	} {
		if _, err := Parse(encode(in)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsRepeatNothing(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		wrap("<hunter2>"), wrap("&hunter2;"), wrap("<a hunter2>"), wrap("<a></hunter2>"), wrap("") + "hunter2", "<!DOCTYPE hunter2>" + wrap(""),
	} {
		_, err := Parse(encode(in))
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Parse(%q) = %v, want an error that does not repeat it", in, err)
		}
	}
}

func TestStatusErrorInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  StatusError
		want string
	}{
		{StatusError{Code: "Requester"}, "the identity provider answered Requester"},
		{StatusError{"Responder", "AuthnFailed", ""}, "the identity provider answered Responder/AuthnFailed"},
		{StatusError{"Responder", "AuthnFailed", "Wrong code"}, "the identity provider answered Responder/AuthnFailed: Wrong code"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.err, got, c.want)
		}
	}
}

func TestFiveThousandRoles(t *testing.T) {
	t.Parallel()
	r, err := Parse(base64.StdEncoding.EncodeToString(manyRoles(5000)))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Encoded) <= MaxEncoded || len(r.Roles) != 5000 {
		t.Errorf("%d characters, %d roles", len(r.Encoded), len(r.Roles))
	}
	if want := "Team-4999"; r.Roles[4999].Name() != want {
		t.Errorf("the last role is %q, want %q", r.Roles[4999].Name(), want)
	}
}

// Hostile shapes within the limits: what a quadratic reader would take minutes for.
func TestHostileShapesAreCheap(t *testing.T) {
	t.Parallel()
	var prefixes strings.Builder
	for i := range maxBindings - 2 {
		fmt.Fprintf(&prefixes, ` xmlns:p%d="urn:x"`, i)
	}
	start := time.Now()
	for name, in := range map[string]string{
		"elements far from their prefix": "<a" + prefixes.String() + ">" + strings.Repeat("<p0:Assertion/>", 90_000) + "</a>",
		"attributes of one element":      "<a" + strings.Repeat(` b=""`, 90_000) + "/>",
		"comments in one value":          "<AttributeValue>" + strings.Repeat("a<!---->", 90_000) + "</AttributeValue>",
	} {
		if _, err := Parse(encode(wrap(in))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestSharedPages(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../shared/pages/shibboleth-ecp/success.xml")
	if err != nil {
		t.Skip("the recorded pages are not here")
	}
	if _, err := Parse(base64.StdEncoding.EncodeToString(page)); kindOf(err) != KindNotResponse {
		t.Errorf("the envelope: %v, want %s", err, KindNotResponse)
	}
	text := string(page)
	start, end := strings.Index(text, "<saml2p:Response"), strings.Index(text, "</saml2p:Response>")
	r, err := Parse(encode(text[start:end] + "</saml2p:Response>"))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"urn:amazon:webservices"}; !slices.Equal(r.Audiences, want) || len(r.Attributes) == 0 {
		t.Errorf("Audiences = %q, want %q; %d attributes", r.Audiences, want, len(r.Attributes))
	}
}

func kindOf(err error) Kind {
	var format *FormatError
	if errors.As(err, &format) {
		return format.Kind
	}
	return ""
}
