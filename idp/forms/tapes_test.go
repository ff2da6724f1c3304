package forms_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestStrangers(t *testing.T) {
	t.Parallel()
	idptest.Run(t, forms.New(), all.Adapters())
}
