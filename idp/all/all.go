// Package all is the list of adapters that the program knows.
package all

import (
	"net/url"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/adfs"
	"github.com/samlcli/samlcli/idp/akamai"
	"github.com/samlcli/samlcli/idp/auth0"
	"github.com/samlcli/samlcli/idp/authentik"
	"github.com/samlcli/samlcli/idp/command"
	"github.com/samlcli/samlcli/idp/cyberark"
	"github.com/samlcli/samlcli/idp/duo"
	"github.com/samlcli/samlcli/idp/duosso"
	"github.com/samlcli/samlcli/idp/entra"
	"github.com/samlcli/samlcli/idp/f5apm"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/google"
	"github.com/samlcli/samlcli/idp/jumpcloud"
	"github.com/samlcli/samlcli/idp/keycloak"
	"github.com/samlcli/samlcli/idp/netiq"
	"github.com/samlcli/samlcli/idp/okta"
	"github.com/samlcli/samlcli/idp/onelogin"
	"github.com/samlcli/samlcli/idp/paste"
	"github.com/samlcli/samlcli/idp/pingfed"
	"github.com/samlcli/samlcli/idp/pingntlm"
	"github.com/samlcli/samlcli/idp/pingone"
	"github.com/samlcli/samlcli/idp/shibboleth"
	"github.com/samlcli/samlcli/idp/shibbolethecp"
	"github.com/samlcli/samlcli/idp/simplesamlphp"
)

// Adapters returns every adapter, in alphabetical order, the generic one last.
func Adapters() []idp.Adapter {
	return []idp.Adapter{
		adfs.New(),
		akamai.New(),
		auth0.New(),
		authentik.New(),
		command.New(),
		cyberark.New(),
		duo.New(),
		duosso.New(),
		entra.New(),
		f5apm.New(),
		google.New(),
		jumpcloud.New(),
		keycloak.New(),
		netiq.New(),
		okta.New(),
		onelogin.New(),
		paste.New(),
		pingfed.New(),
		pingntlm.New(),
		pingone.New(),
		shibboleth.New(),
		shibbolethecp.New(),
		simplesamlphp.New(),
		forms.New(),
	}
}

// For returns the adapter to start with at an address where nobody names one: that which claims it, else the generic one. The
// pages decide anyway.
func For(address string) idp.Adapter {
	adapters := Adapters()
	if u, err := url.Parse(address); err == nil {
		for _, a := range adapters {
			if a.Claims != nil && a.Claims(u) {
				return a
			}
		}
	}
	return adapters[len(adapters)-1]
}
