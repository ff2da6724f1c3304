package pingone_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/pingone"
)

func TestPingOne(t *testing.T) {
	t.Parallel()
	idptest.Run(t, pingone.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, pingone.New(), all.Adapters()) }
