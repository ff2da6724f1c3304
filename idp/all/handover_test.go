package all_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
)

// Naming the adapter only adds its settings.
func TestAuto(t *testing.T) {
	t.Parallel()
	idptest.Auto(t, all.For, all.Adapters())
}

// A walk crosses from one provider to another, whether or not the person named the first.
func TestHandovers(t *testing.T) {
	t.Parallel()
	idptest.Handovers(t, all.For, all.Adapters())
}
