package authentik_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/authentik"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestAuthentik(t *testing.T) {
	t.Parallel()
	idptest.Run(t, authentik.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, authentik.New(), all.Adapters()) }
