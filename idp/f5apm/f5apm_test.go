package f5apm_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/f5apm"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestF5APM(t *testing.T) {
	t.Parallel()
	idptest.Run(t, f5apm.New(), all.Adapters())
}
