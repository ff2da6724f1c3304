package saml

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/url"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Extract finds the text for Parse in what a person or a program hands over: base64 (wrapped or not), URL-encoded
// base64, XML, a form body with SAMLResponse, or a JSON object with SAMLResponse or assertion; what a network panel copies
// with the field's name, and quotes. XML is encoded byte for byte. A byte order mark is dropped, and text after a UTF-16 one
// (PowerShell's ">") is made UTF-8.
//
// The error is a *FormatError. Its Kind is KindHTML for a page, in whose form the response may be, and
// KindCredentials for the output of a credential_process. Extract does not guess: a banner before the response is
// refused. Whether the text is a response at all, Parse says.
func Extract(data []byte) (encoded string, err error) {
	data, _, err = transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	if err != nil {
		return "", &FormatError{KindCharset, "the text is not valid in the character set that its first bytes name"}
	}
	if bytes.HasPrefix(bytes.TrimLeft(data, space), []byte("{")) {
		return extractJSON(data)
	}
	return extractText(data)
}

func extractText(data []byte) (string, error) {
	if bytes.HasPrefix(bytes.TrimLeft(data, space), []byte("<")) {
		return extractXML(data)
	}
	text, ok := formValue(unspaced(string(data)), formField)
	if !ok {
		text = unspaced(copied(string(data)))
	}
	// PathUnescape leaves "+" alone: in base64 it is never a space, even where a form was copied unescaped.
	text, err := url.PathUnescape(text)
	if err != nil {
		return "", &FormatError{KindNotBase64, "the text is neither base64 nor URL-encoded"}
	}
	encoded, _, err := decode(text)
	return encoded, err
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }

// formValue returns the still escaped value of key in a form body.
func formValue(body, key string) (value string, ok bool) {
	for field := range strings.SplitSeq(body, "&") {
		if value, ok = strings.CutPrefix(field, key+"="); ok {
			return value, true
		}
	}
	return "", false
}

func extractXML(data []byte) (string, error) {
	if looksLikeHTML(data) {
		return "", &FormatError{KindHTML, "the text is an HTML page, not a SAML response"}
	}
	if len(data) > maxDecoded {
		return "", tooLarge()
	}
	return base64.StdEncoding.EncodeToString(data), nil
}

// looksLikeHTML goes by the first element, or by a page's usual marks where that is not a Response.
func looksLikeHTML(data []byte) bool {
	if rootName(data) == "Response" {
		return false
	}
	page := bytes.ToLower(data)
	for _, mark := range []string{"<!doctype html", "<html", "<form", "<input"} {
		if bytes.Contains(page, []byte(mark)) {
			return true
		}
	}
	return false
}

// rootName reads no further than the first element.
func rootName(data []byte) string {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		token, err := d.RawToken()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local
		}
	}
}

func extractJSON(data []byte) (string, error) {
	var object struct {
		SAMLResponse, Assertion string
		AccessKeyID             any `json:"AccessKeyId"` // only whether it is there
	}
	err := json.Unmarshal(data, &object)
	switch {
	case err == nil && object.SAMLResponse != "":
		return extractText([]byte(object.SAMLResponse))
	case err == nil && object.Assertion != "":
		return extractText([]byte(object.Assertion))
	case err == nil && object.AccessKeyID != nil:
		return "", &FormatError{KindCredentials, "the text holds AWS credentials, not a SAML response"}
	}
	var whole any
	if err = json.Unmarshal(data, &whole); err == nil {
		if text := nested(whole); text != "" {
			return extractText([]byte(text))
		}
	}
	return "", &FormatError{KindJSON, "the text is JSON without a SAML response in SAMLResponse or assertion"}
}
