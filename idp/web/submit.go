package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"golang.org/x/text/encoding"
)

// A Pair is one name and value that a form sends.
type Pair struct {
	Name, Value string

	file bool
}

// Entries returns what the form sends, in document order: the HTML standard's "constructing the entry list".
func (f *Form) Entries() []Pair {
	var entries []Pair
	for _, x := range f.Fields {
		if !x.Disabled && x.On && (!x.IsButton() || x == f.pressed) {
			entries = append(entries, f.entriesOf(x)...)
		}
	}
	return entries
}

func (f *Form) entriesOf(x *Field) []Pair {
	switch {
	case x.Type == "image" && x.Name == "":
		return []Pair{{Name: "x", Value: "0"}, {Name: "y", Value: "0"}}
	case x.Type == "image":
		return []Pair{{Name: x.Name + ".x", Value: "0"}, {Name: x.Name + ".y", Value: "0"}}
	case x.Name == "":
		return nil
	case x.Type == "select":
		var chosen []Pair
		for _, o := range x.Options {
			if o.On && !o.Disabled {
				chosen = append(chosen, Pair{Name: x.Name, Value: o.Value})
			}
		}
		return chosen
	case x.Type == "hidden" && strings.EqualFold(x.Name, "_charset_"):
		_, label := f.charset()
		return []Pair{{Name: x.Name, Value: label}}
	case x.Type == "file":
		return []Pair{{Name: x.Name, file: true}}
	}
	return []Pair{{Name: x.Name, Value: x.Value}}
}

// Request returns the request that submitting the form sends.
func (f *Form) Request() (Request, error) {
	action, err := f.Action()
	if err != nil {
		return Request{}, &UnsafeError{Host: f.page.Host(), Reason: "a form's address cannot be read"}
	}
	encoder, _ := f.charset()
	entries := f.Entries()
	for i, e := range entries {
		entries[i].Name, entries[i].Value = encode(normalLines(e.Name), encoder), encode(normalLines(e.Value), encoder)
	}
	if f.Method() == http.MethodGet {
		u := *action
		u.RawQuery, u.ForceQuery = urlencode(entries), true
		return Request{Method: http.MethodGet, URL: u.String()}, nil
	}
	body, contentType := f.body(entries)
	return Request{Method: http.MethodPost, URL: action.String(), Body: body, Header: http.Header{"Content-Type": {contentType}}}, nil
}

func (f *Form) body(entries []Pair) (body []byte, contentType string) {
	switch strings.ToLower(f.said("enctype")) {
	case "multipart/form-data":
		return multiparts(entries)
	case "text/plain":
		var b bytes.Buffer
		for _, e := range entries {
			fmt.Fprintf(&b, "%s=%s\r\n", e.Name, e.Value)
		}
		return b.Bytes(), "text/plain"
	}
	return []byte(urlencode(entries)), "application/x-www-form-urlencoded"
}

func multiparts(entries []Pair) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	escape := strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")
	for _, e := range entries {
		header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + escape.Replace(e.Name) + `"`}}
		if e.file {
			header["Content-Disposition"][0] += `; filename=""`
			header.Set("Content-Type", "application/octet-stream")
		}
		part, _ := w.CreatePart(header) // a bytes.Buffer takes everything
		_, _ = part.Write([]byte(e.Value))
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// charset returns the encoder of the form's character set, nil for UTF-8, and the set's name: the first known one that
// accept-charset names, UTF-8 where it names none that is known, else the page's.
func (f *Form) charset() (*encoding.Encoder, string) {
	e, label := f.page.charset, f.page.label
	if accepted := strings.FieldsFunc(f.Attr("accept-charset"), func(r rune) bool { return r <= ' ' || r == ',' }); len(accepted) > 0 {
		e, label = nil, "utf-8"
		for _, name := range accepted {
			if e, label = byLabel(name); e != nil {
				break
			}
		}
	}
	if e == nil || strings.HasPrefix(label, "utf-") || label == "replacement" { // UTF-16 is never sent
		return nil, "UTF-8"
	}
	return encoding.HTMLEscapeUnsupported(e.NewEncoder()), label
}

func encode(s string, encoder *encoding.Encoder) string {
	if encoder == nil {
		return s
	}
	encoded, err := encoder.String(s)
	if err != nil {
		return s
	}
	return encoded
}

// urlencode writes pairs in their order, as application/x-www-form-urlencoded says.
func urlencode(entries []Pair) string {
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(formEscape(e.Name))
		b.WriteByte('=')
		b.WriteString(formEscape(e.Value))
	}
	return b.String()
}

// formEscape differs from url.QueryEscape in the two characters that the URL standard treats otherwise.
func formEscape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(s), "~", "%7E"), "%2A", "*")
}

// normalLines turns every line end into CR LF.
func normalLines(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.ReplaceAll(s, "\n", "\r\n")
}
