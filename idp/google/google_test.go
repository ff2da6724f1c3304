package google_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/google"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestGoogle(t *testing.T) {
	t.Parallel()
	idptest.Run(t, google.New(), all.Adapters())
}
