package broker

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// named are values by their names, in lower case and without what stands between words: AccessKeyId, access_key_id and
// aws-access-key-id tell the same.
type named map[string]string

// any returns the first of the names that has a value.
func (f named) any(names ...string) string {
	for _, name := range names {
		if f[name] != "" {
			return f[name]
		}
	}
	return ""
}

func (f named) add(name, value string) {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if _, there := f[plain]; !there {
		f[plain] = value
	}
}

// fields reads the address and the body of a request; ok is false where the body cannot be read.
func fields(r *http.Request) (f named, ok bool) {
	f = named{}
	f.form(r.URL.RawQuery)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return f, false
	}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case len(body) == 0:
	case kind == "application/x-www-form-urlencoded":
		return f, f.form(string(body))
	default: // scripts send JSON as plain text, to be asked less
		var v map[string]any
		if json.Unmarshal(body, &v) != nil {
			return f, false
		}
		f.tree(v, 3)
	}
	return f, true
}

func (f named) form(text string) bool {
	values, err := url.ParseQuery(text)
	for name, all := range values {
		f.add(name, all[0])
	}
	return err == nil
}

// tree takes what stands in an object, and in the objects in it: many send STS's whole answer.
// What an object says itself counts before what those in it say, and these count by their names: the parts of two keys do not mix.
func (f named) tree(v map[string]any, depth int) {
	names := slices.Sorted(maps.Keys(v))
	for _, name := range names {
		switch value := v[name].(type) {
		case string:
			f.add(name, value)
		case float64:
			f.add(name, fmt.Sprintf("%.0f", value))
		}
	}
	for _, name := range names {
		if inner, ok := v[name].(map[string]any); ok && depth > 0 {
			f.tree(inner, depth-1)
		}
	}
}

// instant reads a time as RFC 3339 has it, or as seconds or milliseconds since 1970.
func instant(text string) time.Time {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC()
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n <= 0:
		return time.Time{}
	case n > 1e11:
		return time.UnixMilli(n).UTC()
	}
	return time.Unix(n, 0).UTC()
}
