// Package all is the list of adapters that the program knows.
package all

import (
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/forms"
)

// Adapters returns every adapter, in alphabetical order, the generic one last.
func Adapters() []idp.Adapter {
	return []idp.Adapter{
		forms.New(),
	}
}
