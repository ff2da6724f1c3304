package hostile

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// inXML is nasty text that XML may hold.
const inXML = "well\u009b31m\u202eon\u2066\u200f\nsamlcli: all is well\u009d0;mine\u009c"

// commands are stories that other commands than login hear: of words in a response, of a person's name that STS gives, and of
// a token for the console.
func commands() []Story {
	said := response(strings.Replace(assertion(adminRole+`</saml:AttributeValue><saml:AttributeValue>`+inXML), "<saml:Conditions>",
		`<saml:Issuer>`+inXML+`</saml:Issuer><saml:Subject><saml:NameID>`+inXML+`</saml:NameID></saml:Subject><saml:Conditions NotBefore="`+inXML+`">`, 1))
	said = strings.Replace(said, "<saml:AttributeStatement>", `<saml:AttributeStatement><saml:Attribute Name="`+inXML+`"><saml:AttributeValue>`+inXML+`</saml:AttributeValue></saml:Attribute>`+
		`<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>`+inXML+`</saml:AttributeValue></saml:Attribute>`, 1)
	at := atHost(stsHost, func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("Action") == "GetCallerIdentity" {
			fmt.Fprintf(w, `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>%[1]s</Arn><UserId>%[1]s</UserId><Account>%[1]s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`, inXML)
			return
		}
		assumes(genuine)(w, r)
	}, signedIn(answers(signIn, said)))
	var stories []Story
	for command, code := range map[string]int{
		"login": 0, "login --output json": 0, "login --log-format json": 0, "roles": 0, "roles --output json": 0, "process": 0, "env --shell json": 0,
		"whoami": 0, "whoami --output json": 0, "assertion show": 0, "assertion show --output json": 0, "assertion verify": 5, "assertion verify --output json": 5,
	} {
		stories = append(stories, Story{Name: "words to " + command, Command: strings.Fields(command), Code: code, Hosts: []string{stsHost}, Serve: at})
	}
	const console = "signin.aws.amazon.com"
	token := atHost(console, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"SigninToken":%q}`, "\n&x=\u202e\u009b31m$(id)'\"")
	}, at)
	return slices.Concat(stories, []Story{
		{Name: "a token for the console", Command: []string{"console", "--link"}, Hosts: []string{stsHost, console}, Serve: token},
		{Name: "no token for the console", Command: []string{"console", "--link"}, Code: 7, Hosts: []string{stsHost, console},
			Serve: atHost(console, func(w http.ResponseWriter, _ *http.Request) { pour(w, 1<<30) }, at)},
		{Name: "a redirect of the keys for the console", Command: []string{"console", "--link"}, Code: 7, Hosts: []string{stsHost, console}, Serve: atHost(console, redirect(307, "https://"+evil+"/"), at)},
	})
}
