package simplesamlphp_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/simplesamlphp"
)

func TestSimpleSAMLphp(t *testing.T) {
	t.Parallel()
	idptest.Run(t, simplesamlphp.New(), all.Adapters())
}
