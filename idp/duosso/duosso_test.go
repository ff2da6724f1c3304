package duosso_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/duosso"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestDuoSSO(t *testing.T) {
	t.Parallel()
	idptest.Run(t, duosso.New(), all.Adapters())
}
