package jumpcloud_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/jumpcloud"
)

func TestJumpCloud(t *testing.T) {
	t.Parallel()
	idptest.Run(t, jumpcloud.New(), all.Adapters())
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, jumpcloud.New(), all.Adapters()) }
