package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestValue(t *testing.T) {
	t.Parallel()
	page := &Page{Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"a":[{"b":"text"},{"b":1234567890},{"b":true},{"b":null},{"b":1.5}]}`)}
	v := page.JSON()
	for _, c := range []struct {
		path []string
		want string
		none bool
	}{
		{[]string{"a", "0", "b"}, "text", false},
		{[]string{"a", "1", "b"}, "1234567890", false},
		{[]string{"a", "2", "b"}, "true", false},
		{[]string{"a", "3", "b"}, "", true},
		{[]string{"a", "4", "b"}, "1.5", false},
		{[]string{"a", "5", "b"}, "", true},
		{[]string{"a", "-1"}, "", true},
		{[]string{"a", "x"}, "", true},
		{[]string{"a", "0", "b", "c"}, "", true},
		{[]string{"a"}, "", false},
	} {
		if got := v.At(c.path...); got.Text() != c.want || got.Exists() == c.none {
			t.Errorf("At(%q) = %q, none %v", c.path, got.Text(), !got.Exists())
		}
	}
	if list := v.At("a").List(); len(list) != 5 || list[4].At("b").Number() != 1.5 || list[0].At("b").Number() != 0 {
		t.Errorf("List = %v", list)
	}
	if ValueOf("x").Raw() != "x" || (&Page{Header: http.Header{}, Body: page.Body}).JSON().Exists() {
		t.Error("ValueOf, or JSON of a page that is none")
	}
}

func TestReadJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{`{"a":"b"};more()`, "b"},
		{`{"a":`, ""},
		{"", ""},
		{`{"a":"b","c":[` + strings.Repeat("0,", maxParts) + "0]}", ""},
		{`{"a":"b","c":[` + strings.Repeat("0,", maxParts/2) + "0]}", "b"},
	} {
		if got := ReadJSON([]byte(c.text)).At("a").Text(); got != c.want {
			t.Errorf("ReadJSON(%.20q) has %q, want %q", c.text, got, c.want)
		}
	}
}
