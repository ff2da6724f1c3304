package web

import (
	"bytes"
	"mime"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// encodingOf returns a page's character set and its name: what its byte order mark says, else its header, else a meta
// element in its first kilobyte, else UTF-8.
func encodingOf(body []byte, contentType string) (encoding.Encoding, string) {
	marks := []struct{ mark, label string }{{"\xef\xbb\xbf", "utf-8"}, {"\xfe\xff", "utf-16be"}, {"\xff\xfe", "utf-16le"}}
	for _, m := range marks {
		if bytes.HasPrefix(body, []byte(m.mark)) {
			return byLabel(m.label)
		}
	}
	if _, parameters, err := mime.ParseMediaType(contentType); err == nil {
		if found, name := byLabel(parameters["charset"]); found != nil {
			return found, name
		}
	}
	if found, name := declared(body[:min(len(body), 1024)]); found != nil {
		return found, name
	}
	return unicode.UTF8, "utf-8"
}

// declared finds the first meta element that names a known character set.
func declared(head []byte) (encoding.Encoding, string) {
	for z := html.NewTokenizer(bytes.NewReader(head)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return nil, ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data != "meta" {
				continue
			}
			found, name := byLabel(metaLabel(token.Attr))
			if strings.HasPrefix(name, "utf-16") { // it was read so far, so it is none
				return unicode.UTF8, "utf-8"
			}
			if found != nil {
				return found, name
			}
		}
	}
}

// metaLabel returns what a meta element calls the character set: in its charset, or in the content of its content-type.
func metaLabel(attributes []html.Attribute) string {
	value := func(key string) string {
		i := slices.IndexFunc(attributes, func(a html.Attribute) bool { return a.Key == key })
		if i < 0 {
			return ""
		}
		return attributes[i].Val
	}
	if label := value("charset"); label != "" || !strings.EqualFold(value("http-equiv"), "content-type") {
		return label
	}
	return labelIn(strings.ToLower(value("content")))
}

// labelIn finds charset=LABEL in a text as HTML says: with spaces around the sign, and with or without quotes.
func labelIn(content string) string {
	for {
		_, rest, found := strings.Cut(content, "charset")
		if !found {
			return ""
		}
		content = rest
		label, assigned := strings.CutPrefix(strings.TrimLeft(rest, " \t\n\f\r"), "=")
		if !assigned {
			continue
		}
		label = strings.TrimLeft(label, " \t\n\f\r")
		for _, quote := range []string{`"`, `'`} {
			if quoted, isQuoted := strings.CutPrefix(label, quote); isQuoted {
				label, _, found = strings.Cut(quoted, quote)
				if !found {
					return ""
				}
				return label
			}
		}
		if end := strings.IndexAny(label, "; \t\n\f\r"); end >= 0 {
			label = label[:end]
		}
		return label
	}
}
