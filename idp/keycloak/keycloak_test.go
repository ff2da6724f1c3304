package keycloak_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/keycloak"
)

func TestKeycloak(t *testing.T) {
	t.Parallel()
	idptest.Run(t, keycloak.New(), all.Adapters())
}
