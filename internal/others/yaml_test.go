package others

import (
	"strings"
	"testing"
)

// tree shows nodes on one line.
func tree(n *node) string {
	var parts []string
	for _, c := range n.children {
		part := c.key + "=" + c.value
		if len(c.children) > 0 {
			part = c.key + "(" + tree(c) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestYAML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "",
		"---\na:\n  b: 1\n  c:\n    d: x y\ne: 2\n":                      "a(b=1 c(d=x y)) e=2",
		"\ufeffa:\r\n    b: 1\r\n":                                       "a(b=1)",
		"# c\na: 1 # c\n\nb: 'it''s' # c\nc: \"x\\n#\\\"\"\n":            "a=1 b=it's c=x\n#\"",
		"a: https://x/?y=1#z\n\"q k\": v\n'k': w\nx-y_z.0: arn:aws::x\n": "a=https://x/?y=1#z q k=v k=w x-y_z.0=arn:aws::x",
		"a: ~\nb: null\nc: {}\nd: []\ne:\nf: ''\n":                       "a= b= c= d= e= f=",
		"a:\n        b:\n         c: 1\nd: 1\n":                          "a(b(c=1)) d=1",
	} {
		n, err := parseYAML([]byte(text))
		if err != nil {
			t.Errorf("parseYAML(%q): %v", text, err)
			continue
		}
		if got := tree(n); got != want {
			t.Errorf("parseYAML(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestYAMLRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a:\n  - 1\n":             "line 2 is YAML of a kind",
		"a: [1]\n":                "line 1 is YAML of a kind",
		"a: {b: 1}\n":             "line 1 is YAML of a kind",
		"a: |\n  text\n":          "line 1 is YAML of a kind",
		"a: >-\n  text\n":         "line 1 is YAML of a kind",
		"a: &x 1\n":               "line 1 is YAML of a kind",
		"a: *x\n":                 "line 1 is YAML of a kind",
		"a: !!str 1\n":            "line 1 is YAML of a kind",
		"word\n":                  "line 1 is no key",
		"a:1\n":                   "line 1 is no key",
		": 1\n":                   "line 1 is no key",
		"a:\tb\n":                 "line 1 is no key",
		"a: one\n  two\n":         "line 2 is no key",
		"a: 1\n  b: 2\n":          "line 2 stands below a key that has a value",
		"a:\n  b: 1\n c: 1\n":     "line 3 is not indented",
		"a:\n\tb: 1\n":            "line 2 is YAML of a kind",
		"a: 1\n\nb: 1\na: 2\n":    "line 4 has a key that is there already",
		"a: b: c\n":               "line 1 has more behind its value",
		"a: \"x\" y\n":            "line 1 has more behind its value",
		"a: 'x' 'y'\n":            "line 1 has more behind its value",
		"a: \"x\n":                "line 1 has quotes that do not end",
		"a: 'x\n":                 "line 1 has quotes that do not end",
		"a:\n  b: 1\n... planted": "line 3 is no key",
	} {
		_, err := parseYAML([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "planted") {
			t.Errorf("parseYAML(%q): %v, want %q", text, err, want)
		}
	}
}
