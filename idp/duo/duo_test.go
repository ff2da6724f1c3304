package duo_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/duo"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestDuo(t *testing.T) {
	t.Parallel()
	idptest.Run(t, duo.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, duo.New(), all.Adapters()) }
