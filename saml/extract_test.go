package saml

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestExtract(t *testing.T) {
	t.Parallel()
	// 0xFB 0xFF and the like make "+" and "/" appear in the text.
	xml := "<!--ûÿþ???>>>~~~-->" + wrap("")
	want := encode(xml)
	if !strings.ContainsAny(want, "+") || !strings.Contains(want, "/") {
		t.Fatalf("the example has no + and / in it: %s", want)
	}
	form := url.Values{"SAMLResponse": {want}, "RelayState": {"a=b"}}.Encode()
	for name, in := range map[string]string{
		"base64":               want,
		"with newline":         want + "\r\n",
		"byte order mark":      "\ufeff" + want + "\r\n",
		"wrapped":              want[:76] + "\r\n" + want[76:] + "\r\n",
		"no padding":           strings.TrimRight(want, "="),
		"url alphabet":         strings.NewReplacer("+", "-", "/", "_").Replace(want),
		"URL-encoded":          url.QueryEscape(want) + "\n",
		"form body":            form + "\n",
		"form body, last":      "RelayState=&" + form,
		"form body, unescaped": "SAMLResponse=" + want + "&RelayState=",
		"form body, wrapped":   "SAMLResponse=" + url.QueryEscape(want[:76]+"\r\n"+want[76:]),
		"JSON":                 `{"SAMLResponse": "` + want + `", "RelayState": ""}`,
		"JSON, assertion":      "\ufeff\r\n" + `{"assertion": "` + want[:76] + `\n` + want[76:] + `"}`,
		"XML":                  xml,
		"XML after a mark":     "\ufeff" + xml,
		"UTF-16":               utf16LE(want + "\r\n"),
		"in quotes":            "\"" + want + "\"\n",
		"in single quotes":     "'" + url.QueryEscape(want) + "'",
		"beside its name":      "SAMLResponse: " + want + "\nRelayState: \n",
		"below its name":       "SAMLResponse\r\n" + want[:76] + "\r\n" + want[76:] + "\r\nRelayState\r\n\r\n",
		"in a table":           "SAMLResponse\t\"" + want + "\"\n",
		"in a command":         "curl 'https://example.com/saml' -H 'origin: x' --data-raw 'SAMLResponse=" + url.QueryEscape(want) + "&RelayState=' --compressed\n",
		"invisible characters": "\u00a0" + want + "\u200b\n",
		"nested JSON":          `{"Form data": [{"SAMLResponse": "` + want + `", "RelayState": ""}]}`,
	} {
		got, err := Extract([]byte(in))
		if err != nil || got != want {
			t.Errorf("%s: Extract = %q, %v, want %q", name, got, err, want)
		}
	}
}

// utf16LE is what PowerShell's ">" writes.
func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestExtractLeavesXMLAsItIs(t *testing.T) {
	t.Parallel()
	for _, xml := range []string{
		wrap(""), "\r\n" + wrap("\r\n") + "\r\n\n", `<?xml version="1.0" encoding="ISO-8859-1"?>` + wrap("\xe9"),
		wrap("<html/><form/>"), "<!DOCTYPE x [<!ENTITY e 'f'>]>" + wrap(""), "<other/>", "<",
	} {
		if got, err := Extract([]byte(xml)); err != nil || got != encode(xml) {
			t.Errorf("Extract(%q) = %q, %v, want %q", xml, got, err, encode(xml))
		}
	}
}

func TestExtractRefuses(t *testing.T) {
	t.Parallel()
	response := encode(wrap(""))
	for _, c := range []struct {
		name, in string
		want     Kind
	}{
		{"nothing", "", KindEmpty},
		{"a mark alone", "\ufeff\r\n", KindEmpty},
		{"a form body without value", "SAMLResponse=&RelayState=x", KindEmpty},
		{"a banner", "Welcome, alice!\n" + response, KindNotBase64},
		{"a bad escape", "PHg%zz", KindNotBase64},
		{"a page", "<!DOCTYPE html>\n<html><form></form></html>", KindHTML},
		{"a page in capitals", "\r\n<HTML><BODY>", KindHTML},
		{"XHTML", `<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="z">`, KindHTML},
		{"a piece of a page", "<div><form action=x>", KindHTML},
		{"a lone field", `<input name=SAMLResponse value="x">`, KindHTML},
		{"credentials", `{"Version": 1, "AccessKeyId": "x"}`, KindCredentials},
		{"other JSON", `{"token": "x"}`, KindJSON},
		{"JSON of another type", `{"SAMLResponse": {"a": 1}}`, KindJSON},
		{"broken JSON", `{"SAMLResponse": "`, KindJSON},
		{"large XML", "<Response>" + strings.Repeat(" ", maxDecoded), KindTooLarge},
		{"large base64", strings.Repeat("A", 3*maxDecoded), KindTooLarge},
	} {
		if got, err := Extract([]byte(c.in)); kindOf(err) != c.want {
			t.Errorf("%s: Extract = %q, %v, want kind %s", c.name, got, err, c.want)
		}
	}
}
