package inifile_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws/inifile"
)

func TestParse(t *testing.T) {
	t.Parallel()
	const text = "\ufeff[ a ] # note\r\n" +
		"Key=1\r\n" +
		"second : x=y\n" +
		"quoted = \"v w\"\n" +
		"url = http://h/#f ; gone\n" +
		"s3 =\n\tmax = 10\n  # not a part\n  min = 2\n" +
		"long = one\n  two\n" +
		"nonsense\n= nothing\n" +
		"[profile   x]\n  indented = 1\n  other = 2\t#c\n" +
		"[empty]\n[broken\n[a]\nkey = 9\n"
	f := inifile.Parse([]byte("outside = 1\n" + text))
	if got, want := f.Names(), []string{"profile x", "empty", "a"}; !slices.Equal(got, want) {
		t.Errorf("Names() with text before the mark = %q, want %q", got, want)
	}
	f = inifile.Parse([]byte(text))
	if got, want := f.Names(), []string{"a", "profile x", "empty"}; !slices.Equal(got, want) {
		t.Errorf("Names() = %q, want %q", got, want)
	}
	for name, want := range map[string]inifile.Section{
		"a": {{"key", "9"}, {"second", "x=y"}, {"quoted", "v w"}, {"url", "http://h/#f"},
			{"s3", "\nmax = 10\nmin = 2"}, {"long", "one\ntwo"}},
		"profile x": {{"indented", "1"}, {"other", "2"}},
		"empty":     nil,
	} {
		got, ok := f.Section(name)
		if !ok || !slices.Equal(got, want) {
			t.Errorf("Section(%q) = %q, %v, want %q", name, got, ok, want)
		}
	}
	if got, ok := f.Section("b"); ok || got != nil {
		t.Errorf("Section(b) = %q, %v, want none", got, ok)
	}
}

func TestStray(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 0, "\ufeff# note\n\n[a]\n; note\nk = 1\n  more\n": 0, "[a]\nk =\n  x = 1\n": 0,
		"k = 1\n": 1, "[a]\r\nword\r\n": 2, "[a]\n\n= 1": 3, "[a]\nk = 1\n[b\n": 3, "\ufeffword": 1, "[a]\n  word": 2,
	} {
		if got := inifile.Parse([]byte(text)).Stray(); got != want {
			t.Errorf("Stray of %q = %d, want %d", text, got, want)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	both := []inifile.Pair{{"k", "1"}, {"l", "2"}}
	for name, c := range map[string]struct {
		pairs     []inifile.Pair
		old, want string
	}{
		"empty file":         {both, "", "[s]\nk = 1\nl = 2\n"},
		"new section":        {both, "[a]\nx=1\n", "[a]\nx=1\n\n[s]\nk = 1\nl = 2\n"},
		"no final line end":  {both, "[a]\nx=1", "[a]\nx=1\n\n[s]\nk = 1\nl = 2\n"},
		"blank line there":   {both, "[a]\n\n", "[a]\n\n[s]\nk = 1\nl = 2\n"},
		"carriage returns":   {both, "[a]\r\nx=1", "[a]\r\nx=1\r\n\r\n[s]\r\nk = 1\r\nl = 2\r\n"},
		"only a mark":        {both, "\ufeff", "\ufeff[s]\nk = 1\nl = 2\n"},
		"mark and section":   {both, "\ufeff[s]\n", "\ufeff[s]\nk = 1\nl = 2\n"},
		"header alone":       {both, "[s]", "[s]\nk = 1\nl = 2\n"},
		"values change":      {both, "[s]\nl=9\nk =\t8\n[t]\nk=0\n", "[s]\nl=2\nk =\t1\n[t]\nk=0\n"},
		"last without end":   {both, "[s]\nk = 0\nl = 0", "[s]\nk = 1\nl = 2"},
		"added at the end":   {both, "[s]\r\nk = 1", "[s]\r\nk = 1\r\nl = 2\r\n"},
		"nothing to do":      {both, "[ s ] ; mine\nk=1\nl  =  2", "[ s ] ; mine\nk=1\nl  =  2"},
		"comments stay":      {both, "[s]\n# a\nk = 0\n; b\nz = 1\n\n# next\n[t]\n", "[s]\n# a\nk = 1\n; b\nz = 1\nl = 2\n\n# next\n[t]\n"},
		"comment behind":     {both, "[s]\nk = 0 # why\nl = 2\n", "[s]\n# why\nk = 1\nl = 2\n"},
		"comment, same":      {both, "[s]\n k = 1\t;why\nl = 2", "[s]\n ;why\n k = 1\nl = 2"},
		"other spelling":     {both, "[s]\nK: 1\nl: 2\n", "[s]\nk = 1\nl = 2\n"},
		"quotes":             {both, "[s]\nk = \"1\"\nl = 2\n", "[s]\nk = 1\nl = 2\n"},
		"indented":           {both, "[s]\n  z = 1\n  k = 0\n", "[s]\n  z = 1\n  k = 1\n  l = 2\n"},
		"nested stays":       {both, "[s]\ns3 =\n  k = 5\n# x\n  l = 6\n\n[t]\n", "[s]\ns3 =\n  k = 5\n# x\n  l = 6\nk = 1\nl = 2\n\n[t]\n"},
		"nested goes":        {both, "[s]\nk =\n  a = 5\nl = 2\n", "[s]\nk =1\nl = 2\n"},
		"continued goes":     {both, "[s]\nk = 1\n  more\nl = 2\n", "[s]\nk = 1\nl = 2\n"},
		"key twice":          {both, "[s]\nk = 7\nz = 1\nk = 8\nl = 2\n", "[s]\nz = 1\nk = 1\nl = 2\n"},
		"section twice":      {both, "[s]\nk = 7\n\n[t]\nk=0\n[s]\nz = 1\n", "[t]\nk=0\n[s]\nz = 1\nk = 1\nl = 2\n"},
		"twice, not empty":   {both, "[s]\nk = 7\ny = 1\n[t]\n[s]\nk = 1\nl = 2\n", "[s]\ny = 1\n[t]\n[s]\nk = 1\nl = 2\n"},
		"twice, with mark":   {both, "\ufeff[s]\nk = 7\n[s]\nk = 1\nl = 2\n", "\ufeff[s]\nk = 1\nl = 2\n"},
		"removed":            {[]inifile.Pair{{"k", ""}}, "[s]\nk = 7\nl = 2", "[s]\nl = 2"},
		"removed, not there": {[]inifile.Pair{{"k", ""}}, "[s]\nl = 2", "[s]\nl = 2"},
		"removed at the end": {[]inifile.Pair{{"k", ""}, {"m", "3"}}, "[s]\nl = 2\nk = 7", "[s]\nl = 2\nm = 3\n"},
	} {
		got, err := inifile.Set([]byte(c.old), "s", c.pairs)
		if string(got) != c.want || err != nil {
			t.Errorf("%s: Set(%q) = %q, %v, want %q", name, c.old, got, err, c.want)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ data, section, key, value string }{
		{"", "", "k", "v"},
		{"", "DEFAULT", "k", "v"},
		{"", " a", "k", "v"},
		{"", "a]", "k", "v"},
		{"", "a\nb", "k", "v"},
		{"", "a#b", "k", "v"},
		{"", "a\xff", "k", "v"},
		{"", "a", "", "v"},
		{"", "a", "K", "v"},
		{"", "a", "k=", "v"},
		{"", "a", "k", "v\nw"},
		{"", "a", "k", "v\rw"},
		{"", "a", "k", "v "},
		{"", "a", "k", "v #w"},
		{"", "a", "k", "; w"},
		{"", "a", "k", `"v"`},
		{"", "a", "k", `'`},
		{"\xff\xfe[\x00a\x00]\x00", "a", "k", "v"},
	} {
		pairs := []inifile.Pair{{c.key, c.value}}
		if got, err := inifile.Set([]byte(c.data), c.section, pairs); err == nil {
			t.Errorf("Set(%q, %q, %q) = %q, want an error", c.data, c.section, pairs, got)
		}
	}
	if _, err := inifile.Set(nil, "a", []inifile.Pair{{"k", "1"}, {"k", "2"}}); err == nil {
		t.Error("Set with a key given twice: want an error")
	}
	tangled := []byte("[a]\nz =\nk = x\n  l = 1\n") // without k, l would become a part of z
	if got, err := inifile.Set(tangled, "a", []inifile.Pair{{"k", ""}, {"l", "2"}}); err == nil {
		t.Errorf("Set(%q) = %q, want an error", tangled, got)
	}
}

func FuzzSet(f *testing.F) {
	for _, seed := range []string{
		"", "\ufeff[s]\r\nk=1\r\n", "[s]\nk = 1 # x\n l\n[t]\nk=2", "[s]\nk=\n a=1\n[s]\n\tk : 2\n[ s ]", "x\n[\n[]\n[s",
		"[t]\nz=1\n\n# c\n[s]\n  k = 1\n  l = 2\n",
	} {
		f.Add([]byte(seed), "s", "v")
	}
	f.Fuzz(func(t *testing.T, data []byte, section, value string) {
		pairs := []inifile.Pair{{"k", value}, {"l", "="}, {"gone", ""}}
		got, err := inifile.Set(data, section, pairs)
		if err != nil {
			return
		}
		s, ok := inifile.Parse(got).Section(section)
		for _, p := range pairs {
			if !ok || s.Get(p.Key) != p.Value {
				t.Fatalf("Set(%q, %q) = %q: %s is %q, want %q", data, section, got, p.Key, s.Get(p.Key), p.Value)
			}
		}
		sameButFor(t, data, got, section, pairs)
		old, now := outside(data, section), outside(got, section)
		if now != old && strings.TrimRight(now, "\r\n") != strings.TrimRight(old, "\r\n") {
			t.Fatalf("Set(%q, %q) = %q: outside was %q, is %q", data, section, got, old, now)
		}
		if again, err := inifile.Set(got, section, pairs); err != nil || !bytes.Equal(again, got) {
			t.Fatalf("Set again = %q, %v, want %q", again, err, got)
		}
	})
}

// sameButFor checks that all says the same as before but for some keys of one section.
func sameButFor(t *testing.T, old, now []byte, section string, pairs []inifile.Pair) {
	t.Helper()
	was, is := inifile.Parse(old), inifile.Parse(now)
	for _, name := range was.Names() {
		before, _ := was.Section(name)
		after, _ := is.Section(name)
		for _, p := range before {
			named := strings.Join(strings.Fields(section), " ") == name && slices.ContainsFunc(pairs, func(q inifile.Pair) bool { return q.Key == p.Key })
			if !named && after.Get(p.Key) != p.Value {
				t.Errorf("%q became %q: %s of %s is %q", old, now, p.Key, name, after.Get(p.Key))
			}
		}
	}
}

// outside is all text that is not in the section, cut out of the file in a way of its own.
func outside(data []byte, section string) string {
	var b strings.Builder
	mine := false
	for i, l := range strings.SplitAfter(string(data), "\n") {
		head := strings.TrimSpace(l)
		if i == 0 {
			head = strings.TrimSpace(strings.TrimPrefix(l, "\ufeff"))
		}
		if name, _, ok := strings.Cut(head, "]"); ok && strings.HasPrefix(name, "[") {
			mine = strings.Join(strings.Fields(name[1:]), " ") == strings.Join(strings.Fields(section), " ")
		}
		if !mine {
			b.WriteString(strings.TrimPrefix(l, "\ufeff"))
		}
	}
	return b.String()
}
