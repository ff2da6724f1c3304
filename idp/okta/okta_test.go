package okta_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/okta"
)

func TestOkta(t *testing.T) {
	t.Parallel()
	idptest.Run(t, okta.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, okta.New(), all.Adapters()) }
