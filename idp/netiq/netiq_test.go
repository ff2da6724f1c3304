package netiq_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/netiq"
)

func TestNetIQ(t *testing.T) {
	t.Parallel()
	idptest.Run(t, netiq.New(), all.Adapters())
}
