// Package quick answers a call that was answered before by reading two small files: one that says what the same call led to,
// and the credentials. It knows no flags, no configuration and no JSON, and imports next to nothing, so that the most frequent
// call of all costs what it costs to start a program.
package quick

import (
	"bytes"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Call is the program's arguments and environment.
type Call struct {
	Args    []string
	Environ []string
}

func (c Call) env(name string) string {
	for _, v := range c.Environ {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// CacheDir returns where what can be got again is kept: the program's directory of the XDG base directory specification, or
// of Windows; "" without a home.
func (c Call) CacheDir() string { return c.dir("XDG_CACHE_HOME", "/.cache", `\samlcli\cache`) }

// dir is our directory below that of a variable, or below home. What is relative is as good as not set: it would be another
// place for every program that calls.
func (c Call) dir(variable, below, onWindows string) string {
	if runtime.GOOS == "windows" {
		if base := c.env("LocalAppData"); base != "" {
			return base + onWindows
		}
		return ""
	}
	base := c.env(variable)
	if !strings.HasPrefix(base, "/") {
		base = c.env("HOME") + below
	}
	if !strings.HasPrefix(base, "/") || base == below {
		return ""
	}
	return base + "/samlcli"
}

// An Entry is what a call led to.
type Entry struct {
	Config string        // the configuration that it went by; any change of that file ends the entry
	Early  time.Duration // for which credentials must be good
	File   string        // with the credentials: on its first line what is printed, on the second for which role
	Role   string
}

// counts are the variables that decide what a call leads to, beside all that begin with SAMLCLI_. Secrets are none: they
// matter to a sign-in only.
var counts = [...]string{
	"AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_STS", "AWS_PROFILE", "AWS_REGION", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE", "AppData", "HOME", "LocalAppData", "USERPROFILE",
	"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
}

// text is the call as an entry names it: no two calls that may differ in what they lead to have the same.
func (c Call) text() string {
	var variables []string
	for _, v := range c.Environ {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "SAMLCLI_") && name != "SAMLCLI_PASSWORD" && name != "SAMLCLI_CODE" || slices.Contains(counts[:], name) {
			variables = append(variables, v)
		}
	}
	slices.Sort(variables)
	var b []byte
	for _, word := range append(slices.Clone(c.Args), variables...) {
		b = append(strconv.AppendQuote(b, word), ' ')
	}
	return string(b)
}

// file is where the entry of a call is: the name is the FNV-1a hash of its text, and the text in the file decides.
func (c Call) file() string {
	hash := uint64(14695981039346656037)
	for _, b := range []byte(c.text()) {
		hash = (hash ^ uint64(b)) * 1099511628211
	}
	return below(c.CacheDir(), "/calls/"+strconv.FormatUint(hash, 16))
}

func below(dir, name string) string {
	if dir == "" {
		return ""
	}
	return dir + name
}

// Text returns where the entry of a call goes, and its text.
func (e Entry) Text(c Call) (path, text string) {
	return c.file(), strings.Join([]string{
		c.text(), e.Config, state(e.Config), strconv.FormatInt(int64(e.Early), 10), e.File, e.Role, "",
	}, "\n")
}

// state tells one version of a file from another.
func state(file string) string {
	info, err := os.Stat(file)
	if err != nil {
		return "none"
	}
	return strconv.FormatInt(info.Size(), 10) + " " + strconv.FormatInt(info.ModTime().UnixNano(), 10)
}

// Answer returns what the call printed before, where there is an entry for it and the credentials are good for long enough.
func Answer(c Call, now time.Time) (answer []byte, ok bool) {
	data := read(c.file())
	lines := strings.Split(string(data), "\n")
	if len(lines) != 7 || lines[0] != c.text() || lines[2] != state(lines[1]) {
		return nil, false
	}
	early, err := strconv.ParseInt(lines[3], 10, 64)
	if err != nil {
		return nil, false
	}
	data = read(lines[4])
	first, second, _ := bytes.Cut(data, []byte{'\n'})
	left := expires(first).Sub(now)
	good := bytes.HasPrefix(first, []byte(`{"Version":1,`)) && bytes.HasSuffix(first, []byte("}")) &&
		bytes.HasPrefix(second, []byte(`{"role":"`+lines[5]+`",`)) && left >= max(time.Duration(early), time.Second) && left <= longest
	return data[:min(len(first)+1, len(data))], good
}

// longest is more than any session's length (36 hours, by GetFederationToken): what seems good for longer was got before the
// clock was set back.
const longest = 37 * time.Hour

const most = 1 << 20 // of a file, in bytes

// read returns what a file of our own holds, and nothing of any other: a pipe or a device would never end, and somebody else's
// would have us hand out what is theirs.
func read(file string) []byte {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most || !own(os.Geteuid(), info) {
		return nil
	}
	data, _ := os.ReadFile(file)
	return data
}

// expires reads the one value that matters of a credential_process answer.
func expires(answer []byte) time.Time {
	_, after, _ := bytes.Cut(answer, []byte(`"Expiration":"`))
	stamp, _, _ := bytes.Cut(after, []byte{'"'})
	t, _ := time.Parse(time.RFC3339, string(stamp))
	return t
}
