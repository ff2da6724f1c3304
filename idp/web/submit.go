package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// A Pair is one name and value that a form sends.
type Pair struct{ Name, Value string }

// Entries returns what the form sends, in document order: the HTML standard's "constructing the entry list".
func (f *Form) Entries() []Pair {
	_, label := f.charset()
	var entries []Pair
	for _, x := range f.Fields {
		switch {
		case x.Disabled, x.IsButton() && x != f.pressed, !x.On:
			continue
		case x.Type == "image":
			prefix := ""
			if x.Name != "" {
				prefix = x.Name + "."
			}
			entries = append(entries, Pair{prefix + "x", "0"}, Pair{prefix + "y", "0"})
			continue
		case x.Name == "":
			continue
		}
		switch {
		case x.Type == "select":
			for _, o := range x.Options {
				if o.On && !o.Disabled {
					entries = append(entries, Pair{x.Name, o.Value})
				}
			}
		case x.Type == "hidden" && strings.EqualFold(x.Name, "_charset_"):
			entries = append(entries, Pair{x.Name, label})
		case x.Type == "file":
			entries = append(entries, Pair{x.Name, ""})
		default:
			entries = append(entries, Pair{x.Name, x.Value})
		}
	}
	return entries
}

// Request returns the request that submitting the form sends.
func (f *Form) Request() (Request, error) {
	action, err := f.Action()
	if err != nil {
		return Request{}, &UnsafeError{Host: f.page.Host(), Reason: "a form's address cannot be read"}
	}
	entries := f.Entries()
	for i := range entries {
		entries[i].Value = normalLines(entries[i].Value)
	}
	encoder, _ := f.charset()
	if f.Method() == http.MethodGet {
		u := *action
		u.RawQuery, u.ForceQuery = urlencode(entries, encoder), true
		return Request{Method: http.MethodGet, URL: u.String()}, nil
	}
	body, contentType := f.body(entries, encoder)
	return Request{Method: http.MethodPost, URL: action.String(), Body: body, Header: http.Header{"Content-Type": {contentType}}}, nil
}

func (f *Form) body(entries []Pair, encoder *encoding.Encoder) (body []byte, contentType string) {
	enctype := f.element.AttrOr("enctype", "")
	if f.pressed != nil {
		enctype = f.pressed.element.AttrOr("formenctype", enctype)
	}
	switch strings.ToLower(strings.TrimSpace(enctype)) {
	case "multipart/form-data":
		return f.multipart(entries, encoder)
	case "text/plain":
		var b bytes.Buffer
		for _, e := range entries {
			fmt.Fprintf(&b, "%s=%s\r\n", encode(e.Name, encoder), encode(e.Value, encoder))
		}
		return b.Bytes(), "text/plain"
	}
	return []byte(urlencode(entries, encoder)), "application/x-www-form-urlencoded"
}

func (f *Form) multipart(entries []Pair, encoder *encoding.Encoder) ([]byte, string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	escape := strings.NewReplacer("\r\n", "%0D%0A", "\r", "%0D", "\n", "%0A", `"`, "%22")
	for _, e := range entries {
		disposition := `form-data; name="` + escape.Replace(encode(e.Name, encoder)) + `"`
		header := textproto.MIMEHeader{}
		if x := f.Field(e.Name); x != nil && x.Type == "file" {
			disposition += `; filename=""`
			header.Set("Content-Type", "application/octet-stream")
		}
		header.Set("Content-Disposition", disposition)
		part, _ := w.CreatePart(header) // a bytes.Buffer takes everything
		_, _ = part.Write([]byte(encode(e.Value, encoder)))
	}
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// charset returns the encoder of the form's character set, nil for UTF-8, and the set's name: the first that
// accept-charset names and that is known, else the page's.
func (f *Form) charset() (*encoding.Encoder, string) {
	e, label := f.page.charset, f.page.label
	for name := range strings.FieldsSeq(strings.ReplaceAll(f.element.AttrOr("accept-charset", ""), ",", " ")) {
		if found, canonical := charset.Lookup(name); found != nil {
			e, label = found, canonical
			break
		}
	}
	if strings.HasPrefix(strings.ToLower(label), "utf-") {
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
func urlencode(entries []Pair, encoder *encoding.Encoder) string {
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(formEscape(encode(e.Name, encoder)))
		b.WriteByte('=')
		b.WriteString(formEscape(encode(e.Value, encoder)))
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
