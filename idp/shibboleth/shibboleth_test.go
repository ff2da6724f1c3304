package shibboleth_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/shibboleth"
)

func TestShibboleth(t *testing.T) {
	t.Parallel()
	idptest.Run(t, shibboleth.New(), all.Adapters())
}
