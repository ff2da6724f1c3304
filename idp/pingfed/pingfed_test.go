package pingfed_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/pingfed"
)

func TestPingFed(t *testing.T) {
	t.Parallel()
	idptest.Run(t, pingfed.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, pingfed.New(), all.Adapters()) }
