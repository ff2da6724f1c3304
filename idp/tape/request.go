package tape

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// requestOf reads a request as a tape holds it. The body is that of the request, which is left alone.
func requestOf(req *http.Request, body []byte) Request {
	u := *req.URL
	u.Fragment, u.RawFragment = "", ""
	r := Request{Method: req.Method, URL: u.String()}
	r.Cookies = splitCookies(strings.Join(req.Header.Values("Cookie"), ";"), func(s string) string { return s })
	kind, params, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded":
		r.Form = splitQuery(string(body))
	case "multipart/form-data":
		r.Form = splitParts(body, params["boundary"])
	default:
		r.Body = string(body)
	}
	return r
}

// splitQuery decodes pairs in their order. What is badly encoded stays as it is.
func splitQuery(encoded string) []Pair {
	var pairs []Pair
	for part := range strings.SplitSeq(encoded, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, Pair{queryUnescape(name), queryUnescape(value)})
	}
	return pairs
}

func queryUnescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}

func splitParts(body []byte, boundary string) []Pair {
	var pairs []Pair
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for part, err := parts.NextPart(); err == nil; part, err = parts.NextPart() {
		value, _ := io.ReadAll(part)
		pairs = append(pairs, Pair{part.FormName(), string(value)})
	}
	return pairs
}

// lines spells a request one thing a line, in an order that says nothing, so that equal requests have equal lines and
// others a readable difference.
func (r Request) lines() []string {
	address, query, _ := strings.Cut(r.URL, "?")
	query, _, _ = strings.Cut(query, "#")
	if u, err := url.Parse(address); err == nil && u.Path == "" {
		address += "/"
	}
	lines := []string{r.Method + " " + address}
	for _, section := range []struct {
		mark  string
		pairs []Pair
	}{{"?", splitQuery(query)}, {"Cookie: ", r.Cookies}, {"Header ", canonicalHeader(r.Header)}, {"", r.Form}} {
		for _, pair := range sorted(section.pairs) {
			lines = append(lines, section.mark+escape(pair.Name)+"="+escape(pair.Value))
		}
	}
	if r.Body != "" {
		lines = append(lines, bodyLines(r.Body)...)
	}
	return lines
}

func canonicalHeader(header []Pair) []Pair {
	header = slices.Clone(header)
	for i := range header {
		header[i].Name = http.CanonicalHeaderKey(header[i].Name)
	}
	return header
}

// bodyLines spells JSON with its keys sorted, anything else as it is.
func bodyLines(body string) []string {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err == nil && !d.More() {
		if spelled, err := json.MarshalIndent(value, "", "  "); err == nil {
			body = string(spelled)
		}
	}
	return strings.Split(strings.TrimRight(strings.ReplaceAll(body, "\r\n", "\n"), "\n"), "\n")
}
