package pingntlm_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/pingntlm"
)

func TestPingNTLM(t *testing.T) {
	t.Parallel()
	idptest.Run(t, pingntlm.New(), all.Adapters())
}
