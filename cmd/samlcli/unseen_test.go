package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/tape"
)

// An unseen is a provider in a style that no adapter was written for, with what is secret about a sign-in there. Its pages
// are given what was sent last.
type unseen struct {
	name     string
	user     string
	password string
	code     int // the exit code
	secrets  []string
	serve    func(w http.ResponseWriter, r *http.Request)
}

// planted are secrets that servers make.
const (
	csrf    = "kJ8vQz-1pLmX_7tRw9sBn4"
	session = "s%3A9fQ2xLr8KdYwVt3MnBp7.HzG5uJc1oAe"
	hexKey  = "7c9e6679f4b2de950f1a3b8c2d4e6f80"
	lower   = "qzxjvkbwpmfhgdtrlcns"
	guid    = "6FA459EA-ee8a-3ca4-894e-db77e160355e"
	jwt     = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqLnJpdmVyYSIsImVtYWlsIjoiai5yaXZlcmFAbm9ydGh3aW5kLmlvIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	short   = "Xk7pQ2mZ"
)

const loginForm = `<form method="post" action="/in"><input name="login"><input type="password" name="secret"><button>Go</button></form>`

func writePage(w http.ResponseWriter, format string, args ...any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><html><head><title>Sign in</title></head><body>"+format+"</body></html>", args...)
}

func unicodeEscaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, `\u%04X`, r)
	}
	return b.String()
}

func allPercent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}

func allEntities(s string) string {
	var b strings.Builder
	for i, r := range s {
		fmt.Fprintf(&b, []string{"&#%d;", "&#x%x;", "&#X%X;"}[i%3], r)
	}
	return b.String()
}

func unseens() []unseen {
	return []unseen{
		{"state in a script", "j.rivera@northwind.io", `Tr0ub4dor&3 "zebra"`, 4, []string{csrf, hexKey, lower, guid, "rivera", "northwind", "Joan", short, "10.20.30.40", "447700900123", "AKIAQ3EGPLK2MNO5XYZT", "204815162342"}, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"authToken":%q,"user":{"displayName":"Joan Rivera","email":"J.Rivera@NorthWind.io","phone":"+447700900123"},"clientIp":"10.20.30.40","arn":"arn:aws:iam::204815162342:role/Ops"}`, short)
				return
			}
			writePage(w, `<script>window.__STATE__={"csrfToken":"`+csrf+`","flow":{"id":"`+guid+`"},key:'`+hexKey+`'};let t = `+"`"+lower+"`"+`</script>
<div id="app" data-state="%s" data-request-id="`+lower+`"></div><meta name="csrf-token" content="`+csrf+`"><!-- node 10.20.30.40 build `+hexKey+` AKIAQ3EGPLK2MNO5XYZT -->`+loginForm,
				base64.StdEncoding.EncodeToString([]byte(`{"user":"j.rivera","csrf":"`+csrf+`","ip":"10.20.30.40"}`)))
		}},
		{"echo in every writing", `NORTHWIND\jrivera`, `pä55 w<o>rd"'\/+&%=`, 4, []string{"jrivera", "northwind"}, func(w http.ResponseWriter, r *http.Request) {
			user, password := r.FormValue("login"), r.FormValue("secret")
			if r.Method != http.MethodPost {
				writePage(w, loginForm)
				return
			}
			w.WriteHeader(http.StatusUnauthorized)
			var b strings.Builder
			for _, s := range []string{user, strings.ToUpper(user), strings.ToLower(user), "jrivera@northwind.io", "JRIVERA", password} {
				for _, spell := range []func(string) string{html.EscapeString, url.QueryEscape, url.PathEscape, unicodeEscaped, allPercent, allEntities,
					func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }, func(s string) string { return fmt.Sprintf("%q", s) },
					func(s string) string { return html.EscapeString(fmt.Sprintf("%q", s)) }, func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
					func(s string) string { return base64.URLEncoding.EncodeToString([]byte("user=" + s + ";")) }, func(s string) string { return hex.EncodeToString([]byte(s)) },
				} {
					fmt.Fprintf(&b, "<p data-x='%s'>Wrong: %s</p>\n", strings.ReplaceAll(spell(s), "'", "&#39;"), spell(s))
				}
			}
			writePage(w, "%s", `<p class="error">No such user or wrong password</p>`+b.String()+loginForm)
		}},
		{"odd cookies and fragments", "mira", "tangerine", 4, []string{"mira", "tangerine", session, "9fQ2xLr8KdYwVt3MnBp7", csrf, "planted-cookie-value", jwt, "j.rivera", "northwind", "sid_" + lower, hexKey}, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodPost:
				w.Header().Add("Set-Cookie", "__Host-"+short+"=planted-cookie-value; Path=/; Secure; HttpOnly; SameSite=Lax; Expires=Wed, 21 Oct 2037 07:28:00 GMT")
				w.Header().Set("Location", "/cb/"+lower+"/"+hexKey+";jsessionid="+csrf+"#access_token="+jwt+"&state="+csrf)
				w.WriteHeader(http.StatusSeeOther)
			case strings.HasPrefix(r.URL.Path, "/cb/"):
				writePage(w, `<h1>Welcome back, <b>Mira</b></h1><p>You are MIRA. <a href="/u/mira/%s">Out</a> <a href="#id_token=%s">x</a></p>`, csrf, jwt)
			default:
				w.Header().Add("Set-Cookie", "connect.sid="+session+"; Path=/; Domain=127.0.0.1; HttpOnly")
				w.Header().Add("Set-Cookie", `prefs="theme|`+csrf+`|en"; Path=/`)
				w.Header().Add("Set-Cookie", "sid_"+lower+"=1; Path=/")
				writePage(w, loginForm)
			}
		}},
		{"a word and a number", "test", "test", 4, []string{"824915"}, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.FormValue("otp") != "":
				writePage(w, `<p>Thanks test, your code 824915 was taken; id=824915; <i title="test">latest attestation</i></p>`)
			case r.Method == http.MethodPost:
				writePage(w, `<p>This is a test system.</p><form method="post" action="/in"><input name="otp" autocomplete="one-time-code" maxlength="6"><button>Go</button></form>`)
			default:
				writePage(w, `<p>This is a test system.</p>`+loginForm)
			}
		}},
		{"multipart, gzip and Latin-1", "åsa.lindqvist", "blåbær-soup", 4, []string{"åsa", "lindqvist", "blåbær", "bl\xe5b", hexKey, csrf}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			if r.Method == http.MethodPost {
				fmt.Fprintf(w, "<p>Hej \xc5sa Lindqvist (\xe5sa.lindqvist), bl%%E5b%%E6r-soup bl&aring;b&aelig;r-soup %s %s</p>", csrf, r.FormValue("secret"))
				return
			}
			fmt.Fprintf(w, `<form method="post" enctype="multipart/form-data" action="/in"><input type=hidden name=%s value=%s><input name="login"><input type="password" name="secret"><button>Go</button></form>`, "t", csrf)
		}},
		{"keys in the open", "op-user-77", "correct horse battery staple", 4, []string{"op-user-77", "horse", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", hexKey, lower, "ops.northwind.io", "fe80::1ff:fe23:4567:890a", "2001:db9:85a3::8a2e:370:7334"}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Authorization", "Bearer "+csrf)
			w.Header().Set("X-Csrf-Token", csrf)
			if r.Method == http.MethodPost {
				writePage(w, "<pre>-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----</pre><p>trace "+hexKey+
					" on ops.northwind.io, 2001:db9:85a3::8a2e:370:7334, correct+horse+battery+staple</p><textarea>"+lower+"1</textarea>")
				return
			}
			writePage(w, loginForm)
		}},
		{"everywhere on a page", "wilhelmina.kowalski@contoso-labs.de", "Zebra-Crossing#99", 4, []string{"kowalski", "wilhelmina", "contoso", "zebra", "srv-dc01", "10.99.3.7", "it-help", hexKey, csrf, lower,
			"K7QX-9MZP-44TR", "0004299817", "90210887731", "20111sTEtWA8bPq7Rz3", "ST-1856339-aA5Yuvrxzpv8", "sess-kangaroo", "planted-hidden-value", "8f3a9c1d7b2e4f60", "7fK29dQx81LmNz04", "481516234278"}, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Set-Cookie", "auth=Basic%20"+base64.StdEncoding.EncodeToString([]byte("wilhelmina.kowalski:Zebra-Crossing#99"))+"; Path=/")
			w.Header().Add("Set-Cookie", "SRV-8f3a9c1d7b2e4f60=x; Path=/")
			switch {
			case r.Method == http.MethodPost:
				w.Header().Set("Refresh", "5; url=/z?ticket=ST-1856339-aA5Yuvrxzpv8Tau1cYQ7")
				writePage(w, `<style>.x{background:url(/t/`+hexKey+`)}</style><select><option value="`+csrf+`">x</option></select><textarea>`+lower+`7</textarea>
<div class="c-7fK29dQx81LmNz04">Your ticket K7QX-9MZP-44TR-8WLD ref 0004299817, arn:aws:iam::481516234278:role/Ops</div><img srcset="/a/`+csrf+`.png 1x">
<script>var a=['`+csrf+`']; b=atob("%s"); window.user={firstName:"Wilhelmina",id:90210887731}; push({'sessionId':'sess-kangaroo'})</script>
<script type="application/json">{"payload":"{\"sessionToken\":\"20111sTEtWA8bPq7Rz3\",\"n\":1}"}</script>
<p>W. KOWALSKI, wkowalski, sso-7.contoso-labs.de; it-help@contoso-labs.de; srv-dc01.corp.contoso-labs.local 10.99.3.7:8443</p>`,
					base64.StdEncoding.EncodeToString([]byte("user=wilhelmina.kowalski&pw=Zebra-Crossing#99")))
			case r.URL.Path == "/z":
				w.Header().Set("WWW-Authenticate", `Basic realm="CORP.CONTOSO-LABS.DE"`)
				w.WriteHeader(http.StatusUnauthorized)
			default:
				writePage(w, `<form method="post" action="/in"><input type="hidden" name="_c" value="planted-hidden-value"><input name="login"><input type="password" name="secret"><button>Go</button></form>`)
			}
		}},
	}
}

// TestRecordUnseen: tapes of sign-ins at products that nobody has seen hold none of their secrets, and play.
func TestRecordUnseen(t *testing.T) {
	for _, u := range slices.Concat(unseens(), unseenPlaces()) {
		t.Run(u.name, func(t *testing.T) {
			w := newWorld(t)
			server := httptest.NewServer(http.HandlerFunc(u.serve))
			t.Cleanup(server.Close)
			w.set("SAMLCLI_PASSWORD", u.password)
			r := w.record(u.code, "ended so", "--url", server.URL+"/start?app="+hexKey, "--username", u.user, "--code", "824915")
			if strings.Contains(r.stderr, "goes another way") {
				t.Errorf("the tape does not play:\n%s", r.stderr)
			}
			text := w.read("bug.tape")
			for _, secret := range append(u.secrets, strings.TrimPrefix(server.URL, "http://")) {
				if at := leak(text, secret); at != "" {
					t.Errorf("the tape holds %q: %s", secret, at)
				}
			}
			if len(u.password) > 4 && leak(text, u.password) != "" {
				t.Errorf("the tape holds the password: %s", leak(text, u.password))
			}
			if t.Failed() {
				t.Log(text)
			}
			if left := tape.Suspects(w.recorded()); len(left) > 0 {
				t.Errorf("suspects: %v", left)
			}
			w.replayed(u.code, "")
		})
	}
}

// leak returns where a text holds a secret, in capitals or not, in any of the encodings that pages, addresses and scripts have.
func leak(text, secret string) string {
	secret = strings.ToLower(secret)
	for _, view := range decodings(text, 4) {
		view = strings.ToLower(view)
		if i := strings.Index(view, secret); i >= 0 {
			return view[max(0, i-60):min(len(view), i+len(secret)+20)]
		}
	}
	return ""
}

// decodings returns a text and everything that it decodes to.
func decodings(text string, depth int) []string {
	all := []string{text, strings.ReplaceAll(text, "+", " ")}
	if depth == 0 {
		return all
	}
	escape := regexp.MustCompile(`\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})`)
	unescaped := escape.ReplaceAllStringFunc(text, func(s string) string {
		var r rune
		fmt.Sscanf(s[2:], "%x", &r)
		return string(r)
	})
	percent := regexp.MustCompile(`(?:%[0-9a-fA-F]{2})+`).ReplaceAllStringFunc(text, func(s string) string { d, _ := url.PathUnescape(s); return d })
	for _, next := range []string{html.UnescapeString(text), unescaped, percent, regexp.MustCompile(`\\(["'\\/])`).ReplaceAllString(text, "$1")} {
		if next != text {
			all = append(all, decodings(next, depth-1)...)
		}
	}
	for _, run := range regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`).FindAllString(text, -1) {
		if data, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(run)); err == nil && depth > 2 {
			all = append(all, string(data))
		}
		if data, err := hex.DecodeString(run); err == nil {
			all = append(all, string(data))
		}
	}
	return slices.Compact(all)
}
