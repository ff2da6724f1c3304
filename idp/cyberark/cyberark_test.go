package cyberark_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/cyberark"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestCyberArk(t *testing.T) {
	t.Parallel()
	idptest.Run(t, cyberark.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, cyberark.New(), all.Adapters()) }
