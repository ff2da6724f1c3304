package others

import (
	"slices"
	"strings"
)

// readClisso reads the apps of clisso, each with its provider.
func readClisso(data []byte) ([]Entry, error) {
	root, err := parseYAML(data)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	providers, used := root.child("providers"), map[string]bool{}
	for _, app := range root.child("apps").children {
		values := app.values("apps." + app.key)
		d := newDraft(app.key, values)
		provider := providers.child(d.take("provider"))
		used[provider.key] = true
		d.values = merge(values, provider.values("providers."+provider.key))
		entries = append(entries, d.clisso())
	}
	for _, p := range providers.children {
		if !used[p.key] {
			entries = append(entries, newDraft(p.key, p.values("providers."+p.key)).incomplete("no app uses the provider"))
		}
	}
	return append(entries, clissoGlobal(root)), nil
}

func (d *draft) clisso() Entry {
	switch kind := strings.ToLower(d.take("type")); {
	case kind == "okta" && d.look("url").text != "":
		d.account("idp", "okta", "type")
		d.account("url", d.take("url"), "url")
		d.take("base-url") // the start of the app's address
	case kind == "onelogin" && d.look("subdomain").text != "":
		d.account("idp", "onelogin", "type")
		d.account("url", "https://"+d.look("subdomain").text+".onelogin.com", "subdomain")
		d.setting("app_id", "app-id")
		d.setting("subdomain", "subdomain")
		d.setting("client_id", "client-id")
	default:
		return d.incomplete("it takes a provider of type okta and the app's url, or one of type onelogin and its subdomain")
	}
	d.account("username", d.take("username"), "username")
	arn := "arn"
	for _, key := range []string{"role-arn", "preferred-arn"} {
		if d.look(key).text != "" {
			arn = key
		}
	}
	d.profile("role", d.take(arn), arn)
	d.span("duration", "s")
	d.profile("region", d.take("aws-region"), "aws-region")
	d.rest(map[string]reason{
		"principal-arn": {"the sign-in's response names the provider of each role", ""},
		"region":        {"the tenant's own host answers for every region", "us"},
	})
	return d.Entry
}

// clissoGlobal leaves what belongs to no app.
func clissoGlobal(root *node) Entry {
	var e Entry
	for _, n := range root.children {
		if slices.Contains([]string{"apps", "providers"}, n.key) {
			continue
		}
		d := newDraft("", n.values(n.key))
		d.rest(map[string]reason{
			"selected-app":     {"default_account = \"NAME\" at the head of the config names the usual account", ""},
			"credentials-path": {"AWS_SHARED_CREDENTIALS_FILE names another credentials file", "~/.aws/credentials"},
		})
		e.Left = append(e.Left, d.Left...)
	}
	return e
}

// child returns what is below a key, which clisso reads in any case; an empty node where there is nothing.
func (n *node) child(key string) *node {
	for _, c := range n.children {
		if strings.EqualFold(c.key, key) {
			return c
		}
	}
	return &node{key: key}
}

// values returns the scalars at and below a node, named by the last part of their path.
func (n *node) values(place string) []value {
	var values []value
	if n.value != "" {
		values = append(values, value{Key{"", n.key}, n.value})
	}
	for _, c := range n.children {
		if len(c.children) > 0 {
			values = append(values, c.values(place+"."+c.key)...)
			continue
		}
		values = append(values, value{Key{place, strings.ToLower(c.key)}, c.value})
	}
	return values
}
