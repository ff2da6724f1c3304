package hostile

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Keys are credentials in which an STS puts what a shell, a file or a terminal might take for more than text. There is no
// blank and no control character in them.
type Keys struct{ ID, Secret, Token string }

// genuine are keys as AWS gives them.
var genuine = keys{ID: "ASIAIOSFODNN7EXAMPLE", Secret: "wJalrXUtnFEMI", Token: "FwoGZXIvYXdz", Expires: "2099-01-01T00:00:00Z"}

type keys struct{ ID, Secret, Token, Expires, ARN string }

// Credentials is the story of an STS that gives out these keys.
func Credentials(k Keys, command ...string) Story {
	return Story{Command: command, Hosts: []string{stsHost}, Serve: atHost(stsHost, assumes(keys{ID: k.ID, Secret: k.Secret, Token: k.Token, Expires: genuine.Expires}), signedIn(answers(signIn, response(assertion(adminRole)))))}
}

// securityTokenServices are stories of an STS that cannot be trusted.
func securityTokenServices() []Story {
	story := func(name string, code int, answer http.HandlerFunc) Story {
		return Story{Name: "an STS " + name, Code: code, Hosts: []string{stsHost}, Serve: atHost(stsHost, answer, signedIn(answers(signIn, response(assertion(adminRole)))))}
	}
	with := func(name string, change func(*keys)) Story {
		k := genuine
		change(&k)
		return story(name, 7, assumes(k))
	}
	limited := func(s Story) Story {
		s.Command, s.Says = []string{"login", "--timeout", "3s"}, "time limit"
		return s
	}
	counted := func(requests int, s Story) Story {
		s.Requests = requests
		return s
	}
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	return []Story{
		story("of a gigabyte", 7, func(w http.ResponseWriter, _ *http.Request) { pour(w, 1<<30) }),
		story("of garbage", 7, shows("<p>sign in first")),
		story("of nothing", 7, shows("")),
		story("of a million elements", 7, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<r>"+strings.Repeat("<a/>", million))
		}),
		story("a million deep", 7, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("<a>", million)) }),
		story("with a DTD", 7, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>`+assumed(keys{ID: "&x;", Secret: "&x;", Token: "&x;", Expires: genuine.Expires}, account+"role/Admin"))
		}),
		limited(story("that drips", 8, wire(func(w io.Writer) { drip(w, head+"\r\n", "<a/>") }))),
		limited(story("that says nothing", 8, wire(func(w io.Writer) { drip(w, "", "") }))),
		counted(3, story("that redirects", 7, redirect(302, "https://"+evil+"/"))),
		counted(3, story("that sends the request on", 7, redirect(307, "https://"+evil+"/"))),
		counted(5, story("that is out of order", 8, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })),
		counted(5, story("that hangs up", 8, says(""))),
		story("that ends early", 8, says(head+"Content-Length: 1000\r\n\r\n<AssumeRoleWithSAMLResponse>")),
		story("whose refusal is no XML", 7, refuses(403, "AccessDenied", "\x1b[2J")),
		story("that refuses in terminal escapes", 7, refuses(403, "\u009b2JAccess\u202eDenied", "no\u202e\nsamlcli: all is well\u009b2J"+strings.Repeat(" on", 100_000))),
		with("with a line end in the key", func(k *keys) { k.ID += "\n[default]\naws_access_key_id = AKIA" }),
		with("with a line end in the secret", func(k *keys) { k.Secret += "\r\nx" }),
		with("with a terminal escape in the token", func(k *keys) { k.Token += "\x1b[2J" }),
		with("with blanks in the token", func(k *keys) { k.Token = " " + k.Token }),
		with("without a token", func(k *keys) { k.Token = "" }),
		with("of another role", func(k *keys) { k.ARN = "arn:aws:sts::123456789012:assumed-role/Other/bob" }),
		with("of another account", func(k *keys) { k.ARN = "arn:aws:sts::210987654321:assumed-role/Admin/bob" }),
		with("of a role in terminal escapes", func(k *keys) { k.ARN = "arn:aws:sts::123456789012:assumed-role/\x1b[2J\u202e/bob" }),
		with("of a person in terminal escapes", func(k *keys) { k.ARN = "arn:aws:sts::123456789012:assumed-role/Admin/\x1b[2J\u202e\nbob" }),
		with("whose credentials are over", func(k *keys) { k.Expires = "2001-01-01T00:00:00Z" }),
		with("whose credentials have no end", func(k *keys) { k.Expires = "" }),
		with("whose credentials end at no time", func(k *keys) { k.Expires = "\x1b[2J tomorrow" }),
	}
}

// assumes gives out keys for whatever role is asked for.
func assumes(k keys) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, assumed(k, r.PostFormValue("RoleArn")))
	}
}

// assumed is STS's answer, in which characters that XML has not are written all the same.
func assumed(k keys, role string) string {
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace
	if strings.HasPrefix(k.ID, "&x") {
		text = func(s string) string { return s }
	}
	if k.ARN == "" {
		k.ARN = "arn:aws:sts::123456789012:assumed-role/" + role[strings.LastIndexByte(role, '/')+1:] + "/bob"
	}
	return fmt.Sprintf(`<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithSAMLResult><AssumedRoleUser><AssumedRoleId>AROA:bob</AssumedRoleId><Arn>%s</Arn></AssumedRoleUser>`+
		`<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>%s</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleWithSAMLResult></AssumeRoleWithSAMLResponse>`,
		text(k.ARN), text(k.ID), text(k.Secret), text(k.Token), text(k.Expires))
}

// refuses is STS's refusal.
func refuses(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
	}
}
