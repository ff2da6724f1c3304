package plain

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"  Wrong\n\t password. ", "Wrong password."},
		{"\x1b[31mred\x1b[0m", "[31mred[0m"},
		{"a\u009b31mb", "a31mb"},
		{"a\u202eb\u2066c\u200fd\u061ce\ufefff", "abcdef"},
		{"bad \xff utf", "bad \ufffd utf"},
		{"é 日本", "é 日本"},
		{"a\u2028b\u0085c\u00a0d", "a b c d"},
		{"bell\a null\x00 del\x7f", "bell null del"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestShort(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"abcdef", 6, "abcdef"}, {"abcdef", 5, "abcd…"}, {"日本語です", 3, "日本…"}} {
		if got := Short(c.in, c.n); got != c.want {
			t.Errorf("Short(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}
