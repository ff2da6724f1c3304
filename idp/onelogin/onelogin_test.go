package onelogin_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/onelogin"
)

func TestOneLogin(t *testing.T) {
	t.Parallel()
	idptest.Run(t, onelogin.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, onelogin.New(), all.Adapters()) }
