package akamai_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/akamai"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestAkamai(t *testing.T) {
	t.Parallel()
	idptest.Run(t, akamai.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, akamai.New(), all.Adapters()) }
