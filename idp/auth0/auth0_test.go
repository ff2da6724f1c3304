package auth0_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/auth0"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestAuth0(t *testing.T) {
	t.Parallel()
	idptest.Run(t, auth0.New(), all.Adapters())
}
